// `proxyCredentials` as a function: when it is called, for what, and which connections its answers share.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProxyAgent } from '../../lib/agent/proxy-agent.ts';
import type { Challenge, CredentialAnswer } from '../../lib/auth/auth-types.ts';
import { Network } from '../../lib/tunnel/network.ts';
import type { NetworkOptions } from '../../lib/tunnel/network-options.ts';
import { RawServer } from '../helpers/http-raw-server.ts';
import { challenge, TunnelProxy } from '../helpers/tunnel-proxy.ts';
import { failureOf } from './failure-of.ts';
import { TestAcceptor, TestTokens } from './test-tokens.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const tunnel = { form: 'tunnel' } as const;

let server: RawServer;
let proxy: TunnelProxy;
let url: URL;
const networks: Network[] = [];

beforeEach(async () => {
  server = await RawServer.answering(OK);
  proxy = await TunnelProxy.start((head) => (userOf(head) === '' ? challenge('Basic realm="a"') : undefined));
  url = new URL(`ws://server.example:${server.port}/`);
});
afterEach(async () => {
  for (const network of networks.splice(0)) network.destroy();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** The user of a request to the proxy. */
function userOf(head: string): string {
  const [, token = ''] = /^Proxy-Authorization: Basic (\S+)/im.exec(head) ?? [];
  return String(Buffer.from(token, 'base64')).split(':')[0] as string;
}

const passwordOf = (username: string): CredentialAnswer => ({ username, password: `of ${username}` });

function networkBy(options: NetworkOptions, tokens?: TestTokens): Network {
  const through = { proxy: { proxy: proxy.place }, backend: 'portable', schemes: ['Basic', 'NTLM'] } as const;
  const network = new Network({ ...through, ...options }, 'direct', tokens);
  networks.push(network);
  return network;
}

/** Opens a tunnel, gives it back, and returns the number of CONNECT requests so far. */
async function use(network: Network, to = url): Promise<number> {
  const connection = await network.open(to, tunnel);
  connection.release();
  return proxy.heads.length;
}

describe('a function for the credentials of proxies', () => {
  it('is called with the challenge, then before each request with the last one', async () => {
    const asked: Challenge[] = [];
    const proxyCredentials = (one: Challenge) => {
      asked.push(one);
      return passwordOf('alice');
    };
    const network = networkBy({ proxyCredentials });
    expect(await use(network)).toBe(2);
    expect(await use(network)).toBe(2);
    // For another server its answer goes with the first request.
    await using other = await RawServer.answering(OK);
    expect(await use(network, new URL(`ws://other.example:${other.port}/`))).toBe(3);
    expect(proxy.heads.map(userOf)).toEqual(['', 'alice', 'alice']);
    expect(asked).toMatchObject(
      Array(3).fill({ target: 'proxy', origin: `http://${proxy.place}`, schemes: ['Basic'], realm: 'a', attempt: 1 }),
    );
  });

  it.each(['Basic', 'NTLM'])('gives each user tunnels of his own (%s)', async (scheme) => {
    const acceptors = new WeakMap<object, TestAcceptor>();
    await using asking = await TunnelProxy.start((head, _count, socket) => {
      if (scheme === 'Basic') return userOf(head) === '' ? challenge('Basic realm="a"') : undefined;
      const acceptor = acceptors.get(socket) ?? new TestAcceptor();
      acceptors.set(socket, acceptor);
      const further = acceptor.accept(head);
      return further && challenge(further);
    });
    let user = 'alice';
    const proxyCredentials = () => passwordOf(user);
    const network = networkBy({ proxy: { proxy: asking.place }, proxyCredentials }, new TestTokens());
    const first = await network.open(url, tunnel);
    first.release();
    user = 'bob';
    const second = await network.open(url, tunnel);
    expect(second.socket).not.toBe(first.socket);
    second.release();
    for (const [name, { socket }] of [
      ['alice', first],
      ['bob', second],
    ] as const) {
      user = name;
      const again = await network.open(url, tunnel);
      expect(again.socket).toBe(socket);
      again.release();
    }
  });

  it('gives no tunnel of a user to who has no credentials', async () => {
    let answer = passwordOf('alice');
    const network = networkBy({ proxyCredentials: () => answer });
    await use(network);
    answer = 'none';
    expect(await failureOf(network.open(url, tunnel))).toMatchObject({ code: 'ERR_WINWIRE_PROXY_AUTHENTICATION' });
    answer = passwordOf('alice');
    expect(await use(network)).toBe(3);
  });

  it('may correct a wrong answer once, also where an earlier one was right', async () => {
    let password = 'right';
    await using strict = await TunnelProxy.start((head) =>
      head.includes(btoa(`alice:${password}`)) ? undefined : challenge('Basic realm="a"'),
    );
    const attempts: number[] = [];
    const proxyCredentials = ({ attempt }: Challenge) => {
      attempts.push(attempt);
      return { username: 'alice', password: attempt === 1 ? 'right' : 'newer' };
    };
    const network = networkBy({ proxy: { proxy: strict.place }, proxyCredentials });
    (await network.open(url, { ...tunnel, isNew: true })).destroy();
    password = 'newer';
    (await network.open(url, { ...tunnel, isNew: true })).destroy();
    expect(attempts).toEqual([1, 1, 2]);
  });

  it('fails the request with its error, and leads to no other route', async () => {
    const pac = `data:,function FindProxyForURL() { return ${JSON.stringify(`PROXY ${proxy.place}; DIRECT`)} }`;
    const thrown = new Error('mine');
    let fails = true;
    const proxyCredentials = () => {
      if (fails) throw thrown;
      return passwordOf('alice');
    };
    const network = networkBy({ proxy: { pac }, proxyCredentials });
    expect(await failureOf(network.open(url, tunnel))).toBe(thrown);
    fails = false;
    (await network.open(url, tunnel)).destroy();
    fails = true;
    expect(await failureOf(network.open(url, tunnel))).toBe(thrown);
    expect(server.connections).toBe(1);
    await expect.poll(() => proxy.openSockets).toBe(0);
  });

  it.each(['the challenge', 'the last challenge'])(
    'that never settles after %s is left by an abort and by the limit, without a socket',
    async (when) => {
      let onCalled = () => {};
      let isSilent = when === 'the challenge';
      const proxyCredentials = () => {
        onCalled();
        return isSilent ? new Promise<never>(() => {}) : passwordOf('alice');
      };
      if (!isSilent) await use(networkBy({ proxyCredentials }));
      isSilent = true;
      const network = networkBy({ proxyCredentials, connectTimeout: 200 });
      const controller = new AbortController();
      const called = new Promise<void>((resolve) => {
        onCalled = resolve;
      });
      const aborted = failureOf(network.open(url, { ...tunnel, signal: controller.signal }));
      await called;
      controller.abort();
      expect((await aborted).name).toBe('AbortError');
      const late = await failureOf(network.open(url, tunnel));
      expect(late).toMatchObject({ code: 'ERR_WINWIRE_PROXY_CONNECT', message: expect.stringContaining('200 ms') });
      for (const one of networks) one.destroy();
      await expect.poll(() => proxy.openSockets).toBe(0);
    },
  );
});

describe('ProxyAgent with such a function', () => {
  /** Sends a request; returns the proxy's answer. */
  async function send(agent: ProxyAgent): Promise<string> {
    const [response] = (await once(get('http://server.example/', { agent }), 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response) text += chunk;
    return text;
  }

  it('uses a connection for one request only, where it has chosen the user of it', async () => {
    const answer = (text: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
    let asks = false;
    await using peer = await TunnelProxy.start((head) =>
      asks && userOf(head) === '' ? challenge('Basic realm="a"') : answer(userOf(head) || 'unknown'),
    );
    let user = 'alice';
    const agent = new ProxyAgent({
      proxy: { proxy: peer.place },
      proxyCredentials: () => passwordOf(user),
      schemes: ['Basic'],
      keepAlive: true,
      maxSockets: 1,
      backend: 'portable',
    });
    expect([await send(agent), await send(agent)]).toEqual(['unknown', 'unknown']);
    expect(peer.connections).toBe(1);
    agent.destroy();
    asks = true;
    // Both wait for the one socket.
    expect(await Promise.all([send(agent), send(agent)])).toEqual(['alice', 'alice']);
    user = 'bob';
    expect(await send(agent)).toBe('bob');
    expect(peer.connections).toBe(4);
    agent.destroy();
  });
});
