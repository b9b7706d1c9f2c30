import { interceptors, RetryAgent } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import type { AnyDispatch } from '../../lib/dispatcher/dispatcher-types.ts';
import { ProxyDispatcher } from '../../lib/dispatcher/proxy-dispatcher.ts';
import { Recording } from '../helpers/dispatch-handlers.ts';
import { HttpServer } from '../helpers/http-server.ts';

async function start(): Promise<{ server: HttpServer; origin: string; dispatcher: ProxyDispatcher }> {
  const server = await HttpServer.start();
  const dispatcher = new ProxyDispatcher({ proxy: 'direct' });
  onTestFinished(async () => {
    await dispatcher.destroy();
    await server[Symbol.asyncDispose]();
  });
  return { server, origin: new URL(server.url()).origin, dispatcher };
}

it.each([1, 2] as const)('undici 7 follows redirects for a handler of generation %i', async (generation) => {
  const { origin, dispatcher } = await start();
  const composed = dispatcher.compose(interceptors.redirect({ maxRedirections: 5 }));
  const recording = new Recording(generation);
  composed.dispatch({ origin, path: '/hops?left=3', method: 'GET' }, recording.handler);
  await recording.ended;
  expect(recording).toMatchObject({ text: 'arrived', errors: [] });
});

it.each([1, 2] as const)('undici 7 serves a handler of generation %i from its cache', async (generation) => {
  const { origin, dispatcher, server } = await start();
  const composed = dispatcher.compose(
    interceptors.cache(),
    (dispatch: AnyDispatch) => (options, handler) =>
      dispatch({ ...options, headers: { ...options.headers, 'x-mine': '1' } }, handler),
  );
  for (let count = 0; count < 2; count++) {
    const recording = new Recording(generation);
    composed.dispatch({ origin, path: '/gzip', method: 'GET', headers: {} }, recording.handler);
    await recording.ended;
    expect(recording.errors).toEqual([]);
  }
  expect(server.requests.length).toBeGreaterThan(0);
});

it.each([1, 2] as const)('an interceptor of generation 1 wraps a handler of generation %i', async (generation) => {
  const { origin, dispatcher } = await start();
  const seen: number[] = [];
  const composed = dispatcher.compose(
    (dispatch) => (options, handler) =>
      dispatch(options, {
        onConnect: (abort: () => void) => handler.onConnect(abort),
        onHeaders: (status: number, headers: Buffer[], resume: () => void, text: string) => {
          seen.push(status);
          return handler.onHeaders(status, headers, resume, text);
        },
        onData: (chunk: Buffer) => handler.onData(chunk),
        onComplete: (trailers: Buffer[]) => handler.onComplete(trailers),
        onError: (error: Error) => handler.onError(error),
      }),
  );
  const recording = new Recording(generation);
  composed.dispatch({ origin, path: '/cookies', method: 'GET' }, recording.handler);
  await recording.ended;
  expect(seen).toEqual([200]);
  expect(recording.calls).toEqual(['start', 'head', 'end']);
  expect(recording.headers).toHaveProperty('set-cookie');
});

it('an interceptor of generation 2 changes the headers for a handler of generation 1', async () => {
  const { origin, dispatcher } = await start();
  const composed = dispatcher.compose(
    (dispatch) => (options, handler) =>
      dispatch(options, {
        onRequestStart: (...args: unknown[]) => handler.onRequestStart(...args),
        onResponseStart: (controller: object, status: number, headers: object, text: string) =>
          handler.onResponseStart(controller, status, { ...headers, 'x-added': ['a', 'b'] }, text),
        onResponseData: (...args: unknown[]) => handler.onResponseData(...args),
        onResponseEnd: (...args: unknown[]) => handler.onResponseEnd(...args),
        onResponseError: (...args: unknown[]) => handler.onResponseError(...args),
      }),
  );
  const raw: string[] = [];
  await new Promise<void>((resolve, reject) => {
    composed.dispatch(
      { origin, path: '/cookies', method: 'GET' },
      {
        onConnect() {},
        onHeaders: (_status: number, headers: Buffer[]) => raw.push(...headers.map(String)) > 0,
        onData: () => true,
        onComplete: () => resolve(),
        onError: reject,
      },
    );
  });
  const fields = raw.flatMap((name, index) => (index % 2 === 0 ? [`${name.toLowerCase()}: ${raw[index + 1]}`] : []));
  expect(fields).toEqual(
    expect.arrayContaining(['x-added: a', 'x-added: b', 'set-cookie: first=1; Path=/', 'set-cookie: second=2; Path=/']),
  );
});

it('undici 7 retries over it, by interceptor and by RetryAgent', async () => {
  const { origin, dispatcher, server } = await start();
  const retry = { maxRetries: 2, minTimeout: 1, timeoutFactor: 1, statusCodes: [503] };
  const byInterceptor = dispatcher
    .compose(interceptors.retry(retry))
    .request({ origin, path: '/status?code=503', method: 'GET' });
  await expect(byInterceptor).rejects.toMatchObject({ code: 'UND_ERR_REQ_RETRY' });
  expect(server.requests).toHaveLength(3);
  const byAgent = new RetryAgent(dispatcher as never, retry).request({
    origin,
    path: '/status?code=503',
    method: 'GET',
  });
  await expect(byAgent).rejects.toMatchObject({ code: 'UND_ERR_REQ_RETRY' });
  expect(server.requests).toHaveLength(6);
});

it('a composed dispatcher is composed again, and closes the dispatcher', async () => {
  const { origin, dispatcher } = await start();
  const order: string[] = [];
  const named = (name: string) => (dispatch: AnyDispatch) => (options: object, handler: object) => {
    order.push(name);
    return dispatch(options, handler);
  };
  const composed = dispatcher.compose([named('first'), named('second')]).compose(named('third'));
  const { statusCode } = await composed.request({ origin, path: '/', method: 'GET' });
  expect(statusCode).toBe(200);
  expect(order).toEqual(['third', 'second', 'first']);
  expect(composed.closed).toBe(false);
  await composed.destroy();
  expect([composed.destroyed, dispatcher.destroyed]).toEqual([true, true]);
});

it.each([
  ['a value that is not a function', 1],
  ['a function that returns none', () => undefined],
  ['a function that returns one of another length', () => () => true],
])('rejects %s', (_name, interceptor) => {
  expect(() => new ProxyDispatcher().compose(interceptor as never)).toThrow(/^invalid interceptor/);
});
