// The same request by Node's own fetch and by this package's: results, errors and what the server gets are the same.
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Act, describeError, describeResponse } from '../helpers/fetch-outcome.ts';
import { startComparison } from '../helpers/same-fetch.ts';

const { same, both } = startComparison();

type Init = RequestInit & { readonly duplex?: 'half'; readonly cache?: string };

const get =
  (path = '/', init: () => Init = () => ({})): Act =>
  async (call, origin) =>
    describeResponse(await call(new URL(path, origin), init()));

const hello: RequestListener = (_request, response) => response.end('hello');

const stream = (...parts: string[]) => new Blob(parts).stream();
const form = () => {
  const body = new FormData();
  body.set('name', 'välue');
  body.append('file', new File(['bytes'], 'a "b".txt', { type: 'text/plain' }));
  return body;
};
async function* parts() {
  yield Buffer.from('hel');
  yield Buffer.from('lo');
}

const BODIES: Record<string, () => Init> = {
  'a string': () => ({ body: 'hellö' }),
  'an empty string': () => ({ body: '' }),
  'no body': () => ({}),
  null: () => ({ body: null }),
  URLSearchParams: () => ({ body: new URLSearchParams({ a: '1 2', b: 'ü' }) }),
  FormData: () => ({ body: form() }),
  'a Blob': () => ({ body: new Blob(['hello'], { type: 'text/x' }) }),
  'an empty Blob': () => ({ body: new Blob([]) }),
  'an ArrayBuffer': () => ({ body: new TextEncoder().encode('hello').buffer as ArrayBuffer }),
  'a view': () => ({ body: new Uint8Array([1, 2, 3, 4]).subarray(1, 3) }),
  'a DataView': () => ({ body: new DataView(new ArrayBuffer(3)) }),
  'a stream': () => ({ body: stream('hel', 'lo'), duplex: 'half' }),
  'a stream without duplex': () => ({ body: stream('hel', 'lo') }),
  'an empty stream': () => ({ body: stream(), duplex: 'half' }),
  'an async iterable': () => ({ body: parts() as never, duplex: 'half' }),
  'a stream that fails': () => ({
    body: new ReadableStream({ pull: (controller) => controller.error(new RangeError('mine')) }),
    duplex: 'half',
  }),
  'an object': () => ({ body: { toString: () => 'text' } as never }),
  'a content type of the caller': () => ({ body: 'x', headers: { 'Content-Type': 'a/b' } }),
  'a content length of the caller': () => ({ body: 'hello', headers: { 'content-length': '5' } }),
  keepalive: () => ({ body: 'hello', keepalive: true }),
};

// Node's own sends the length of other methods twice, if the caller gives it too.
const bodiesOf = (method: string) =>
  Object.entries(BODIES).filter(([name]) => method !== 'CHICKEN' || name !== 'a content length of the caller');

describe.each(['POST', 'PUT', 'DELETE', 'PATCH', 'CHICKEN'])('a body of %s', (method) => {
  it.each(bodiesOf(method))('%s', async (_name, init) => {
    await same(
      get('/', () => ({ method, ...init() })),
      hello,
    );
  });
});

const CHUNKS: Record<string, unknown> = {
  ...{ 'a string': 'x', null: null, undefined: undefined, 'a number': 99, 'an object': {}, 'a Blob': new Blob(['x']) },
  ...{ 'an ArrayBuffer': new ArrayBuffer(2), 'no bytes': new Uint8Array(), 'other views': new Uint16Array([1, 2]) },
};

it.each(Object.entries(CHUNKS))('a stream with %s as its second chunk', async (_name, chunk) => {
  const body = () =>
    new ReadableStream({
      start: (controller) => {
        for (const one of [Buffer.from('a'), chunk]) controller.enqueue(one);
        controller.close();
      },
    });
  // What the server gets before the fault depends on the moment.
  const answer: RequestListener = (_request, response) => response.end('hello');
  const act: Act = async (call, origin) => {
    const init = { method: 'POST', body: body(), duplex: 'half' } as Init;
    return call(origin, init).then(describeResponse, describeError);
  };
  const [expected, outcome] = (await both(act, answer)) as { result: unknown }[];
  expect(outcome?.result).toEqual(expected?.result);
});

describe.each([401, 407, 408, 421, 425, 429, 503])('the status %i', (status) => {
  const INITS: Record<string, () => Init> = {
    'to a GET': () => ({}),
    'to a POST of a string': () => ({ method: 'POST', body: 'x' }),
    'to a POST of a stream': () => ({ method: 'POST', body: stream('a', 'b'), duplex: 'half' }),
    'without credentials': () => ({ credentials: 'omit' }),
  };
  it.each(Object.entries(INITS))('%s', async (_name, init) => {
    const fields = { 'WWW-Authenticate': 'Basic realm="a"', 'Proxy-Authenticate': 'Basic', 'Retry-After': '0' };
    await same(get('/', init), (_request, response) => response.writeHead(status, fields).end('no'));
  });
});

const INITS: Record<string, () => Init> = {
  HEAD: () => ({ method: 'HEAD' }),
  'get in lower case': () => ({ method: 'get' }),
  'patch in lower case': () => ({ method: 'patch', body: 'x' }),
  TRACE: () => ({ method: 'TRACE' }),
  CONNECT: () => ({ method: 'CONNECT' }),
  'an invalid method': () => ({ method: 'a b' }),
  'GET with a body': () => ({ body: 'x' }),
  'headers as pairs': () => ({
    headers: [
      ['a', '1'],
      ['A', '2'],
    ],
  }),
  'headers of a Headers': () => ({ headers: new Headers({ 'X-Y': ' z ' }) }),
  'an invalid name': () => ({ headers: { 'a b': '1' } }),
  'an invalid value': () => ({ headers: { a: 'b\nc' } }),
  'a value beyond Latin-1': () => ({ headers: { a: '€' } }),
  'a value of Latin-1': () => ({ headers: { a: 'é' } }),
  'fields that browsers forbid': () => ({ headers: { cookie: 'a=b', host: 'other', connection: 'close', te: 'x' } }),
  'a range': () => ({ headers: { range: 'bytes=0-1' } }),
  'accept and user agent': () => ({ headers: { accept: 'a/b', 'user-agent': 'me', 'accept-encoding': 'identity' } }),
  'Expect: 100-continue': () => ({ method: 'POST', body: 'x', headers: { expect: '100-continue' } }),
  'transfer-encoding': () => ({ method: 'POST', body: 'x', headers: { 'transfer-encoding': 'chunked' } }),
  upgrade: () => ({ headers: { upgrade: 'x', connection: 'upgrade' } }),
  referrer: () => ({ referrer: 'http://other.example/x', referrerPolicy: 'unsafe-url' }),
  'an invalid referrer': () => ({ referrer: 'http://' }),
  'good integrity': () => ({ integrity: 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=' }),
  'bad integrity': () => ({ integrity: 'sha256-AAAANul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=' }),
  'mode no-cors': () => ({ mode: 'no-cors' }),
  'mode same-origin': () => ({ mode: 'same-origin' }),
  'mode navigate': () => ({ mode: 'navigate' }),
  'cache only-if-cached': () => ({ cache: 'only-if-cached', mode: 'same-origin' }),
  'cache no-store': () => ({ cache: 'no-store' }),
  'cache reload': () => ({ cache: 'reload' }),
  'credentials omit': () => ({ credentials: 'omit' }),
  'credentials include': () => ({ credentials: 'include' }),
  'an unknown value': () => ({ credentials: 'x' as never }),
  'a window': () => ({ window: 1 as never }),
  'an aborted signal': () => ({ signal: AbortSignal.abort() }),
  'an aborted signal with a reason': () => ({ signal: AbortSignal.abort(new RangeError('mine')) }),
  'something else as signal': () => ({ signal: {} as never }),
};

it.each(Object.entries(INITS))('the option: %s', async (_name, init) => {
  await same(get('/path?query#fragment', init), hello);
});

it('the option: a time-out that has passed', async () => {
  const signal = AbortSignal.timeout(0);
  await once(signal, 'abort');
  await same(
    get('/', () => ({ signal })),
    hello,
  );
});

it('the option: a time-out that passes before the answer', async () => {
  // Whether the request has arrived by then is left to chance.
  const [node, ours] = await both(
    get('/', () => ({ signal: AbortSignal.timeout(20) })),
    () => {},
  );
  expect(ours).toMatchObject({ result: (node as { result: object }).result });
  expect(ours).toMatchObject({ result: { name: 'TimeoutError' } });
});

it.each([
  'data:,hello%20there',
  'data:text/plain;charset=utf-8;base64,aMOp',
  'data:text/html',
  'data:;base64,%%%',
  'data:image/png;BASE64,AAAA',
  'data:text/plain;a=b;base64,aA==#fragment',
  'about:blank',
  'about:config',
  'file:///etc/hostname',
  'ftp://127.0.0.1/',
  'mailto:x',
  'blob:nodedata:none',
  '/relative',
  '',
  'http://',
  'http://user:password@127.0.0.1:1/',
  'http://127.0.0.1:1/',
  'http://127.0.0.1:25/',
  'http://[::1]:6000/',
  'https://127.0.0.1:6697/',
])('the URL %j', async (url) => {
  await same(async (call) => describeResponse(await call(url)), hello);
  await same(async (call) => describeResponse(await call(url, { method: 'POST', body: 'x' })), hello);
});

it.each([{}, { method: 'HEAD' }, { method: 'POST' }, { headers: { range: 'bytes=1-2' } }])(
  'a blob URL with %j',
  async (init) => {
    const url = URL.createObjectURL(new Blob(['hello'], { type: 'text/x' }));
    await same(async (call) => describeResponse(await call(url, init)), hello);
    URL.revokeObjectURL(url);
    await same(async (call) => describeResponse(await call(url, init)), hello);
  },
);

describe.each([301, 302, 303, 304, 307, 308, 300, 399])('the status %i', (status) => {
  const to =
    (location: string | undefined): RequestListener =>
    (request, response) => {
      if (request.url !== '/') return void response.end('arrived');
      response.writeHead(status, location === undefined ? {} : { Location: location }).end('moved');
    };
  const INITS: Record<string, () => Init> = {
    GET: () => ({}),
    HEAD: () => ({ method: 'HEAD' }),
    'POST of a string': () => ({ method: 'POST', body: 'x', headers: { authorization: 'a', cookie: 'b' } }),
    'POST of a stream': () => ({ method: 'POST', body: stream('x'), duplex: 'half' }),
    'PUT of a form': () => ({ method: 'PUT', body: form() }),
    manual: () => ({ redirect: 'manual' }),
    error: () => ({ redirect: 'error' }),
  };
  it.each(Object.entries(INITS))('%s', async (_name, init) => {
    await same(get('/', init), to('/next#fragment'));
  });

  it.each(['http://', 'data:,x', '?query', undefined, '', '//127.0.0.1:1/', 'http://me:pass@127.0.0.1:1/', '/é'])(
    'to %j',
    async (location) => same(get('/'), to(location && Buffer.from(location).toString('latin1'))),
  );
});

it.each([19, 20, 21])('%i redirects', async (count) => {
  await same(get(`/${count}`), (request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) response.end('arrived');
    else response.writeHead(302, { Location: `/${left - 1}` }).end();
  });
});

const hasZstd = 'zstdCompressSync' in zlib;
const ENCODINGS: Record<string, [encoding: string, bytes: Buffer]> = {
  gzip: ['gzip', zlib.gzipSync('hello')],
  'x-gzip': ['x-gzip', zlib.gzipSync('hello')],
  'GZIP in upper case': ['GZIP', zlib.gzipSync('hello')],
  deflate: ['deflate', zlib.deflateSync('hello')],
  'raw deflate': ['deflate', zlib.deflateRawSync('hello')],
  br: ['br', zlib.brotliCompressSync('hello')],
  ...(hasZstd && { zstd: ['zstd', (zlib as unknown as Zstd).zstdCompressSync('hello')] as [string, Buffer] }),
  'zstd, perhaps unknown': ['zstd', Buffer.from('28b52ffd04582900006 8656c6c6f'.replaceAll(' ', ''), 'hex')],
  two: ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync('hello'))],
  identity: ['identity', Buffer.from('hello')],
  unknown: ['chicken', Buffer.from('hello')],
  'unknown with a known one': ['chicken, gzip', zlib.gzipSync('hello')],
  empty: ['gzip', Buffer.alloc(0)],
  'not compressed': ['gzip', Buffer.from('hello')],
  'not brotli': ['br', Buffer.from('hello')],
  truncated: ['gzip', zlib.gzipSync('hello'.repeat(100)).subarray(0, 20)],
  'truncated brotli': ['br', zlib.brotliCompressSync('hello'.repeat(100)).subarray(0, 8)],
  'followed by other bytes': ['gzip', Buffer.concat([zlib.gzipSync('hello'), Buffer.from('more')])],
  'two members': ['gzip', Buffer.concat([zlib.gzipSync('hello'), zlib.gzipSync(' there')])],
  many: [Array(6).fill('gzip').join(), zlib.gzipSync('hello')],
};
interface Zstd {
  zstdCompressSync(text: string): Buffer;
}

describe.each(['GET', 'HEAD'])('a %s with Content-Encoding', (method) => {
  it.each(Object.entries(ENCODINGS))('%s', async (_name, [encoding, bytes]) => {
    await same(
      get('/', () => ({ method })),
      (_request, response) => response.writeHead(200, { 'Content-Encoding': encoding }).end(bytes),
    );
  });
});

it.each([204, 205, 304])('a response %i with Content-Encoding', async (status) => {
  await same(get(), (_request, response) => response.writeHead(status, { 'Content-Encoding': 'gzip' }).end());
});

describe('Request and Response', () => {
  const CASES: Record<string, Act> = {
    'a Request': async (call, origin) =>
      describeResponse(await call(new Request(origin, { method: 'POST', body: 'x', headers: { a: 'b' } }))),
    'a Request whose body was used': async (call, origin) => {
      const request = new Request(origin, { method: 'POST', body: 'x' });
      await request.text();
      return describeResponse(await call(request));
    },
    'a clone after its original': async (call, origin) => {
      const request = new Request(origin, { method: 'POST', body: 'x' });
      const clone = request.clone();
      return [await describeResponse(await call(request)), await describeResponse(await call(clone)), request.bodyUsed];
    },
    'a clone of the response': async (call, origin) => {
      const response = await call(origin);
      const clone = response.clone();
      return [await response.text(), await clone.text()];
    },
    'a body that is read twice': async (call, origin) => {
      const response = await call(origin);
      await response.text();
      return response.text();
    },
    'parts of a body': async (call, origin) => {
      const response = await call(origin);
      const texts: string[] = [];
      for await (const part of response.body as unknown as AsyncIterable<Uint8Array>)
        texts.push(`${Buffer.from(part)}`);
      return texts.join('');
    },
    'invalid JSON': async (call, origin) => (await call(origin)).json(),
    'an invalid form': async (call, origin) => (await call(origin)).formData(),
    'headers of a response that are changed': async (call, origin) => {
      (await call(origin)).headers.set('a', 'b');
    },
    'no arguments': async (call) => (call as unknown as () => Promise<Response>)(),
    'a number': async (call) => call(1 as never),
    'an object with toString': async (call, origin) =>
      describeResponse(await call({ toString: () => origin } as never)),
  };

  it.each(Object.entries(CASES))('%s', async (_name, act) => {
    await same(act, hello);
  });
});
