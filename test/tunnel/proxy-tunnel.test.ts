// Tunnels through proxies that ask for authentication, refuse, or misbehave.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProxyOption } from '../../lib/proxy/types.ts';
import { Network } from '../../lib/tunnel/network.ts';
import type { NetworkOptions } from '../../lib/tunnel/network-options.ts';
import { RawServer } from '../helpers/http-raw-server.ts';
import { challenge, type TunnelAnswer, TunnelProxy } from '../helpers/tunnel-proxy.ts';
import { failureOf } from './failure-of.ts';
import { TestAcceptor, TestTokens } from './test-tokens.ts';

const networks: Network[] = [];
afterEach(() => {
  for (const network of networks.splice(0)) network.destroy();
});

function networkBy(proxy: ProxyOption, options: NetworkOptions = {}, tokens?: TestTokens): Network {
  const network = new Network({ backend: 'portable', ...options, proxy }, 'direct', tokens);
  networks.push(network);
  return network;
}

const script = (answer: string): ProxyOption => ({
  pac: `data:,${encodeURIComponent(`function FindProxyForURL(url, host) { return ${JSON.stringify(answer)} }`)}`,
});

/** A server that says hello, and how a tunnel to it is tried. */
async function helloServer() {
  const server = await RawServer.answering('hello');
  return {
    server,
    async greet(network: Network, signal?: AbortSignal): Promise<string> {
      const url = new URL(`ws://server.example:${server.port}/`);
      const { socket } = await network.open(url, { form: 'tunnel', isNew: true, signal });
      socket.write('\r\n\r\n');
      return String((await once(socket, 'data'))[0]);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const tunnelOpen = undefined;
const authorized = /^proxy-authorization: (.*)\r$/im;
const credentials = { username: 'alice', password: 'secret-1' };
const MECHANISM = { proxyCredentials: 'default' } as const;

/** An acceptor of NTLM for each connection; `change` may answer in its place. */
function acceptor(change: (head: string, leg: number, socket: Socket) => string | undefined = () => undefined) {
  const acceptors = new WeakMap<Socket, { acceptor: TestAcceptor; leg: number }>();
  const answer: TunnelAnswer = (head, _count, socket) => {
    const state = acceptors.get(socket) ?? { acceptor: new TestAcceptor(), leg: 0 };
    acceptors.set(socket, state);
    const changed = change(head, ++state.leg, socket);
    if (changed !== undefined) return changed;
    const asked = state.acceptor.accept(head);
    return asked === undefined ? tunnelOpen : challenge(asked);
  };
  return answer;
}

describe('a proxy that asks for authentication', () => {
  it.each([
    ['Basic', 'Basic realm="a"', /^Basic YWxpY2U6c2VjcmV0LTE=$/],
    ['Digest', 'Digest realm="a", nonce="n", qop="auth", algorithm=SHA-256', /^Digest username="alice".*uri="server/],
  ])('is answered by %s on the same connection', async (_scheme, asked, expected) => {
    await using target = await helloServer();
    await using proxy = await TunnelProxy.start((_head, count) => (count === 1 ? challenge(asked) : tunnelOpen));
    const network = networkBy({ proxy: proxy.place }, { proxyCredentials: credentials });
    expect(await target.greet(network)).toBe('hello');
    expect([proxy.connections, proxy.heads.length]).toEqual([1, 2]);
    expect(authorized.exec(proxy.heads[0] as string)).toBeNull();
    expect(authorized.exec(proxy.heads[1] as string)?.[1]).toMatch(expected);
    // The next connection starts with the answer.
    expect(await target.greet(network)).toBe('hello');
    expect(authorized.exec(proxy.heads[2] as string)?.[1]).toMatch(expected);
  });

  it('is answered in three legs on one connection', async () => {
    await using target = await helloServer();
    await using proxy = await TunnelProxy.start(acceptor());
    const tokens = new TestTokens();
    const network = networkBy({ proxy: proxy.place }, MECHANISM, tokens);
    expect(await target.greet(network)).toBe('hello');
    expect([proxy.connections, proxy.heads.length]).toEqual([1, 3]);
    expect(proxy.heads[0]).toContain('Proxy-Connection: Keep-Alive\r\n');
    expect(tokens.openContexts).toBe(0);
    // Then the first token goes ahead.
    expect(await target.greet(network)).toBe('hello');
    expect([proxy.connections, proxy.heads.length]).toEqual([2, 5]);
  });

  it('is answered in three legs over HTTP/1.0, where only its tokens say that it stays', async () => {
    await using target = await helloServer();
    const answerOf = acceptor();
    await using proxy = await TunnelProxy.start((...args) => {
      const answer = answerOf(...args);
      return answer?.replace('HTTP/1.1', 'HTTP/1.0');
    });
    const network = networkBy({ proxy: proxy.place }, MECHANISM, new TestTokens());
    expect(await target.greet(network)).toBe('hello');
    // The first 407 has no token: its connection is replaced.
    expect([proxy.connections, proxy.heads.length]).toEqual([2, 3]);
  });

  it.each([
    ['announces that it closes', 'Content-Length: 0\r\nConnection: close\r\n\r\n', false],
    ['has a body without end', 'Transfer-Encoding: chunked\r\n\r\n10000\r\n', true],
    ['has a body that is too long', `Content-Length: ${64 * 1024 + 1}\r\n\r\n`, false],
    ['has a body up to the end of the connection', '\r\n', false],
    ['closes after its announcement to stay', 'Content-Length: 0\r\n\r\n', 'close'],
  ])('gets a new connection and the token at once where its first 407 %s', async (_what, rest, more) => {
    await using target = await helloServer();
    await using proxy = await TunnelProxy.start((head, count, socket) => {
      if (authorized.test(head)) return tunnelOpen;
      if (count > 1) return 'HTTP/1.1 500 Unexpected\r\n\r\n';
      const answer = `HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm="a"\r\n${rest}`;
      if (more === 'close') {
        socket.end(answer);
        return ' ';
      }
      if (more) for (let i = 0; i < 20; i++) setImmediate(() => socket.write('x'.repeat(10_000)));
      return answer;
    });
    const network = networkBy({ proxy: proxy.place }, { proxyCredentials: credentials });
    expect(await target.greet(network)).toBe('hello');
    expect(proxy.connections).toBe(2);
    network.destroy();
    await expect.poll(() => proxy.openSockets).toBe(0);
  });

  it('keeps the connection where the body of its 407 has at most 64 KiB', async () => {
    await using target = await helloServer();
    const body = 'x'.repeat(64 * 1024);
    await using proxy = await TunnelProxy.start((head) =>
      authorized.test(head)
        ? tunnelOpen
        : `HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm="a"\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(await target.greet(networkBy({ proxy: proxy.place }, { proxyCredentials: credentials }))).toBe('hello');
    expect(proxy.connections).toBe(1);
  });

  it('fails where the connection is closed between two legs, with a separate error', async () => {
    await using target = await helloServer();
    const closing = acceptor((_head, leg, socket) => {
      if (leg === 3) socket.end();
      return leg === 3 ? ' ' : undefined;
    });
    await using proxy = await TunnelProxy.start(closing);
    const tokens = new TestTokens();
    const error = await failureOf(target.greet(networkBy({ proxy: proxy.place }, MECHANISM, tokens)));
    expect(error).toMatchObject({
      code: 'ERR_WINWIRE_PROXY_AUTHENTICATION',
      leg: 3,
      proxy: proxy.place,
      cause: { code: 'ERR_WINWIRE_AUTH_CLOSED' },
    });
    expect(tokens.openContexts).toBe(0);
    await expect.poll(() => proxy.openSockets).toBe(0);
  });

  it('gets the same credentials once, and the error says what it offers and what helps', async () => {
    await using target = await helloServer();
    await using proxy = await TunnelProxy.start(challenge('Negotiate', 'Basic realm="a"'));
    const error = await failureOf(target.greet(networkBy({ proxy: `http://me:secret-1@${proxy.place}` })));
    expect(error).toMatchObject({
      name: 'ProxyConnectionError',
      code: 'ERR_WINWIRE_PROXY_AUTHENTICATION',
      status: 407,
      proxy: proxy.place,
      schemes: ['Negotiate', 'Basic'],
      leg: 2,
    });
    expect(error.message).toContain(`The proxy ${proxy.place} (named by the option "proxy") answered 407`);
    expect(error.message).toContain('Negotiate, Basic');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/secret-1|bWU6c2VjcmV0LTE/);
    expect(proxy.heads).toHaveLength(2);
    await expect.poll(() => proxy.openSockets).toBe(0);
  });

  it('ends after five requests where it never ends', async () => {
    await using target = await helloServer();
    let count = 0;
    await using proxy = await TunnelProxy.start(() =>
      challenge(`Digest realm="a", nonce="n${++count}", stale=true, qop="auth"`),
    );
    const network = networkBy({ proxy: proxy.place }, { proxyCredentials: credentials });
    const error = await failureOf(target.greet(network));
    expect(error).toMatchObject({ code: 'ERR_WINWIRE_PROXY_AUTHENTICATION', schemes: ['Digest'] });
    expect(error.message).not.toContain('undefined');
    expect(proxy.heads.length).toBeLessThanOrEqual(5);
  });

  it('gets nothing where the option named it and no credentials are given', async () => {
    await using target = await helloServer();
    await using proxy = await TunnelProxy.start(challenge('NTLM', 'Negotiate', 'Basic realm="a"'));
    const tokens = new TestTokens();
    const error = await failureOf(target.greet(networkBy({ proxy: proxy.place }, {}, tokens)));
    expect(error).toMatchObject({ leg: 1, cause: { code: 'ERR_WINWIRE_AUTH_NO_CREDENTIALS' } });
    expect(tokens.requests).toEqual([]);
  });

  it('fails with the error of the function that is asked for credentials', async () => {
    await using target = await helloServer();
    await using proxy = await TunnelProxy.start(challenge('Basic realm="a"'));
    const thrown = new Error('mine');
    const proxyCredentials = () => {
      throw thrown;
    };
    expect(await failureOf(target.greet(networkBy({ proxy: proxy.place }, { proxyCredentials })))).toBe(thrown);
  });
});

/** A proxy that answers each connection with these bytes. */
async function answering(...chunks: string[]) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.once('data', () => void sendAll(socket, chunks));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    place: `127.0.0.1:${(server.address() as { port: number }).port}`,
    get open() {
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Each chunk in a separate packet. */
async function sendAll(socket: Socket, chunks: readonly string[]): Promise<void> {
  socket.setNoDelay();
  for (const chunk of chunks) {
    if (socket.destroyed) return;
    await new Promise((resolve) => socket.write(chunk, 'latin1', resolve));
  }
}

const bytes = (text: string): string[] => [...text];
const OK = 'HTTP/1.1 200 Connection established\r\n';

describe('a proxy that misbehaves', () => {
  it.each([
    ['splits its head into bytes', bytes(`${OK}\r\nhello`)],
    ['sends bytes behind its head', [`${OK}\r\nhello`]],
    [
      'announces a body, which a tunnel does not have',
      [`${OK}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nhello`],
    ],
    ['sends interim answers first', ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Wait\r\n\r\n', `${OK}\r\nhello`]],
    ['answers 204', ['HTTP/1.1 204 Fine\r\n\r\nhello']],
  ])('gives a tunnel where it %s', async (_what, chunks) => {
    await using proxy = await answering(...chunks);
    const { socket } = await networkBy({ proxy: proxy.place }).open(new URL('ws://server.example/'), {
      form: 'tunnel',
    });
    let text = '';
    for await (const chunk of socket) {
      text += chunk;
      if (text.length >= 5) break;
    }
    expect(text).toBe('hello');
  });

  it.each([
    ['is HTTP/0.9', ['<html>it works</html>'], 'ERR_WINWIRE_PROXY_CONNECT', 'does not speak HTTP'],
    ['speaks TLS', ['\x15\x03\x01\x00\x02\x02\x28'], 'ERR_WINWIRE_PROXY_CONNECT', 'speaks TLS on this port'],
    [
      'has a head that is too long',
      [OK, ...Array(70).fill(`a: ${'x'.repeat(1000)}\r\n`)],
      'ERR_WINWIRE_PROXY_CONNECT',
      'larger',
    ],
    [
      'has more interim answers than ten',
      Array(11).fill('HTTP/1.1 100 Go\r\n\r\n'),
      'ERR_WINWIRE_PROXY_CONNECT',
      'interim',
    ],
    ['is 407 without a challenge', ['HTTP/1.1 407 Who\r\n\r\n'], 'ERR_WINWIRE_PROXY_AUTHENTICATION', 'no scheme'],
    ['is 101', ['HTTP/1.1 101 Switching\r\n\r\n'], 'ERR_WINWIRE_PROXY_REFUSED', '101'],
    [
      'is a redirect',
      ['HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\n\r\n'],
      'ERR_WINWIRE_PROXY_REFUSED',
      '302',
    ],
  ])('ends the attempt where its answer %s, and leaves no socket', async (_what, chunks, code, text) => {
    await using proxy = await answering(...chunks);
    await using other = await TunnelProxy.start();
    const network = networkBy(script(`PROXY ${proxy.place}; PROXY ${other.place}; DIRECT`), {
      proxyCredentials: credentials,
    });
    const error = await failureOf(network.open(new URL('https://server.example/'), { form: 'tunnel' }));
    expect(error).toMatchObject({ code, proxy: proxy.place, message: expect.stringContaining(text) });
    expect(other.connections).toBe(0);
    await expect.poll(() => proxy.open).toBe(0);
  });

  it('ends the attempt where it sends one byte a time, within its limit', async () => {
    await using proxy = await answering('H');
    const trickle = createServer((socket) => {
      const timer = setInterval(() => socket.write('x'), 20);
      socket
        .on('error', () => {})
        .on('close', () => clearInterval(timer))
        .write('HTTP/1.1 200 ');
    });
    trickle.listen(0, '127.0.0.1');
    await once(trickle, 'listening');
    const place = `127.0.0.1:${(trickle.address() as { port: number }).port}`;
    for (const slow of [place, proxy.place]) {
      const network = networkBy({ proxy: slow }, { connectTimeout: 200 });
      const error = await failureOf(network.open(new URL('https://server.example/'), { form: 'tunnel' }));
      expect(error).toMatchObject({ code: 'ERR_WINWIRE_PROXY_CONNECT', message: expect.stringContaining('200 ms') });
    }
    await expect.poll(() => proxy.open).toBe(0);
    trickle.close();
    await once(trickle, 'close');
  });

  it('is left for the next route where it closes without an answer', async () => {
    await using target = await helloServer();
    await using closing = await TunnelProxy.start('');
    await using next = await TunnelProxy.start();
    const network = networkBy(script(`PROXY ${closing.place}; PROXY ${next.place}`));
    expect(await target.greet(network)).toBe('hello');
    expect(await target.greet(network)).toBe('hello');
    expect([closing.connections, next.connections]).toEqual([1, 2]);
  });

  it('is not left for the next route where it closes within its answer', async () => {
    await using proxy = await TunnelProxy.start((_head, _count, socket) => {
      socket.end('HTTP/1.1 40');
      return ' ';
    });
    await using next = await TunnelProxy.start();
    const network = networkBy(script(`PROXY ${proxy.place}; PROXY ${next.place}`));
    const error = await failureOf(network.open(new URL('https://server.example/'), { form: 'tunnel' }));
    expect(error).toMatchObject({
      code: 'ERR_WINWIRE_PROXY_CONNECT',
      message: expect.stringContaining('in its answer'),
    });
    expect(next.connections).toBe(0);
  });

  it('gets the headers of the option proxyHeaders', async () => {
    await using target = await helloServer();
    await using proxy = await TunnelProxy.start();
    const proxyHeaders = { 'User-Agent': 'curl/8', 'X-Trace': 'a' };
    await target.greet(networkBy({ proxy: proxy.place }, { proxyHeaders }));
    expect(proxy.heads[0]).toContain('User-Agent: curl/8\r\n');
    expect(proxy.heads[0]).toContain('X-Trace: a\r\n');
    expect(proxy.heads[0]).not.toContain('winwire/');
  });

  it.each([
    [{ 'Proxy-Authorization': 'Basic eA==' }, 'ERR_INVALID_ARG_VALUE'],
    [{ 'a b': 'c' }, 'ERR_INVALID_ARG_VALUE'],
    [{ a: 'b\r\nc: d' }, 'ERR_INVALID_CHAR'],
    [{ a: 5 }, 'ERR_INVALID_ARG_TYPE'],
  ])('never gets the headers %j', (proxyHeaders, code) => {
    expect(() => new Network({ proxyHeaders }, 'direct')).toThrowError(expect.objectContaining({ code }));
  });
});
