// Opening handshakes with servers and proxies that ask for authentication.
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { UpgradeRefusedError, WebSocket, WebSocketConnection } from '../../../lib/index.ts';
import { type Gate, guardedServer } from '../../helpers/guarded-server.ts';
import { challenge, TunnelProxy } from '../../helpers/tunnel-proxy.ts';

const backend = 'portable';
const alice = { username: 'alice', password: 'secret-1' };
const BASIC = `Basic ${Buffer.from('alice:secret-1').toString('base64')}`;

const ask = (challenge: string, rest = 'Content-Length: 4\r\n\r\nbody'): string =>
  `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: ${challenge}\r\n${rest}`;
const authorized = /^authorization: (.*)\r$/im;
const basicGate: Gate = (head) => (authorized.exec(head)?.[1] === BASIC ? undefined : ask('Basic realm="a"'));

async function echo(url: string, options: object): Promise<unknown> {
  await using connection = await WebSocketConnection.connect(url, { backend, rejectUnauthorized: false, ...options });
  await connection.send('hello');
  return connection.receive();
}

const failure = (attempt: Promise<unknown>): Promise<Error & Record<string, unknown>> =>
  attempt.then(
    () => expect.fail('it was connected'),
    (error) => error,
  );

describe('a server that asks for authentication', () => {
  it.each([false, true])('is answered on the same connection (TLS: %s)', async (isSecure) => {
    await using server = await guardedServer(basicGate, isSecure);
    expect(await echo(server.url, { credentials: { [server.origin]: alice } })).toBe('hello');
    expect([server.connections, server.heads.length]).toEqual([1, 2]);
    expect(server.heads[1]).toMatch(/^GET \/chat\?a=1 HTTP\/1\.1\r\n/);
  });

  it('is answered by Digest, with the target of the request', async () => {
    const gate: Gate = (head) =>
      authorized.test(head) ? undefined : ask('Digest realm="a", nonce="n", qop="auth", algorithm=SHA-256');
    await using server = await guardedServer(gate);
    expect(await echo(server.url, { credentials: () => alice })).toBe('hello');
    expect(authorized.exec(server.heads[1] as string)?.[1]).toContain('uri="/chat?a=1"');
  });

  it.each([
    ['says that it closes the connection', 'Connection: close\r\n\r\n'],
    ['has a body that is too long', `Content-Length: 100000\r\n\r\n${'x'.repeat(100_000)}`],
    ['has a body in chunks', 'Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n'],
  ])('is answered where its refusal %s', async (_what, rest) => {
    const gate: Gate = (head) => (authorized.test(head) ? undefined : ask('Basic realm="a"', rest));
    await using server = await guardedServer(gate);
    expect(await echo(server.url, { credentials: { [server.origin]: alice } })).toBe('hello');
    expect(server.connections).toBe(rest.includes('chunked') ? 1 : 2);
  });

  it('gets nothing if it is not in the map, and the refusal says what helps', async () => {
    await using server = await guardedServer(basicGate);
    const error = await failure(echo(server.url, { credentials: { 'https://*.corp.example': alice } }));
    expect(error).toBeInstanceOf(UpgradeRefusedError);
    expect(error).toMatchObject({ status: 401, cause: { code: 'ERR_WINWIRE_AUTH_NO_CREDENTIALS' } });
    expect(error.message).toContain('credentials');
    expect(server.heads).toHaveLength(1);
    await expect.poll(() => server.open).toBe(0);
  });

  it('gets a wrong password once', async () => {
    await using server = await guardedServer(basicGate);
    const credentials = { [server.origin]: { username: 'alice', password: 'secret-2' } };
    const error = await failure(echo(server.url, { credentials }));
    expect(error).toMatchObject({ status: 401, cause: { code: 'ERR_WINWIRE_AUTH_REJECTED' } });
    expect(error.message).not.toContain('secret-2');
    expect(server.heads).toHaveLength(2);
    await expect.poll(() => server.open).toBe(0);
  });

  it('is answered through a proxy that asks too', async () => {
    await using server = await guardedServer(basicGate);
    await using proxy = await TunnelProxy.start((head) =>
      head.includes('Proxy-Authorization') ? undefined : challenge('Basic realm="p"'),
    );
    const url = server.url.replace('127.0.0.1', 'server.example');
    const options = {
      proxy: { proxy: proxy.place },
      proxyCredentials: { username: 'p', password: 'secret-3' },
      credentials: { [`http://server.example:${server.port}`]: alice },
      schemes: ['Basic'],
    };
    const error = await failure(echo(url, options));
    // Basic in plain text is for this machine, and `schemes` is not an option of connections.
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    const { schemes, ...others } = options;
    expect(await failure(echo(url, others))).toMatchObject({ status: 401 });
    expect(proxy.heads).toHaveLength(2);
    const digest: Gate = (head) => (authorized.test(head) ? undefined : ask('Digest realm="a", nonce="n", qop="auth"'));
    await using other = await guardedServer(digest);
    const credentials = { [`http://server.example:${other.port}`]: alice };
    expect(await echo(other.url.replace('127.0.0.1', 'server.example'), { ...others, credentials })).toBe('hello');
  });

  it('ends within the time limit and with the signal, and leaves no socket', async () => {
    await using server = await guardedServer((_head, count) => (count % 2 === 1 ? ask('Basic realm="a"') : ''));
    const credentials = { [server.origin]: alice };
    const late = failure(echo(server.url, { credentials, limits: { handshakeTimeout: 300 } }));
    expect(await late).toMatchObject({ code: 'ERR_WEBSOCKET_TIMEOUT' });
    const end = new AbortController();
    const aborted = failure(echo(server.url, { credentials, signal: end.signal }));
    await expect.poll(() => server.heads.length).toBe(4);
    end.abort('enough');
    expect(await aborted).toMatchObject({ name: 'AbortError', cause: 'enough' });
    await expect.poll(() => server.open).toBe(0);
  });

  it.each([
    [{ credentials: 'default' }, 'ERR_INVALID_ARG_VALUE'],
    [{ credentials: alice }, 'ERR_INVALID_ARG_VALUE'],
    [{ credentials: {}, agent: false }, 'ERR_INVALID_ARG_VALUE'],
    [{ proxy: 'direct', proxyCredentials: 'me' }, 'ERR_INVALID_ARG_VALUE'],
  ])('rejects %j', async (options, code) => {
    const attempt = WebSocketConnection.connect('ws://server.example/', { backend, ...options } as never);
    await expect(attempt).rejects.toMatchObject({ name: 'TypeError', code });
  });
});

describe('the WebSocket class', () => {
  it('takes credentials', async () => {
    await using server = await guardedServer(basicGate);
    const socket = new WebSocket(server.url, { backend, credentials: { [server.origin]: alice } });
    await once(socket, 'open');
    socket.close();
    await once(socket, 'close');
    expect(server.heads).toHaveLength(2);
  });
});
