// What subscribers get of requests by fetch, ProxyDispatcher and ProxyAgent.
import { AsyncLocalStorage } from 'node:async_hooks';
import { channel, subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type IncomingMessage, request as nodeRequest, type RequestOptions } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ProxyAgent } from '../../lib/agent/proxy-agent.ts';
import { recordHar } from '../../lib/diagnostics/har.ts';
import type {
  HttpConnectedMessage,
  HttpRequestSentMessage,
  HttpResponseDataMessage,
  HttpTrace,
} from '../../lib/diagnostics/http-channels.ts';
import { fetch } from '../../lib/dispatcher/fetch.ts';
import { closedPort } from '../../lib/parity/http-server.ts';
import { dispatcherWith, startProxy, startRawServer, startServer } from '../helpers/dispatching.ts';
import { USER } from '../helpers/http-server.ts';

const NAMES = ['connected', 'requestSent', 'responseStart', 'responseData', 'abort'] as const;

/** Records the messages of all channels, as `[name, message]`. */
function listen() {
  const messages: [name: string, message: object][] = [];
  for (const name of NAMES) {
    const listener = (message: unknown) => void messages.push([name, message as object]);
    subscribe(`winwire:http:${name}`, listener);
    onTestFinished(() => void unsubscribe(`winwire:http:${name}`, listener));
  }
  const steps = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;
  const handlers = Object.fromEntries(
    steps.map((step) => [step, (message: object) => void messages.push([step, message])]),
  ) as never;
  const requests = tracingChannel('winwire:http:request');
  requests.subscribe(handlers);
  onTestFinished(() => void requests.unsubscribe(handlers));
  const of = <Message>(name: string) =>
    messages.filter(([other]) => other === name).map(([, message]) => message as Message);
  return { messages, of, names: () => messages.map(([name]) => name) };
}

function agentWith(options: object = { proxy: 'direct' }): ProxyAgent {
  const agent = new ProxyAgent(options);
  onTestFinished(() => agent.destroy());
  return agent;
}

async function byAgent(url: string, options: RequestOptions = {}, body?: string | Buffer): Promise<Buffer> {
  const sent = nodeRequest(url, { agent: agentWith(), ...options });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const bytes = await buffer(response);
  if (!sent.closed) await once(sent, 'close');
  return bytes;
}

const doors = {
  dispatcher: async (url: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) => {
    const response = await fetch(url, { ...init, dispatcher: dispatcherWith() } as RequestInit);
    return Buffer.from(await response.arrayBuffer());
  },
  agent: (url: string, { body, ...init }: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
    byAgent(url, init, body),
};

describe.each(['dispatcher', 'agent'] as const)('of a request by the door %s, subscribers', (door) => {
  const send = doors[door];

  it('get its events in order, with one trace', async () => {
    const server = await startServer();
    const { messages, names, of } = listen();
    const url = server.url('/echo?page=1');
    await send(url, { method: 'POST', headers: { 'x-one': '1' }, body: 'hello' });
    expect(names()[0]).toBe('start');
    expect(names().slice(-2)).toEqual(['asyncStart', 'asyncEnd']);
    const middle = names().filter((name) => NAMES.includes(name as never));
    // node:http takes a body before there is a connection.
    const [first, second] = door === 'agent' ? ['requestSent', 'connected'] : ['connected', 'requestSent'];
    expect(middle).toEqual([first, second, 'responseStart', 'responseData']);
    const [trace] = of<HttpTrace>('start');
    expect(trace).toMatchObject({ door, method: 'POST', url, status: 200, statusText: 'OK' });
    expect(trace?.headers).toContainEqual(['x-one', '1']);
    expect(trace?.responseHeaders).toContainEqual(['Content-Type', 'application/octet-stream']);
    for (const [name, message] of messages) {
      expect(NAMES.includes(name as never) ? (message as { trace: object }).trace : message).toBe(trace);
    }
    expect(of<HttpConnectedMessage>('connected')).toMatchObject([{ address: '127.0.0.1', proxy: undefined }]);
    expect(of('requestSent')).toMatchObject([{ sent: 5 }]);
    expect(of('responseStart')).toMatchObject([{ status: 200, contentType: 'application/octet-stream', length: 5 }]);
    expect(of('responseData')).toMatchObject([{ received: 5 }]);
  });

  it('follow the download, and the same bytes', async () => {
    const server = await startServer();
    const { of } = listen();
    const size = 1024 * 1024;
    const bytes = await send(server.url(`/large?size=${size}`));
    const parts = of<HttpResponseDataMessage>('responseData');
    expect(Buffer.concat(parts.map(({ chunk }) => chunk)).equals(bytes)).toBe(true);
    expect(parts.at(-1)?.received).toBe(size);
    expect(of('responseStart')).toMatchObject([{ length: size }]);
  });

  it('get the proxy of a new connection', async () => {
    const server = await startServer();
    const proxy = await startProxy();
    const { of } = listen();
    const options = { proxy: proxy.option() };
    if (door === 'agent') await byAgent(server.url(), { agent: agentWith(options) });
    else await (await fetch(server.url(), { dispatcher: dispatcherWith(options) } as RequestInit)).text();
    expect(of<HttpConnectedMessage>('connected')).toMatchObject([{ proxy: proxy.place }]);
  });

  it('get the error of a request that fails', async () => {
    const server = await startRawServer(() => 'nonsense\r\n\r\n');
    const { of, names } = listen();
    await expect(send(`http://${server.place}/`)).rejects.toThrow();
    expect(of<HttpTrace>('error')).toMatchObject([{ error: expect.any(Error) }]);
    expect(names().at(-1)).toBe('asyncEnd');
  });

  it('see neither credentials nor tokens', async () => {
    const server = await startServer();
    const { messages, of } = listen();
    const headers = { authorization: 'Bearer topsecret', cookie: 'sid=topsecret', 'x-api-key': 'topsecret' };
    await send(server.url('/cookies?token=topsecret&page=1'), { headers });
    expect(of<HttpTrace>('start')[0]?.url).toBe(server.url('/cookies?token=***&page=1'));
    const text = JSON.stringify(messages);
    expect(text).not.toMatch(/topsecret|first=1/);
    expect(text).toContain('page=1');
  });

  it('bind a store of AsyncLocalStorage to the request', async () => {
    const server = await startServer();
    const storage = new AsyncLocalStorage<object>();
    const start = channel('tracing:winwire:http:request:start');
    start.bindStore(storage, (trace) => trace as object);
    onTestFinished(() => void start.unbindStore(storage));
    const stores: (object | undefined)[] = [];
    const { of } = listen();
    const note = () => void stores.push(storage.getStore());
    if (door === 'agent') {
      await byAgent(server.url());
    } else {
      const dispatcher = dispatcherWith();
      await new Promise<void>((resolve, reject) => {
        dispatcher.dispatch(
          { origin: server.url(), path: '/', method: 'GET' },
          {
            onRequestStart: note,
            onResponseStart: note,
            onResponseData: note,
            onResponseEnd: () => resolve(note()),
            onResponseError: (_: unknown, error: Error) => reject(error),
          },
        );
      });
      expect(stores).toEqual(Array(4).fill(of('start')[0]));
    }
    expect(storage.getStore()).toBeUndefined();
  });
});

it('the upload is counted anew when a request is sent again with credentials', async () => {
  const server = await startServer();
  const { of } = listen();
  const credentials = { [new URL(server.url()).origin]: { username: USER.userName, password: USER.password } };
  const dispatcher = dispatcherWith({ proxy: 'direct', credentials, schemes: ['Basic'] });
  const init = { method: 'POST', body: 'hello', dispatcher };
  expect(await (await fetch(server.url('/basic'), init as RequestInit)).text()).toBe('welcome');
  expect(of<HttpRequestSentMessage>('requestSent')).toMatchObject([
    { sent: 5, total: 5 },
    { sent: 5, total: 5 },
  ]);
  expect(of('start')).toHaveLength(1);
  const { password } = USER;
  const encoded = Buffer.from(`${USER.userName}:${password}`).toString('base64');
  expect(JSON.stringify(of('asyncEnd'))).not.toMatch(new RegExp(`${password}|${encoded}`));
});

it('an abort is published with its reason, before the end', async () => {
  const server = await startServer();
  const { of, names } = listen();
  const abort = new AbortController();
  const sent = fetch(server.url('/never'), { signal: abort.signal, dispatcher: dispatcherWith() } as RequestInit);
  await server.arrived();
  abort.abort();
  await expect(sent).rejects.toThrow();
  expect(names()).toContain('abort');
  expect(of('error')).toHaveLength(1);
  expect(names().at(-1)).toBe('asyncEnd');
});

it('a request of node:http keeps its behaviour: unread bodies, errors, what is written', async () => {
  const server = await startServer();
  const { of } = listen();
  // Without a listener of `response` node:http reads and drops the body.
  const unread = nodeRequest(server.url('/large?size=1000000'), { agent: agentWith() }).end();
  await once(unread, 'close');
  expect(of<HttpTrace>('asyncEnd')).toMatchObject([{ status: 200 }]);
  const sent = nodeRequest(server.url('/echo'), { agent: agentWith(), method: 'PUT' });
  sent.setHeader('x-late', '1');
  sent.write('68656c', 'hex');
  sent.end(Buffer.from('lo'));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  expect(`${await buffer(response)}`).toBe('hello');
  expect(of<HttpTrace>('start').at(-1)?.headers).toContainEqual(['x-late', '1']);
  expect(of<HttpRequestSentMessage>('requestSent').map(({ sent: bytes }) => bytes)).toEqual([3, 5]);
});

it('HAR files have these requests, with bodies and without secrets', async () => {
  const server = await startServer();
  const recorder = recordHar();
  onTestFinished(() => recorder.stop());
  const headers = { authorization: 'Bearer topsecret', 'content-type': 'text/plain' };
  for (const send of Object.values(doors)) {
    await send(server.url('/echo?token=topsecret'), { method: 'POST', body: 'hello', headers });
  }
  await expect(doors.dispatcher(`http://127.0.0.1:${await closedPort()}/`)).rejects.toThrow();
  const { entries } = recorder.toJSON().log;
  expect(entries.map(({ comment }) => comment)).toEqual(['ProxyDispatcher', 'ProxyAgent', 'ProxyDispatcher']);
  for (const { request, response, timings, serverIPAddress } of entries.slice(0, 2)) {
    expect(request).toMatchObject({ method: 'POST', bodySize: 5, postData: { mimeType: 'text/plain', text: 'hello' } });
    expect(response).toMatchObject({ status: 200, statusText: 'OK', content: { size: 5, text: 'hello' } });
    expect(serverIPAddress).toBe('127.0.0.1');
    expect(timings.connect).toBeGreaterThanOrEqual(0);
    expect(Math.min(timings.send, timings.wait, timings.receive)).toBeGreaterThanOrEqual(0);
  }
  expect(entries[2]).toMatchObject({ response: { status: 0, comment: expect.stringContaining('ECONNREFUSED') } });
  expect(JSON.stringify(recorder)).not.toContain('topsecret');
});

it('HAR files keep secrets on request, and leave out what is too long', async () => {
  const server = await startServer();
  const recorder = recordHar({ keepSecrets: true, limits: { bodySize: 10 } });
  onTestFinished(() => recorder.stop());
  const headers = { authorization: 'Bearer topsecret' };
  await doors.dispatcher(server.url('/echo'), { method: 'POST', body: 'x'.repeat(100), headers });
  const [entry] = recorder.toJSON().log.entries;
  expect(entry?.request.headers).toContainEqual({ name: 'authorization', value: 'Bearer topsecret' });
  expect(entry?.request).toMatchObject({ bodySize: 100, postData: { comment: expect.stringContaining('100 bytes') } });
  expect(entry?.response.content).toMatchObject({ size: 100, comment: expect.stringContaining('100 bytes') });
});
