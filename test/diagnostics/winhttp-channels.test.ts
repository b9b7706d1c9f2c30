import { describe, expect, it } from 'vitest';
import { WinHttpRequest } from '../../lib/index.ts';
import { closedPort } from '../../lib/parity/http-server.ts';
import type { WinHttpRequestTrace } from '../../lib/winhttp/request/winhttp-messages.ts';
import { requestBackends } from '../helpers/backends.ts';
import { HttpServer } from '../helpers/http-server.ts';
import { Subscriptions } from './subscriptions.ts';

const STEPS = ['start', 'end', 'asyncStart', 'asyncEnd'].map((step) => `winhttp:request:${step}`);

const everything = () =>
  new Subscriptions(
    'winhttp:connected',
    'winhttp:requestSent',
    'winhttp:responseStart',
    'winhttp:responseData',
    'winhttp:abort',
  ).trace('winhttp:request');

const namesOf = (heard: Subscriptions) => heard.told.map(([name]) => name);

describe.each(requestBackends)('channels winwire:winhttp on %s', (backend) => {
  it('publish a request from its acceptance to its end, with one object', async () => {
    await using server = await HttpServer.start();
    using heard = everything();
    await using request = await WinHttpRequest.create({ backend });
    // Calls are not awaited: the messages show the state when each call runs.
    const opened = request.open('POST', server.url('/echo'));
    const calls = [request.setRequestHeader('X-One', '1'), request.setRequestHeader('x-one', '2')];
    calls.push(request.setRequestHeader('X-Two', 'gone'), request.setRequestHeader('X-Two', null));
    const sent = request.send(Buffer.from('hello'));
    await Promise.all([opened, ...calls, sent]);

    expect(namesOf(heard).filter((name) => name.startsWith('winhttp:request:'))).toEqual(STEPS);
    const traces = STEPS.flatMap((step) => heard.of<WinHttpRequestTrace>(step));
    expect(new Set(traces).size).toBe(1);
    const [trace] = traces;
    expect(trace).toMatchObject({ request, backend, method: 'POST', url: server.url('/echo'), status: 200 });
    expect(trace).toMatchObject({ headers: [['x-one', '2']], body: Buffer.from('hello'), statusText: 'OK' });
    expect(trace?.responseHeaders).toMatch(/^Content-Type: application\/octet-stream\r\n/m);
    expect(trace?.error).toBeUndefined();
    expect(heard.of('winhttp:responseStart')).toEqual([
      { trace, status: 200, contentType: 'application/octet-stream', length: 5 },
    ]);
    const chunks = heard.of<{ chunk: Buffer }>('winhttp:responseData').map(({ chunk }) => chunk);
    expect(Buffer.concat(chunks).toString()).toBe('hello');
    expect(namesOf(heard).at(-1)).toBe('winhttp:request:asyncEnd');
  });

  it('publish a whole request', async () => {
    await using server = await HttpServer.start();
    using heard = everything();
    const init = { backend, method: 'PUT', headers: { 'X-One': '1' }, body: 'hello' };
    const result = await WinHttpRequest.request(server.url('/echo'), init);
    expect(namesOf(heard).filter((name) => name.startsWith('winhttp:request:'))).toEqual(STEPS);
    const [trace] = heard.of<WinHttpRequestTrace>('winhttp:request:start');
    expect(trace).toMatchObject({ request: undefined, backend, method: 'PUT', url: server.url('/echo'), result });
    expect(trace).toMatchObject({ headers: [['X-One', '1']], body: 'hello', status: 200, statusText: 'OK' });
  });

  it('publish a failure', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`;
    using heard = everything();
    await using request = await WinHttpRequest.create({ backend });
    await request.open('GET', url);
    const errors = [await request.send().catch((error) => error)];
    errors.push(await WinHttpRequest.request(url, { backend }).catch((error) => error));
    expect(errors.map(({ code }) => code)).toEqual(Array(2).fill('ERROR_WINHTTP_CANNOT_CONNECT'));
    expect(heard.of('winhttp:request:error').map(({ error }) => error)).toEqual(errors);
    expect(namesOf(heard).slice(0, 5)).toEqual([...STEPS.slice(0, 2), 'winhttp:request:error', ...STEPS.slice(2)]);
  });

  it('publish an abort with its reason', async () => {
    await using server = await HttpServer.start();
    using heard = everything();
    await using request = await WinHttpRequest.create({ backend });
    await request.open('GET', server.url('/never'));
    const reason = new Error('enough');
    const attempt = new AbortController();
    const sent = request.send(undefined, { signal: attempt.signal }).catch((error) => error);
    await server.arrived();
    attempt.abort(reason);
    const whole = new AbortController();
    const one = WinHttpRequest.request(server.url('/never'), { backend, signal: whole.signal }).catch((error) => error);
    await server.arrived(2);
    whole.abort(reason);
    const errors = await Promise.all([sent, one]);
    expect(errors.map(({ name }) => name)).toEqual(['AbortError', 'AbortError']);
    const [first, second] = heard.of('winhttp:request:start');
    expect(heard.of('winhttp:abort')).toEqual([
      { trace: first, reason },
      { trace: second, reason },
    ]);
    expect(heard.of<WinHttpRequestTrace>('winhttp:request:asyncEnd').map(({ error }) => error)).toEqual(errors);
  });

  it('publish a request once if its object is opened again, and no second Send on a complete response', async () => {
    await using server = await HttpServer.start();
    using heard = everything();
    await using request = await WinHttpRequest.create({ backend });
    await request.open('GET', server.url('/never'));
    const sent = request.send().catch((error) => error);
    await server.arrived();
    await request.open('GET', server.url('/'));
    expect((await sent).code).toBe('ERROR_WINHTTP_OPERATION_CANCELLED');
    await request.send();
    await request.send();
    expect(heard.of<WinHttpRequestTrace>('winhttp:request:asyncEnd').map(({ url }) => url)).toEqual([
      server.url('/never'),
      server.url('/'),
    ]);
  });

  it('do not mark a rejection as handled', async () => {
    using _ = everything();
    const unhandled: unknown[] = [];
    const before = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', (error) => unhandled.push(error));
    try {
      await using request = await WinHttpRequest.create({ backend });
      await request.open('GET', `http://127.0.0.1:${await closedPort()}/`);
      request.send();
      while (unhandled.length === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled[0]).toMatchObject({ code: 'ERROR_WINHTTP_CANNOT_CONNECT' });
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of before) process.on('unhandledRejection', listener);
    }
  });
});

it('publish the final URL of a redirect, and what was sent (portable)', async () => {
  await using server = await HttpServer.start();
  using heard = everything();
  const url = server.url(`/redirect?code=307&to=${encodeURIComponent('/echo')}`);
  await WinHttpRequest.request(url, { backend: 'portable', method: 'POST', body: 'hello' });
  expect(heard.of('winhttp:request:asyncEnd')).toMatchObject([{ url, responseUrl: server.url('/echo') }]);
  expect(heard.of('winhttp:requestSent').map(({ sent, total }) => [sent, total])).toEqual([
    [5, 5],
    [5, 5],
  ]);
  expect(heard.of('winhttp:responseStart')).toMatchObject([{ status: 200, length: 5 }]);
  const [opened, ...others] = heard.of('winhttp:connected');
  expect(opened).toMatchObject({
    address: '127.0.0.1',
    lookup: undefined,
    connect: expect.any(Number),
    tls: undefined,
  });
  expect(others).toEqual([]);
});
