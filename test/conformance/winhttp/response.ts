// Response accessors: RQ-092 to RQ-112.
import assert from 'node:assert/strict';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { ResponseOptions } from '../../../lib/parity/http-wire.ts';
import type { RequestContext } from './context.ts';
import { Code } from './hresult.ts';
import type { StatementSection } from './statement.ts';
import type { WinHttpRequest } from './subject.ts';

/** Returns an object whose request got this response. */
async function answered(t: RequestContext, options: ResponseOptions): Promise<WinHttpRequest> {
  const server = await t.serve((_request, reply) => reply.send(options));
  return t.fetch(server.url());
}

async function answeredRaw(t: RequestContext, bytes: string): Promise<WinHttpRequest> {
  const server = await t.serve((_request, reply) => reply.write(bytes));
  return t.fetch(server.url());
}

const everyByte = Buffer.from(Uint8Array.from({ length: 1024 }, (_, index) => index % 256));

async function firstChunk(stream: Readable): Promise<Buffer> {
  for await (const chunk of stream) return chunk;
  return assert.fail('the stream is empty');
}

export const response: StatementSection = {
  'RQ-092': async (t) => {
    for (const status of [200, 404, 500]) {
      assert.equal(await (await answered(t, { status, body: 'text' })).status, status);
    }
  },

  'RQ-093': async (t) => {
    const request = await answered(t, { status: 299, phrase: 'Custom Text' });
    assert.equal(await request.status, 299);
    assert.equal(await request.statusText, 'Custom Text');
  },

  'RQ-094': async (t) => {
    const headers = { 'WWW-Authenticate': 'Basic realm="test"' };
    const request = await answered(t, { status: 401, phrase: 'Unauthorized', headers, body: 'who are you?' });
    assert.equal(await request.status, 401);
    assert.equal(await request.responseText, 'who are you?');
  },

  'RQ-095': async (t) => {
    const request = await answered(t, { headers: { 'X-Some-Name': 'value' } });
    for (const name of ['X-Some-Name', 'x-some-name', 'X-SOME-NAME']) {
      assert.equal(await request.getResponseHeader(name), 'value');
    }
  },

  'RQ-096': async (t) => {
    const request = await answered(t, { headers: { 'X-Name': ['first', 'second'] } });
    assert.equal(await request.getResponseHeader('X-Name'), 'first');
  },

  'RQ-097': async (t) => {
    const request = await answered(t, { headers: { 'X-Name': 'value' } });
    await t.fails(() => request.getResponseHeader('X-Other'), Code.HEADER_NOT_FOUND);
  },

  'RQ-098': async (t) => {
    const request = await answered(t, { headers: { 'X-Name': 'value', 'X-Other': 'other' } });
    const headers = await request.getAllResponseHeaders();
    assert.match(headers, /^(?:[^\r\n]+\r\n)+\r\n$/);
    assert.ok(headers.includes('X-Name: value\r\n'));
    assert.ok(headers.includes('X-Other: other\r\n'));
  },

  'RQ-099': async (t) => {
    const request = await answered(t, { headers: { 'X-Name': 'value' } });
    assert.doesNotMatch(await request.getAllResponseHeaders(), /HTTP\//);
  },

  'RQ-100': async (t) => {
    const request = await answered(t, { headers: { 'X-Name': ['first', 'second', 'first'] } });
    const lines = (await request.getAllResponseHeaders()).split('\r\n').filter((line) => line.startsWith('X-Name'));
    assert.deepEqual(lines, ['X-Name: first', 'X-Name: second', 'X-Name: first']);
  },

  'RQ-102': async (t) => {
    const body = await (await answered(t, { body: everyByte })).responseBody;
    assert.ok(Buffer.isBuffer(body));
    assert.ok(body.equals(everyByte));
  },

  'RQ-104': async (t) => {
    const stream = await (await answered(t, { body: everyByte })).responseStream;
    assert.equal(typeof stream.pipe, 'function');
    assert.ok((await buffer(stream)).equals(everyByte));
  },

  'RQ-105': async (t) => {
    const request = await answered(t, { body: everyByte });
    const first = await request.responseStream;
    const started = (await firstChunk(first)).length;
    assert.ok(started > 0);
    const second = await request.responseStream;
    assert.notEqual(first, second);
    assert.ok((await buffer(second)).equals(everyByte));
  },

  'RQ-106': async (t) => {
    const request = await answered(t, { body: everyByte });
    const stream = await request.responseStream;
    await request.abort();
    await request[Symbol.asyncDispose]();
    assert.ok((await buffer(stream)).equals(everyByte));
  },

  'RQ-108': async (t) => {
    const body = gzipSync('text that was compressed');
    const request = await answered(t, { headers: { 'Content-Encoding': 'gzip' }, body });
    assert.ok((await request.responseBody).equals(body));
    assert.equal(await request.getResponseHeader('Content-Encoding'), 'gzip');
  },

  'RQ-109': async (t) => {
    const chunks = '4\r\nsome\r\n6;name=value\r\n bytes\r\n0\r\n\r\n';
    const request = await answeredRaw(t, `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`);
    assert.equal((await request.responseBody).toString(), 'some bytes');
  },

  'RQ-110': async (t) => {
    for (const status of [204, 304]) {
      const request = await answered(t, { status, headers: { ETag: '"1"' } });
      assert.equal(await request.status, status);
      assert.equal((await request.responseBody).length, 0);
      assert.equal(await request.getResponseHeader('ETag'), '"1"');
    }
  },

  'RQ-111': async (t) => {
    const request = await answered(t, { headers: { 'Content-Type': 'text/plain' }, body: 'hello' });
    assert.equal(await request.responseText, 'hello');
    assert.equal(await request.responseText, 'hello');
  },

  'RQ-112': async (t) => {
    const body = Buffer.alloc(3 << 20, everyByte);
    assert.ok((await (await answered(t, { body })).responseBody).equals(body));
  },
};
