// Checks the server of the statements with Node's own HTTP client.
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { Agent, get, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { get as getSecurely } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Answer, closedPort, hello, ScriptedServer, silence } from '../../lib/parity/http-server.ts';
import { responseBytes } from '../../lib/parity/http-wire.ts';
import { deferred, turns, Watch, watch, within } from '../../lib/parity/waiting.ts';
import { expired, untrusted, wrongName } from '../conformance/winhttp/tls.ts';

let server: ScriptedServer;

async function start(answer?: Answer): Promise<void> {
  server = await ScriptedServer.start(answer);
}

async function fetchText(options: RequestOptions, body?: string): Promise<{ response: IncomingMessage; body: string }> {
  const request = httpRequest(server.url(), options);
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { response, body: await text(response) };
}

describe('the server', () => {
  beforeEach(() => start());
  afterEach(() => server[Symbol.asyncDispose]());

  test('answers with plain text, and records requests', async () => {
    const { response, body } = await fetchText(
      { method: 'PUT', path: '/path?query', headers: { 'X-Name': 'v' } },
      'sent',
    );
    expect([response.statusCode, response.headers['content-type'], body]).toEqual([200, 'text/plain', 'hello']);
    const seen = await server.arrived();
    expect([seen.method, seen.target, seen.version, seen.header('x-name')]).toEqual([
      'PUT',
      '/path?query',
      'HTTP/1.1',
      'v',
    ]);
    expect(seen.values('X-Other')).toEqual([]);
    expect(seen.connection).toBe(1);
  });

  test('names the connections that stay open', async () => {
    const asking = connect(server.port);
    asking.write('GET /kept HTTP/1.1\r\n\r\n');
    await server.arrived();
    const silent = connect(server.port);
    await server.connected(2);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const closed = server.closed();
      vi.advanceTimersByTime(15_000);
      await expect(closed).rejects.toThrow(
        'the server sees its connections closed, but not GET /kept HTTP/1.1, one without a request: not within 15000 ms',
      );
    } finally {
      vi.useRealTimers();
    }
    silent.destroy();
    asking.destroy();
    await server.closed();
  });

  test('reads a body of known length', async () => {
    await fetchText({ method: 'POST', headers: { 'Content-Length': 4 } }, 'sent');
    expect((await server.arrived()).body.toString()).toBe('sent');
  });

  test('serves several requests of one connection', async () => {
    const agent = new Agent({ keepAlive: true });
    for (const path of ['/1', '/2', '/3']) await fetchText({ path, agent });
    expect(server.requests.map(({ target, connection }) => [target, connection])).toEqual([
      ['/1', 1],
      ['/2', 1],
      ['/3', 1],
    ]);
    expect(server.open).toBe(1);
    agent.destroy();
    await server.closed();
    expect(server.open).toBe(0);
  });

  test('reads a head byte by byte', async () => {
    const socket = connect(server.port, '127.0.0.1');
    for (const byte of 'POST /slow HTTP/1.1\r\nContent-Length: 2\r\n\r\nok') socket.write(byte);
    const seen = await server.arrived();
    expect([seen.target, seen.body.toString()]).toEqual(['/slow', 'ok']);
    socket.destroy();
  });

  test('records a head without a complete body', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.end('POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n');
    await once(socket.resume(), 'close');
    expect(server.heads).toEqual(['POST / HTTP/1.1\r\nContent-Length: 2']);
    expect(server.requests).toEqual([]);
  });
});

describe('the server that does not answer', () => {
  beforeEach(() => start(silence));
  afterEach(() => server[Symbol.asyncDispose]());

  test('notices the end and the reset of a connection', async () => {
    for (const leave of ['end', 'resetAndDestroy'] as const) {
      const socket = connect(server.port, '127.0.0.1').on('error', () => {});
      socket.resume().write('GET / HTTP/1.1\r\n\r\n');
      await server.arrived(server.requests.length + 1);
      socket[leave]();
      await server.closed();
    }
    expect(server.connections).toBe(2);
  });
});

describe('responses', () => {
  test('have a length unless the options say otherwise or they have no body', () => {
    expect(responseBytes({ body: 'hello' }).toString()).toBe('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
    expect(responseBytes({ status: 204, phrase: '' }).toString()).toBe('HTTP/1.1 204 \r\n\r\n');
    const chunked = { headers: { 'Transfer-Encoding': 'chunked', 'X-Name': ['a', 'b'] }, body: '0\r\n\r\n' };
    expect(responseBytes(chunked).toString()).toBe(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Name: a\r\nX-Name: b\r\n\r\n0\r\n\r\n',
    );
  });

  test('to HEAD have no body', async () => {
    await start();
    const { response, body } = await fetchText({ method: 'HEAD' });
    expect([response.headers['content-length'], body]).toEqual(['5', '']);
    await server[Symbol.asyncDispose]();
  });
});

test('a closed port refuses connections', async () => {
  const [error] = await once(get({ port: await closedPort(), host: '127.0.0.1' }), 'error');
  expect(error.code).toBe('ECONNREFUSED');
});

describe('certificates', () => {
  const now = Date.now();

  test.each([
    ['untrusted', untrusted(), '127.0.0.1', true],
    ['expired', expired(), '127.0.0.1', false],
    ['wrongName', wrongName(), undefined, true],
  ] as const)('%s', (_name, { cert }, address, valid) => {
    const certificate = new X509Certificate(cert);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkIP('127.0.0.1')).toBe(address);
    expect(Date.parse(certificate.validFrom)).toBeLessThan(now);
    expect(Date.parse(certificate.validTo) > now).toBe(valid);
  });

  test('serve TLS, and clients that do not trust them fail', async () => {
    const tls = untrusted();
    const secure = await ScriptedServer.start(hello, { tls });
    const [refused] = await once(getSecurely(secure.url()), 'error');
    expect(refused.code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    const [response] = (await once(getSecurely(secure.url(), { ca: tls.cert }), 'response')) as [IncomingMessage];
    expect(await text(response)).toBe('hello');
    expect(secure.requests).toHaveLength(1);
    await secure[Symbol.asyncDispose]();
  });
});

describe('waiting', () => {
  test('resolves with the result, or rejects with what is missing', async () => {
    expect(await within(Promise.resolve(1), 'one')).toBe(1);
    await expect(within(new Promise(() => {}), 'nothing', 1)).rejects.toThrow('nothing: not within 1 ms');
  });

  test('checks again after every change', async () => {
    const changed = new Watch();
    let value = 0;
    const done = watch(changed.until(() => value === 2, 'two'));
    for (value = 1; value <= 2; value += 1) {
      changed.notify();
      await turns(1);
      if (value === 2) break;
    }
    await done.end;
    expect(done.settled).toBe('fulfilled');
  });

  test('reports how a promise settled', async () => {
    const late = deferred<number>();
    const outcome = watch(late.promise);
    expect(outcome.settled).toBe(undefined);
    late.reject(new Error('why'));
    await outcome.end;
    expect([outcome.settled, (outcome.error as Error).message]).toEqual(['rejected', 'why']);
  });
});
