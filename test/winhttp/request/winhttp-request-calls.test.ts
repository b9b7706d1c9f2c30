// How the members of WinHttpRequest work together: order, promises, signals, listeners, disposal.
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { AbortError } from '../../../lib/abort-signal.ts';
import { WinHttpRequest } from '../../../lib/index.ts';
import { closedPort } from '../../../lib/parity/http-server.ts';
import { create, failure, opened, sent } from '../../helpers/http-request.ts';
import { HttpServer, headerOf } from '../../helpers/http-server.ts';

const CANCELLED = 'ERROR_WINHTTP_OPERATION_CANCELLED';

test('calls need not be awaited separately', async () => {
  await using server = await HttpServer.start();
  const request = await create();
  const calls = [
    request.open('POST', server.url('/echo')),
    request.setRequestHeader('X-One', '1'),
    request.send('body'),
    request.waitForResponse(),
    request.responseText,
  ];
  // The text is requested while the request is pending: the call rejects, without an unhandled rejection.
  const [, , , isThere] = await Promise.all(calls.slice(0, 4));
  expect(isThere).toBe(true);
  await failure(calls[4] as Promise<string>, 'E_PENDING');
  expect(await request.responseText).toBe('body');
  expect(headerOf(await server.arrived(), 'x-one')).toBe('1');
});

test('open, send, abort, open, send in one go', async () => {
  await using server = await HttpServer.start();
  const request = await create();
  const first = request.open('GET', server.url('/never')).then(() => 'opened');
  const pending = request.send();
  const aborted = request.abort();
  const second = request.open('GET', server.url());
  const done = request.send();
  await failure(pending, CANCELLED);
  await Promise.all([first, aborted, second, done]);
  expect(await request.responseText).toBe('hello');
});

test('an open that fails does not affect the pending request', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url('/trickle?every=20&parts=3'));
  const done = request.send();
  await failure(request.open('GET', 'nothing'), 'ERROR_WINHTTP_UNRECOGNIZED_SCHEME');
  await done;
  expect(await request.responseText).toBe('xxx');
});

test('a send during open depends on the result of open', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url('/never'));
  const first = request.send();
  const open = request.open('GET', 'nothing');
  const second = request.send();
  await failure(open, 'ERROR_WINHTTP_UNRECOGNIZED_SCHEME');
  await failure(second, 'ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND');
  await request.abort();
  await failure(first, CANCELLED);
});

test('the signal of send aborts the request', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url('/never'));
  const controller = new AbortController();
  const pending = request.send(undefined, { signal: controller.signal });
  await server.arrived();
  controller.abort('enough');
  await expect(pending).rejects.toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' });
  await server.allClosed();
  await failure(request.status, 'ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND');
  await request.open('GET', server.url());
  await request.send(undefined, { signal: new AbortController().signal });
});

test('a signal that is already aborted sends nothing', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url());
  await expect(request.send(undefined, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(AbortError);
  expect(server.requests.length).toBe(0);
  await request.send();
  expect(server.requests.length).toBe(1);
});

test('the signal of waitForResponse ends the wait only', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url('/trickle?every=100&parts=2'));
  const done = request.send();
  const controller = new AbortController();
  const wait = request.waitForResponse(undefined, { signal: controller.signal });
  controller.abort('enough');
  await expect(wait).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
  await expect(request.waitForResponse(1, { signal: controller.signal })).rejects.toBeInstanceOf(AbortError);
  await done;
});

test('a handled failure causes no unhandled rejection, another one does', async () => {
  const unhandled = vi.fn();
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', unhandled);
  try {
    const url = `http://127.0.0.1:${await closedPort()}/`;
    const waited = await opened(url);
    void waited.send();
    await failure(waited.waitForResponse(), 'ERROR_WINHTTP_CANNOT_CONNECT');
    const listened = await opened(url);
    void listened.send();
    await once(listened, 'error').catch(() => {});
    void listened.responseText;
    await turn();
    expect(unhandled).not.toHaveBeenCalled();
    const ignored = await opened(url);
    void ignored.send();
    await vi.waitUntil(() => unhandled.mock.calls.length > 0);
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
  }
});

test('an exception of a listener reaches the process, and the request continues', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url());
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  try {
    const thrown = once(process, 'uncaughtException');
    request.on('responseStart', () => {
      throw new Error('of a listener');
    });
    await request.send();
    expect(await thrown).toMatchObject([{ message: 'of a listener' }, 'uncaughtException']);
    expect(await request.responseText).toBe('hello');
  } finally {
    for (const listener of others) process.on('uncaughtException', listener);
  }
});

test('listeners may change their chunks', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url());
  const progress: unknown[] = [];
  request.on('responseDataAvailable', (chunk) => chunk.fill(0));
  request.on('downloadProgress', (...values) => progress.push(values));
  await request.send();
  expect(await request.responseText).toBe('hello');
  expect(progress).toEqual([[5, 5]]);
});

test('uploads report their progress, small or large', async () => {
  await using server = await HttpServer.start();
  const size = 200 * 1024;
  for (const [bytes, steps] of [
    [10, 1],
    [size, 4],
  ] as const) {
    const request = await opened(server.url('/echo'), 'POST');
    const progress: (readonly [number, number])[] = [];
    request.on('uploadProgress', (...values) => progress.push(values));
    await request.send(new Uint8Array(bytes).fill(7));
    expect(progress.length).toBe(steps);
    expect(progress.at(-1)).toEqual([bytes, bytes]);
    expect((await request.responseBody).length).toBe(bytes);
  }
});

test.each([
  ['bytes', () => Buffer.from('bytes')],
  ['a DataView', () => new DataView(new Uint8Array(Buffer.from('bytes')).buffer)],
  ['an ArrayBuffer', () => new Uint8Array(Buffer.from('bytes')).buffer],
  ['a Blob', () => new Blob(['by', 'tes'])],
  ['a Readable', () => Readable.from(['by', Buffer.from('tes')])],
  ['a web stream', () => new Blob(['bytes']).stream()],
  [
    'an async iterable',
    async function* () {
      yield 'by';
      yield new Uint8Array(Buffer.from('tes'));
    },
  ],
])('a body can be %s', async (_what, body) => {
  await using server = await HttpServer.start();
  const request = await opened(server.url('/echo'), 'POST');
  await request.send(body() as Blob);
  expect(await request.responseText).toBe('bytes');
});

test('bytes are copied when they are passed', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url('/echo'), 'POST');
  const bytes = Buffer.from('before');
  const done = request.send(bytes);
  bytes.fill('x');
  await done;
  expect(await request.responseText).toBe('before');
});

test.each([1, true, Symbol.iterator, {}, [], () => {}])('%s is not a valid body', async (body) => {
  const request = await opened('http://127.0.0.1/');
  await expect(request.send(body as string)).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
});

test('a body that fails while it is read, is too large, or is cancelled', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url('/echo'), 'POST', { limits: { requestBody: 8 } });
  const broken = new Error('broken');
  const error = await failure(
    request.send(
      new Readable({
        read() {
          this.destroy(broken);
        },
      }),
    ),
    'ERROR_READ_FAULT',
  );
  expect(error).toMatchObject({ cause: broken, syscall: 'IWinHttpRequest::Send' });
  const used = Readable.from(['1']);
  await used.toArray();
  await failure(request.send(used), 'ERROR_READ_FAULT');
  const large = Readable.from(['12345', '6789', '0']);
  await failure(request.send(large), 'ERROR_FILE_TOO_LARGE');
  expect(large.destroyed).toBe(true);
  await expect(request.send(Readable.from([{}]))).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  const endless = new Readable({ read() {} });
  const pending = request.send(endless);
  await failure(request.send('second'), 'ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND');
  await request.abort();
  await failure(pending, CANCELLED);
  expect(endless.destroyed).toBe(true);
  expect(server.requests.length).toBe(0);
});

test('the end of the object', async () => {
  await using server = await HttpServer.start();
  const finished = await sent(server.url());
  const stream = await finished.responseStream;
  await finished[Symbol.asyncDispose]();
  await finished[Symbol.asyncDispose]();
  expect(Buffer.concat(await stream.toArray()).toString()).toBe('hello');
  for (const call of [
    finished.status,
    finished.open('GET', server.url()),
    finished.send(),
    finished.waitForResponse(),
    finished.abort(),
  ]) {
    await expect(call).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_HANDLE' });
  }
  const request = await opened(server.url('/never'));
  const pending = request.send();
  await server.arrived(2);
  await request[Symbol.asyncDispose]();
  await failure(pending, CANCELLED);
});

test('a value that could inject is rejected before it reaches the object', async () => {
  const request = await opened('http://127.0.0.1/');
  const bad = 'a\r\nb';
  const calls = [
    request.open(bad, 'http://127.0.0.1/'),
    request.open('GET', `http://127.0.0.1/${bad}`),
    request.setRequestHeader(bad, 'value'),
    request.setRequestHeader('name', 'a\0b'),
    request.setCredentials(bad, 'password', 0),
    request.setProxy(2, bad),
    request.setOption('UserAgentString', bad),
    request.getResponseHeader(bad),
    request.setClientCertificate(bad),
    WinHttpRequest.request('http://127.0.0.1/', { backend: 'portable', headers: { name: bad } }),
  ];
  for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_CHAR' });
});

test('Infinity disables a limit', async () => {
  await using server = await HttpServer.start();
  const none = Number.POSITIVE_INFINITY;
  const limits = { responseMemory: none, responseBody: none, responseText: none, requestBody: none };
  const request = await opened(server.url('/echo'), 'POST', { limits });
  await request.send(Readable.from(['text']));
  expect([await request.responseText, String(await request.responseBody)]).toEqual(['text', 'text']);
});

test('an invalid header value is reported with its name', async () => {
  const headers = { 'X-Count': 5 as never };
  await expect(WinHttpRequest.request('http://127.0.0.1/', { backend: 'portable', headers })).rejects.toMatchObject({
    code: 'ERR_INVALID_ARG_TYPE',
    message: expect.stringContaining('"headers.X-Count"'),
  });
});

test('values of other types and numbers out of range are rejected', async () => {
  const request = await create();
  const wrong = 'x' as never;
  for (const call of [
    request.open(1 as never, ''),
    request.open('GET', 'http://a/', {} as never),
    request.setTimeouts(wrong, 0, 0, 0),
    request.setProxy(wrong),
    request.setOption('EnableRedirects', {} as never),
    request.setClientCertificate({ cert: 1, key: 2 } as never),
    request.setClientCertificate({ pfx: 'a', passphrase: 1 } as never),
    request.waitForResponse(wrong),
    request.waitForResponse(1, { signal: wrong }),
    request.send('', wrong),
    create({ limits: wrong }),
    create({ limits: { responseBody: wrong } }),
    create({ environmentProxy: wrong }),
    create({ backend: 1 as never }),
  ]) {
    await expect(call).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
  }
  for (const call of [
    request.setTimeouts(0.5, 0, 0, 0),
    request.setAutoLogonPolicy(2 ** 32),
    request.waitForResponse(Number.NaN),
    create({ limits: { responseBody: -1 } }),
    create({ limits: { responseMemory: 0.5 } }),
  ]) {
    await expect(call).rejects.toMatchObject({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
  }
  for (const call of [
    request.getOption('Nothing' as never),
    create({ backend: 'neither' as never }),
    create({ limits: { responsBody: 1 } as never }),
  ]) {
    await expect(call).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
  }
});

test('a pending request that is not referenced lets the process end', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url('/never'));
  expect(request.unref().ref().unref()).toBe(request);
  void request.send().catch(() => {});
  await server.arrived();
  const handles = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  request.ref();
  expect(process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length).toBe(handles + 1);
});

test('an object is created by create only', () => {
  const Constructor = WinHttpRequest as unknown as new (options?: object) => WinHttpRequest;
  for (const options of [undefined, {}]) {
    expect(() => new Constructor(options)).toThrow(
      expect.objectContaining({
        code: 'ERR_ILLEGAL_CONSTRUCTOR',
        message: expect.stringContaining('WinHttpRequest.create()'),
      }),
    );
  }
});

test('open in a listener of the data is followed by no event of the old request', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url('/trickle'));
  const late: string[] = [];
  let reopening: Promise<void> | undefined;
  request.on('downloadProgress', () => reopening && late.push('downloadProgress'));
  request.on('responseDataAvailable', () => {
    reopening ??= request.open('GET', server.url());
  });
  await failure(request.send(), CANCELLED);
  await reopening;
  expect(late).toEqual([]);
});
