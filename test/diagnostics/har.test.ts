import { createRequire } from 'node:module';
import { afterEach, describe, expect, it } from 'vitest';
import { type HarOptions, type HarRecorder, recordHar } from '../../lib/diagnostics/har.ts';
import type { Har, HarEntry } from '../../lib/diagnostics/har-types.ts';
import { SslErrorFlag, WinHttpRequest } from '../../lib/index.ts';
import { closedPort } from '../../lib/parity/http-server.ts';
import { requestBackends } from '../helpers/backends.ts';
import * as certificates from '../helpers/certificates.ts';
import { HttpServer } from '../helpers/http-server.ts';
import { schemaErrors } from './har-schema.ts';

const require = createRequire(import.meta.url);

let recorder: HarRecorder | undefined;

function record(options?: HarOptions): HarRecorder {
  recorder = recordHar(options);
  return recorder;
}

afterEach(() => recorder?.stop());

/** Returns the file after validating it. */
function fileOf(recorder: HarRecorder): Har {
  const file = JSON.parse(JSON.stringify(recorder)) as Har;
  expect(schemaErrors('har.json#', file)).toEqual([]);
  for (const entry of file.log.entries) {
    const { dns, connect, send, wait, receive } = entry.timings;
    // The schema allows -1 for them, the format does not.
    expect(Math.min(send, wait, receive)).toBeGreaterThanOrEqual(0);
    expect(entry.time).toBeCloseTo(Math.max(dns, 0) + Math.max(connect, 0) + send + wait + receive, 6);
    expect(Number.isNaN(Date.parse(entry.startedDateTime))).toBe(false);
  }
  return file;
}

const entriesOf = (recorder: HarRecorder): readonly HarEntry[] => fileOf(recorder).log.entries;

const onlyEntry = (recorder: HarRecorder): HarEntry => {
  const entries = entriesOf(recorder);
  expect(entries).toHaveLength(1);
  return entries[0] as HarEntry;
};

it('the schema rejects an invalid HAR', () => {
  expect(schemaErrors('har.json#', { log: { version: '1.2', creator: { name: 'x' }, entries: [] } })).not.toEqual([]);
});

describe.each(requestBackends)('recordHar on %s', (backend) => {
  it('writes an empty log without requests', () => {
    const { version } = require('../../package.json');
    expect(fileOf(record())).toEqual({ log: { version: '1.2', creator: { name: 'winwire', version }, entries: [] } });
  });

  it('writes requests of objects and whole requests alike', async () => {
    await using server = await HttpServer.start();
    const recorder = record();
    const url = server.url('/echo?page=1&q=a%20b');
    const headers = { 'Content-Type': 'text/plain', 'X-One': '1' };
    await WinHttpRequest.request(url, { backend, method: 'PUT', headers, body: 'hello' });
    await using request = await WinHttpRequest.create({ backend });
    await request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) await request.setRequestHeader(name, value);
    await request.send('hello');

    const entries = entriesOf(recorder);
    expect(entries).toHaveLength(2);
    for (const { request, response, timings } of entries) {
      expect(request).toMatchObject({ method: 'PUT', url, bodySize: 5, headersSize: -1 });
      expect(request.headers).toEqual(Object.entries(headers).map(([name, value]) => ({ name, value })));
      expect(request.queryString).toEqual([
        { name: 'page', value: '1' },
        { name: 'q', value: 'a b' },
      ]);
      expect(request.postData).toEqual({ mimeType: 'text/plain', text: 'hello' });
      expect(response).toMatchObject({ status: 200, statusText: 'OK', bodySize: 5, redirectURL: '' });
      expect(response.content).toEqual({ size: 5, mimeType: 'application/octet-stream', text: 'hello' });
      expect(response.headers).toContainEqual({ name: 'Content-Length', value: '5' });
      expect(timings).toMatchObject({ blocked: -1, dns: -1, ssl: -1 });
    }
  });

  it('writes bytes that are not UTF-8 as base64, in both directions', async () => {
    await using server = await HttpServer.start();
    const recorder = record();
    const body = Buffer.from([0, 255, 254, 10]);
    await WinHttpRequest.request(server.url('/echo'), { backend, method: 'POST', body });
    const { request, response } = onlyEntry(recorder);
    expect(request.postData).toEqual({ mimeType: '', text: body.toString('base64'), comment: 'base64' });
    expect(response.content).toMatchObject({ size: 4, encoding: 'base64', text: body.toString('base64') });
  });

  it('hides secrets', async () => {
    await using server = await HttpServer.start();
    const recorder = record();
    const headers = {
      Authorization: 'Bearer top-secret',
      Cookie: 'id=top-secret; theme=top-secret',
      'Content-Type': 'application/x-www-form-urlencoded',
    };
    const url = server.url('/cookies?token=top-secret&page=1').replace('http://', 'http://user:top-secret@');
    await WinHttpRequest.request(url, { backend, method: 'POST', headers, body: 'password=top-secret&x=1' });
    await WinHttpRequest.request(server.url('/echo'), {
      backend,
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"password":"top-secret"}',
    });
    expect(JSON.stringify(recorder)).not.toContain('top-secret');
    const [{ request, response } = expect.fail()] = entriesOf(recorder);
    expect(request.url).toMatch(/^http:\/\/\*\*\*@127\.0\.0\.1:\d+\/cookies\?token=\*\*\*&page=1$/);
    expect(request.headers.slice(0, 2).map(({ value }) => value)).toEqual(['***', '***']);
    expect(request.cookies.map(({ name, value }) => `${name}=${value}`)).toEqual(['id=***', 'theme=***']);
    expect(request.postData?.params).toEqual([
      { name: 'password', value: '***' },
      { name: 'x', value: '1' },
    ]);
    expect(response.cookies).toEqual([
      { name: 'first', value: '***', path: '/', httpOnly: false, secure: false },
      { name: 'second', value: '***', path: '/', httpOnly: false, secure: false },
    ]);
  });

  it('keeps secrets if asked to', async () => {
    await using server = await HttpServer.start();
    const recorder = record({ keepSecrets: true });
    const url = server.url('/cookies?token=top-secret').replace('http://', 'http://user:top-secret@');
    await WinHttpRequest.request(url, { backend, headers: { Cookie: 'id=a=b' } });
    const { request, response } = onlyEntry(recorder);
    expect(request).toMatchObject({ url, cookies: [{ name: 'id', value: 'a=b' }] });
    expect(response.cookies.map(({ value }) => value)).toEqual(['1', '2']);
  });

  it('writes a request without a response with status 0 and the reason', async () => {
    const recorder = record();
    const url = `http://127.0.0.1:${await closedPort()}/`;
    await WinHttpRequest.request(url, { backend }).catch(() => {});
    await using request = await WinHttpRequest.create({ backend });
    await request.open('GET', url);
    await request.send().catch(() => {});
    for (const { response } of entriesOf(recorder)) {
      expect(response).toMatchObject({ status: 0, statusText: '', content: { size: -1 }, bodySize: -1 });
      expect(response.comment).toContain('ERROR_WINHTTP_CANNOT_CONNECT');
    }
  });

  it('keeps a body as received, even if the program changes its bytes', async () => {
    await using server = await HttpServer.start();
    using recorder = recordHar();
    const whole = await WinHttpRequest.request(server.url('/echo'), { backend, method: 'POST', body: 'unchanged' });
    whole.body.fill('x');
    const request = await WinHttpRequest.create({ backend });
    request.on('responseDataAvailable', (chunk) => chunk.fill('x'));
    await request.open('POST', server.url('/echo'));
    await request.send('unchanged');
    await request[Symbol.asyncDispose]();
    expect(entriesOf(recorder).map(({ response }) => response.content.text)).toEqual(['unchanged', 'unchanged']);
  });

  it('omits bodies longer than the limit, or all', async () => {
    await using server = await HttpServer.start();
    const limited = record({ limits: { bodySize: 4 } });
    using without = recordHar({ bodies: false });
    await using request = await WinHttpRequest.create({ backend });
    await request.open('POST', server.url('/echo'));
    await request.send('hello');
    await WinHttpRequest.request(server.url('/echo'), { backend, method: 'POST', body: 'hello' });
    for (const { request, response } of entriesOf(limited)) {
      expect(request.postData?.text).toBe('');
      expect(response.content).toMatchObject({ size: 5, comment: expect.stringContaining('5 bytes') });
      expect(response.content.text).toBeUndefined();
    }
    expect(entriesOf(without)[0]?.response.bodySize).toBe(-1);
    for (const { request, response } of entriesOf(without)) {
      expect(request.postData?.text).toBe('');
      expect(response.content.text).toBeUndefined();
    }
  });

  it('keeps the last requests up to its limit, and none after stop', async () => {
    await using server = await HttpServer.start();
    const recorder = record({ limits: { entries: 2 } });
    for (const path of ['/?1', '/?2', '/?3']) await WinHttpRequest.request(server.url(path), { backend });
    recorder.stop();
    recorder.stop();
    await WinHttpRequest.request(server.url('/?4'), { backend });
    expect(entriesOf(recorder).map(({ request }) => request.url)).toEqual(
      ['/?2', '/?3'].map((path) => server.url(path)),
    );
    expect(recorder.dropped).toBe(1);
  });
});

it('separates the times of sending, waiting and receiving (portable)', async () => {
  await using server = await HttpServer.start();
  const recorder = record();
  await WinHttpRequest.request(server.url('/trickle?every=20&parts=2'), { backend: 'portable' });
  const { timings } = onlyEntry(recorder);
  expect(timings.wait).toBeGreaterThan(0);
  // The second part arrives in a later turn of the event loop than the head.
  expect(timings.receive).toBeGreaterThan(0);
});

it('separates the times of lookup, connecting and TLS, once per connection (portable)', async () => {
  await using server = await HttpServer.start(certificates.selfSigned());
  const recorder = record();
  const options = { SslErrorIgnoreFlags: SslErrorFlag.Ignore_All };
  for (const host of ['localhost', 'localhost', '127.0.0.1']) {
    await WinHttpRequest.request(server.url('/', host), { backend: 'portable', options });
  }
  const [first, second, third] = entriesOf(recorder);
  expect(first?.serverIPAddress).toMatch(/^(127\.0\.0\.1|::1)$/);
  expect(first?.timings.dns).toBeGreaterThanOrEqual(0);
  expect(first?.timings.ssl).toBeGreaterThan(0);
  expect(first?.timings.connect).toBeGreaterThan(first?.timings.ssl ?? 0);
  // A reused connection has no connect time.
  expect(second?.serverIPAddress).toBeUndefined();
  expect(second?.timings).toMatchObject({ dns: -1, connect: -1, ssl: -1 });
  expect(third?.timings.dns).toBe(-1);
  expect(third?.timings.ssl).toBeGreaterThan(0);
});

it('writes the target of a redirect (portable)', async () => {
  await using server = await HttpServer.start();
  const recorder = record();
  await WinHttpRequest.request(server.url('/redirect?to=%2F'), { backend: 'portable' });
  expect(onlyEntry(recorder).comment).toBe(`backend portable, from ${server.url('/')}`);
});

it('rejects invalid options', () => {
  expect(() => recordHar({ limits: { entries: 0 } })).toThrow(RangeError);
  expect(() => recordHar({ limits: { bodySize: '1' as never } })).toThrow(TypeError);
  for (const options of [5, { limits: 5 }, { bodies: 'no' }, { keepSecrets: 1 }]) {
    expect(() => recordHar(options as never)).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  }
});
