// What the forwarder refuses, as raw bytes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createForwarder } from '../../lib/forwarder/create-forwarder.ts';
import type { Forwarder } from '../../lib/forwarder/forwarder-types.ts';
import { HttpServer } from '../helpers/http-server.ts';
import { answerTo, authorizationOf, RawClient } from './raw-client.ts';

let forwarder: Forwarder;
let server: HttpServer;
beforeAll(async () => {
  forwarder = await createForwarder({ proxy: 'direct', backend: 'portable' });
  server = await HttpServer.start();
});
afterAll(async () => {
  await forwarder[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** A request with Host of the server, the password and further lines. */
function request(line: string, fields: readonly string[] = [], body = ''): string {
  const auth = `Proxy-Authorization: ${authorizationOf(forwarder.url)}`;
  const own = fields.some((field) => /^host/i.test(field)) ? [] : [`Host: 127.0.0.1:${server.port}`];
  return [line.replaceAll('HERE', `127.0.0.1:${server.port}`), ...own, auth, ...fields, '', body].join('\r\n');
}

const POST = 'POST http://HERE/echo HTTP/1.1';
const CHUNKED = 'Transfer-Encoding: chunked';

describe('a refused request', () => {
  it.each<[status: number, name: string, line: string, fields?: readonly string[], body?: string]>([
    [400, 'origin-form', 'GET / HTTP/1.1'],
    [400, 'origin-form with two slashes', 'GET //example.org/ HTTP/1.1'],
    [400, 'asterisk-form', 'OPTIONS * HTTP/1.1'],
    [400, 'a host alone', 'GET example.org:80 HTTP/1.1'],
    [400, 'absolute-form with https:', 'GET https://HERE/ HTTP/1.1'],
    [400, 'absolute-form with ws:', 'GET ws://HERE/ HTTP/1.1'],
    [400, 'a user name', 'GET http://me@HERE/ HTTP/1.1'],
    [400, 'a fragment', 'GET http://HERE/#a HTTP/1.1'],
    [400, 'no host', 'GET http:///x HTTP/1.1'],
    [400, 'port 0', 'GET http://127.0.0.1:0/ HTTP/1.1'],
    [400, 'a port above 65535', 'GET http://127.0.0.1:65536/ HTTP/1.1'],
    [400, 'a backslash in the host', 'GET http://HERE\\@example.org/ HTTP/1.1'],
    [400, 'Host other than the authority', 'GET http://HERE/ HTTP/1.1', ['Host: example.org']],
    [400, 'Host with another port', 'GET http://HERE/ HTTP/1.1', ['Host: 127.0.0.1:1']],
    [400, 'Host without the port', 'GET http://HERE/ HTTP/1.1', ['Host: 127.0.0.1']],
    [400, 'an empty Host', 'GET http://HERE/ HTTP/1.1', ['Host:']],
    [400, 'a blank before the colon of Host', 'GET http://HERE/ HTTP/1.1', ['Host : 127.0.0.1']],
    [400, 'CONNECT with a user name', 'CONNECT me@HERE HTTP/1.1'],
    [400, 'CONNECT with a path', 'CONNECT HERE/ HTTP/1.1'],
    [400, 'CONNECT with a query', 'CONNECT HERE?x HTTP/1.1'],
    [400, 'CONNECT with a URL', 'CONNECT http://HERE/ HTTP/1.1'],
    [400, 'CONNECT without a port', 'CONNECT 127.0.0.1 HTTP/1.1', ['Host: 127.0.0.1']],
    [400, 'CONNECT with an empty port', 'CONNECT 127.0.0.1: HTTP/1.1', ['Host: 127.0.0.1']],
    [400, 'CONNECT with port 0', 'CONNECT 127.0.0.1:0 HTTP/1.1', ['Host: 127.0.0.1:0']],
    [400, 'CONNECT with another Host', 'CONNECT HERE HTTP/1.1', ['Host: example.org:443']],
    [400, 'CONNECT with a body', 'CONNECT HERE HTTP/1.1', ['Content-Length: 3'], 'abc'],
    [400, 'CONNECT with chunks', 'CONNECT HERE HTTP/1.1', [CHUNKED], '0\r\n\r\n'],
    [405, 'TRACE', 'TRACE http://HERE/ HTTP/1.1'],
    [501, 'Upgrade', 'GET http://HERE/ HTTP/1.1', ['Connection: Upgrade', 'Upgrade: websocket']],
    [501, 'Upgrade without Connection', 'GET http://HERE/ HTTP/1.1', ['Upgrade: h2c']],
    [417, 'an unknown expectation', POST, ['Expect: much', 'Content-Length: 0']],
    [400, 'Content-Length and Transfer-Encoding', POST, ['Content-Length: 5', CHUNKED], '0\r\n\r\n'],
    [400, 'Transfer-Encoding and Content-Length', POST, [CHUNKED, 'Content-Length: 5'], '0\r\n\r\n'],
    [400, 'two lengths', POST, ['Content-Length: 3', 'Content-Length: 4'], 'abc'],
    [400, 'the same length twice', POST, ['Content-Length: 3', 'Content-Length: 3'], 'abc'],
    [400, 'a list of lengths', POST, ['Content-Length: 3, 3'], 'abc'],
    [400, 'a length with a sign', POST, ['Content-Length: +3'], 'abc'],
    [400, 'a hexadecimal length', POST, ['Content-Length: 0x3'], 'abc'],
    [400, 'an empty length', POST, ['Content-Length:'], 'abc'],
    [400, 'a length of 20 digits', POST, ['Content-Length: 18446744073709551619'], 'abc'],
    [501, 'another coding', POST, ['Transfer-Encoding: gzip'], 'abc'],
    [501, 'a coding before chunked', POST, ['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n'],
    [501, 'a misspelt coding', POST, ['Transfer-Encoding: xchunked'], '0\r\n\r\n'],
    [501, 'identity', POST, ['Transfer-Encoding: identity'], ''],
    [501, 'a coding in quotes', POST, ['Transfer-Encoding: "chunked"'], '0\r\n\r\n'],
    [400, 'chunked twice', POST, ['Transfer-Encoding: chunked, chunked'], '0\r\n\r\n'],
    [400, 'chunked in two fields', POST, [CHUNKED, CHUNKED], '0\r\n\r\n'],
    [400, 'chunked before another coding', POST, ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
    [400, 'an empty Transfer-Encoding', POST, ['Transfer-Encoding:'], '0\r\n\r\n'],
    [400, 'a blank before the colon', POST, ['Transfer-Encoding : chunked'], '0\r\n\r\n'],
    [400, 'a vertical tab in a value', POST, ['Transfer-Encoding: \x0bchunked'], '0\r\n\r\n'],
    [400, 'a NUL in a value', POST, ['X: a\0b'], ''],
    [400, 'a CR in a value', POST, ['X: a\rTransfer-Encoding: chunked'], '0\r\n\r\n'],
    [400, 'a bare LF in a head', POST, ['X: a\nTransfer-Encoding: chunked'], '0\r\n\r\n'],
    [400, 'obs-fold', POST, ['X: a', ' b'], ''],
    [400, 'obs-fold of Transfer-Encoding', POST, ['Transfer-Encoding:', ' chunked'], '0\r\n\r\n'],
    [400, 'a field without a colon', POST, ['abc'], ''],
    [400, 'a field without a name', POST, [': abc'], ''],
    [400, 'HTTP/1.0 with chunks', 'POST http://HERE/echo HTTP/1.0', [CHUNKED], '0\r\n\r\n'],
    [505, 'HTTP/2.0', 'GET http://HERE/ HTTP/2.0'],
    [505, 'HTTP/0.9 with a version', 'GET http://HERE/ HTTP/0.9'],
    [400, 'no version', 'GET http://HERE/'],
    [400, 'two blanks in the request line', 'GET  http://HERE/ HTTP/1.1'],
    [400, 'a blank in the target', 'GET http://HERE/a b HTTP/1.1'],
    [400, 'bytes above 0x7e in the target', 'GET http://HERE/\xe9 HTTP/1.1'],
    [400, 'a method that is not a token', 'G(T http://HERE/ HTTP/1.1'],
    [431, 'a large head', 'GET http://HERE/ HTTP/1.1', [`X: ${'a'.repeat(70_000)}`]],
  ])('%i: %s', async (status, _, line, fields, body) => {
    const before = server.requests.length;
    const answer = await answerTo(forwarder.port, request(line, fields, body));
    expect(answer.split('\r\n', 1)).toEqual([expect.stringMatching(new RegExp(`^HTTP/1\\.1 ${status} \\w`))]);
    expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
    expect(answer).toMatch(/\r\nConnection: close\r\n/);
    expect(answer).not.toMatch(/access-control/i);
    expect(server.requests.length).toBe(before);
  });

  it.each<[name: string, body: string]>([
    ['a size that is not a number', 'zz\r\nabc\r\n0\r\n\r\n'],
    ['a size with a sign', '+3\r\nabc\r\n0\r\n\r\n'],
    ['a size with 0x', '0x3\r\nabc\r\n0\r\n\r\n'],
    ['a blank behind the size', '3 \r\nabc\r\n0\r\n\r\n'],
    ['a blank before the size', ' 3\r\nabc\r\n0\r\n\r\n'],
    ['an empty size', '\r\nabc\r\n0\r\n\r\n'],
    ['a size line that ends with LF', '3\nabc\r\n0\r\n\r\n'],
    ['a chunk that ends with LF', '3\r\nabc\n0\r\n\r\n'],
    ['a chunk longer than its size', '3\r\nabcd\r\n0\r\n\r\n'],
    ['a last chunk that ends with LF', '3\r\nabc\r\n0\n\n'],
    ['a trailer that ends with LF', '3\r\nabc\r\n0\r\nX: y\n\r\n'],
    ['a CR in an extension', '3;a\rb\r\nabc\r\n0\r\n\r\n'],
    ['a size of 17 digits', '10000000000000003\r\nabc\r\n0\r\n\r\n'],
    ['a size above the exact integers', 'fffffffffffffff0\r\nabc\r\n0\r\n\r\n'],
  ])('400: %s', async (_, body) => {
    const answer = await answerTo(forwarder.port, request(POST, [CHUNKED], body));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  });

  it('400: two Hosts, and none', async () => {
    const [line = '', host = '', ...rest] = request('GET http://HERE/ HTTP/1.1').split('\r\n');
    expect(await answerTo(forwarder.port, [line, host, host, ...rest].join('\r\n'))).toMatch(/^HTTP\/1\.1 400 /);
    expect(await answerTo(forwarder.port, [line, ...rest].join('\r\n'))).toMatch(/^HTTP\/1\.1 400 .*no Host/s);
  });

  it('400 at once to TLS, and to lines that end with LF', async () => {
    expect(await answerTo(forwarder.port, '\x16\x03\x01')).toMatch(/^HTTP\/1\.1 400 .*https:/s);
    expect(await answerTo(forwarder.port, 'GET http://a/ HTTP/1.1\nHost: a\n\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('finds the same in a head of single bytes', async () => {
    await using client = await RawClient.open(forwarder.port);
    client.socket.setNoDelay(true);
    for (const byte of request('GET http://HERE/ HTTP/1.1', ['X: a', ' b'])) {
      client.write(byte);
      await new Promise(setImmediate);
    }
    expect(await client.end()).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('has no body as an answer to HEAD', async () => {
    const answer = await answerTo(forwarder.port, request('HEAD http://HERE/ HTTP/1.1', ['Expect: much']));
    expect(answer).toMatch(/^HTTP\/1\.1 417 [\s\S]*\r\n\r\n$/);
  });

  it('receives the answer while it still sends', async () => {
    await using client = await RawClient.open(forwarder.port);
    client.write(`${request(POST, ['Content-Length: 3', CHUNKED])}${'x'.repeat(1_000_000)}`);
    expect(await client.end()).toMatch(/^HTTP\/1\.1 400 /);
  });
});
