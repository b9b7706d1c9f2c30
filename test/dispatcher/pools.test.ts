// The routes and the connections of dispatches.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { unknownIssuer } from '../helpers/certificates.ts';
import { Recording } from '../helpers/dispatch-handlers.ts';
import { dispatcherWith, send, startProxy, startRawServer, startServer } from '../helpers/dispatching.ts';
import { headerOf } from '../helpers/http-server.ts';
import { recordUncaught } from '../helpers/uncaught.ts';

describe('the routes of requests', () => {
  it('go to an http: proxy in absolute form, with the user of its URL', async () => {
    const basic = `Basic ${Buffer.from('joe:secret').toString('base64')}`;
    const ask = ({ headers }: IncomingMessage) =>
      headers['proxy-authorization'] === basic
        ? undefined
        : { status: 407, headers: { 'Proxy-Authenticate': 'Basic realm="x"' } };
    const [server, proxy] = [await startServer(), await startProxy(ask)];
    const dispatcher = dispatcherWith({ proxy: proxy.option('joe:secret') });
    const recording = send(dispatcher, server.url('/echo?a=1'), 2, {
      method: 'POST',
      body: 'hello',
      headers: { 'X-Mine': '1' },
    });
    await recording.ended;
    expect(recording.text).toBe('hello');
    expect(proxy.requests).toEqual(Array(2).fill(`POST ${server.url('/echo?a=1')}`));
    expect(proxy.credentials).toEqual([undefined, basic]);
    expect(headerOf(server.requests[0] as never, 'x-mine')).toBe('1');
  });

  it('keep one connection to the proxy for requests in turn', async () => {
    const [server, proxy] = [await startServer(), await startProxy()];
    const dispatcher = dispatcherWith({ proxy: proxy.option() });
    for (let count = 0; count < 3; count++) await send(dispatcher, server.url(), 2).ended;
    expect(proxy.requests).toHaveLength(3);
    expect(proxy.connections).toBe(1);
  });

  it('go to https: servers by a tunnel', async () => {
    const [server, proxy] = [await startServer(unknownIssuer()), await startProxy()];
    const tls = { rejectUnauthorized: false };
    const dispatcher = dispatcherWith({ proxy: proxy.option(), tls });
    for (let count = 0; count < 3; count++) {
      const recording = send(dispatcher, server.url('/', 'localhost'), 2);
      await recording.ended;
      expect(recording.text).toBe('hello');
    }
    expect(proxy.requests).toEqual([`CONNECT localhost:${server.port}`]);
  });

  it('of an upgrade go by a tunnel for http: servers too', async () => {
    const server = await startRawServer(() => 'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n');
    const proxy = await startProxy();
    const recording = send(dispatcherWith({ proxy: proxy.option() }), `http://${server.place}/`, 2, {
      upgrade: 'echo',
    });
    await recording.ended;
    expect(recording.calls.at(-1)).toBe('upgrade');
    expect(proxy.requests).toEqual([`CONNECT ${server.place}`]);
    recording.socket?.destroy();
  });

  it('fail with the name of the proxy that asks for a user', async () => {
    const refuse = () => ({ status: 407, headers: { 'Proxy-Authenticate': 'Basic realm="x"' } });
    const [server, proxy] = [await startServer(), await startProxy(refuse)];
    for (const url of [server.url(), 'https://localhost:9/']) {
      const recording = send(dispatcherWith({ proxy: proxy.option() }), url, 2);
      await recording.ended;
      expect(recording.errors).toMatchObject([{ code: 'ERR_WINWIRE_PROXY_AUTHENTICATION', status: 407 }]);
      expect(recording.errors[0]?.message).toContain(proxy.place);
    }
    expect(server.requests).toEqual([]);
  });

  it('fail without another attempt of undici if the proxy closes on CONNECT', async () => {
    const proxy = await startRawServer(() => '');
    const dispatcher = dispatcherWith({ proxy: { proxy: proxy.place, bypass: ['<-loopback>'] } });
    const recording = send(dispatcher, 'https://127.0.0.1:9/', 2);
    await recording.ended;
    for (let turn = 0; turn < 50; turn++) await nextTurn();
    expect(recording.errors).toMatchObject([{ code: 'ERR_WINWIRE_PROXY_CONNECT' }]);
    expect(proxy.connections).toBeLessThanOrEqual(2);
    await proxy.allClosed();
  });

  it.each(['direct', 'a proxy'])('go on after requests that undici refuses: %s', async (route) => {
    const [server, proxy] = [await startServer(), await startProxy()];
    const dispatcher = dispatcherWith({ proxy: route === 'direct' ? 'direct' : proxy.option('joe:secret') });
    await send(dispatcher, server.url(), 2).ended;
    for (const refused of [{ headers: { 'x y': 'a' } }, { body: 5, method: 'POST' }, { headersTimeout: -1 }]) {
      const outcomes: unknown[] = [];
      for (const init of [refused, {}]) {
        const recording = send(dispatcher, server.url(), 2, init);
        await recording.ended;
        outcomes.push((recording.errors[0] as { code?: string } | undefined)?.code ?? recording.status);
      }
      expect(outcomes).toEqual(['UND_ERR_INVALID_ARG', 200]);
    }
    expect(dispatcher.stats[server.url().slice(0, -1)]).toMatchObject({ queued: 0, running: 0 });
  });
});

describe('the connections of a dispatcher', () => {
  it('are at most `connections`; `drain` follows a dispatch that returned false', async () => {
    const server = await startServer();
    const dispatcher = dispatcherWith({ proxy: 'direct', connections: 2 });
    const { origin } = new URL(server.url());
    const recordings = Array.from({ length: 6 }, () => new Recording(2));
    const answers = recordings.map(({ handler }) => dispatcher.dispatch({ origin, path: '/', method: 'GET' }, handler));
    expect(answers.at(-1)).toBe(false);
    await once(dispatcher, 'drain');
    await Promise.all(recordings.map(({ ended }) => ended));
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('are reported by events and figures', async () => {
    const server = await startServer();
    const dispatcher = dispatcherWith();
    const events: unknown[] = [];
    for (const name of ['connect', 'disconnect', 'connectionError'] as const) {
      dispatcher.on(name, (origin: URL, targets: unknown[]) =>
        events.push([name, origin.origin, targets[0] === dispatcher]),
      );
    }
    await send(dispatcher, server.url(), 2).ended;
    const { origin } = new URL(server.url());
    expect(dispatcher.stats).toMatchObject({ [origin]: { connected: 1, running: 0, queued: 0 } });
    await dispatcher.close();
    await server.allClosed();
    expect(events).toEqual([
      ['connect', origin, true],
      ['disconnect', origin, true],
    ]);
    expect(dispatcher.stats).toEqual({});
  });

  it('continue if a listener of their events throws', async () => {
    const server = await startServer();
    const thrown = recordUncaught();
    const dispatcher = dispatcherWith();
    for (const name of ['connect', 'disconnect', 'connectionError'] as const) {
      dispatcher.on(name, () => {
        throw new Error(name);
      });
    }
    for (const [url, errors] of [
      [server.url(), []],
      ['http://127.0.0.1:1/', [{ code: 'ECONNREFUSED' }]],
    ] as const) {
      const recording = send(dispatcher, url, 2);
      await recording.ended;
      expect(recording.errors).toMatchObject(errors);
    }
    await dispatcher.close();
    await nextTurn();
    expect(thrown).toEqual(['connect', 'connectionError', 'disconnect']);
  });

  it('are not used again after the server has closed them', async () => {
    const server = await startServer();
    const dispatcher = dispatcherWith();
    for (let count = 0; count < 5; count++) {
      const recording = send(dispatcher, server.url('/once'), 2, { method: 'POST', body: 'x' });
      await recording.ended;
      expect(recording.errors).toEqual([]);
      await server.allClosed();
    }
  });

  it('serve one request each without keep-alive', async () => {
    const server = await startServer();
    const dispatcher = dispatcherWith({ proxy: 'direct', keepAlive: false });
    for (let count = 0; count < 3; count++) await send(dispatcher, server.url(), 2).ended;
    expect(server.connections).toBe(3);
    await server.allClosed();
  });

  it('carry several requests at once with pipelining', async () => {
    const server = await startServer();
    const dispatcher = dispatcherWith({ proxy: 'direct', connections: 1, pipelining: 5 });
    const recordings = Array.from({ length: 20 }, () => send(dispatcher, server.url(), 1));
    await Promise.all(recordings.map(({ ended }) => ended));
    expect(recordings.map(({ text }) => text)).toEqual(Array(20).fill('hello'));
    expect(server.connections).toBe(1);
  });
});
