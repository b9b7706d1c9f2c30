// The end of a body, its content, and whether the connection can be reused.
import { describe, expect, test } from 'vitest';
import { bodyReaderFor, canStayOpen } from '../../lib/http1/body-reader.ts';
import { HeadReader } from '../../lib/http1/head-reader.ts';
import type { ResponseHead } from '../../lib/http1/response-head.ts';
import { faultOf } from './fault-of.ts';

function headOf(fields: string, status = '200', version = '1.1'): ResponseHead {
  const lines = fields === '' ? '' : `${fields.replaceAll('|', '\r\n')}\r\n`;
  return new HeadReader(65_536).read(Buffer.from(`HTTP/${version} ${status} X\r\n${lines}\r\n`)) as ResponseHead;
}

/** Returns the content of a body and what follows it (undefined if it does not end), read in pieces. */
function read(head: ResponseHead, text: string, size = text.length, isHead = false) {
  const reader = bodyReaderFor(head, isHead, 1000);
  const bytes = Buffer.from(text, 'latin1');
  let content = '';
  let start = 0;
  do {
    const end = reader.read(bytes.subarray(start, start + size), (part) => {
      content += part.toString('latin1');
    });
    if (end >= 0) return { content, rest: text.slice(start + end) };
    start += size;
  } while (start < bytes.length);
  return { content, rest: undefined };
}

const CHUNKED = headOf('Transfer-Encoding: chunked');

describe('the length of a body', () => {
  test.each([
    ['Content-Length: 2', 'ok'],
    ['Content-Length: 2|Content-Length: 2', 'ok'],
    ['Content-Length: 2, 2', 'ok'],
    ['Content-Length: 2,', 'ok'],
    ['Content-Length: 2 , 02|content-length: 2', 'ok'],
    ['Content-Length:|\t2', 'ok'],
    ['Content-Length: 0', ''],
    ['Transfer-Encoding: identity|Content-Length: 2', 'ok'],
  ])('%s', (fields, content) => {
    for (const size of [1, 10]) expect(read(headOf(fields), 'ok!', size).content).toBe(content);
    expect(headOf(fields).length).toBe(fields.startsWith('Transfer') ? undefined : content.length);
  });

  test.each([
    ['', 'a field without it'],
    ['Transfer-Encoding: gzip', 'a coding that is not chunked'],
    ['Transfer-Encoding: chunked, gzip|Content-Length: 1', 'a coding behind chunked'],
  ])('%j ends with the connection', (fields) => {
    const head = headOf(fields);
    expect(bodyReaderFor(head, false, 100).isUntilClose).toBe(true);
    expect(read(head, 'all of it')).toEqual({ content: 'all of it', rest: undefined });
  });

  test('a body up to the end of the connection has no empty parts', () => {
    const parts: Buffer[] = [];
    for (const text of ['', 'a', '']) {
      bodyReaderFor(headOf(''), false, 100).read(Buffer.from(text), (part) => parts.push(part));
    }
    expect(parts.map(String)).toEqual(['a']);
  });

  test.each([
    ['204', false],
    ['304', false],
    ['200', true],
  ])('no body with status %s and HEAD: %s, with any length', (status, isHead) => {
    for (const fields of ['Content-Length: 5', 'Transfer-Encoding: chunked', '']) {
      expect(read(headOf(fields, status), 'next', 4, isHead)).toEqual({ content: '', rest: 'next' });
    }
  });

  test.each([
    'Content-Length: 1|Content-Length: 2',
    'Content-Length: 1, 2',
    'Content-Length: ',
    'Content-Length: -1',
    'Content-Length: +1',
    'Content-Length: 0x1',
    'Content-Length: 1 2',
    'Content-Length: 1.0',
    'Content-Length: 1e1',
    'Content-Length: 99999999999999999999',
    'Content-Length: nothing',
    'Content-Length: 1|Content-Length: nothing',
    'Content-Length: 1|Content-Length: 2|Transfer-Encoding: chunked',
  ])('%s is rejected', (fields) => {
    expect(faultOf(() => bodyReaderFor(headOf(fields), false, 100))).toBe('malformed');
  });
});

describe.each([1, 2, 3, 1000])('chunks in pieces of %i bytes', (size) => {
  test.each([
    ['CR LF', '2\r\nok\r\n0\r\n\r\n'],
    ['LF', '2\nok\n0\n\n'],
    ['both', '1\no\r\n1\r\nk\n0\r\n\n'],
    ['blanks behind the size', '2 \t\r\nok\r\n0 \r\n\r\n'],
    ['extensions', '2;a=b;c="d"\r\nok\r\n0;x\r\n\r\n'],
    ['a blank before an extension', '2 ;a\r\nok\r\n0\r\n\r\n'],
    ['a trailer', '2\r\nok\r\n0\r\nA: 1\r\nB: 2\r\n\r\n'],
    ['a trailer of LF', '2\r\nok\r\n0\nA: 1\n\n'],
    ['leading zeros', '0000000000000002\r\nok\r\n000\r\n\r\n'],
  ])('%s', (_what, text) => {
    expect(read(CHUNKED, `${text}HTTP`, size)).toEqual({ content: 'ok', rest: 'HTTP' });
  });

  test('upper-case digits', () => {
    const content = 'x'.repeat(0xab);
    expect(read(CHUNKED, `AB\r\n${content}\r\n0\r\n\r\n`, size).content).toBe(content);
  });

  test.each([
    ['no size', '\r\n'],
    ['no number', 'xyz\r\n'],
    ['a sign', '+2\r\nok\r\n'],
    ['a negative size', '-2\r\nok\r\n'],
    ['a prefix', '0x2\r\nok\r\n'],
    ['a blank before it', ' 2\r\nok\r\n'],
    ['rubbish behind it', '2 ok\r\nok\r\n'],
    ['only an extension', ';a\r\n'],
    ['a CR within the line', '2\r;\r\nok\r\n'],
    ['more data than the size', '1\r\nok\r\n'],
    ['an empty line between', '1\r\no\r\n\r\n1\r\nk\r\n'],
    ['a CR within the trailer', '0\r\nA: 1\rB: 2\r\n\r\n'],
  ])('%s is rejected', (_what, text) => {
    expect(faultOf(() => read(CHUNKED, text, size))).toBe('malformed');
  });

  test.each(['00000000000000002', 'ffffffffffffffff', '20000000000000', '10000000000000000'])(
    'the size %s is too large',
    (digits) => {
      expect(faultOf(() => read(CHUNKED, `${digits}\r\nok\r\n`, size))).toBe('chunk-line-too-large');
    },
  );
});

describe('limits between chunks', () => {
  test.each([
    ['an extension', '2;', 'a', 'chunk-line-too-large'],
    ['blanks behind a size', '2', ' ', 'chunk-line-too-large'],
    ['digits of a size', '', '0', 'chunk-line-too-large'],
    ['extensions of many chunks', '', `1;${'a'.repeat(200)}\r\nx\r\n`, 'chunk-line-too-large'],
    ['a line of the trailer', '0\r\n', 'a', 'head-too-large'],
    ['a trailer of lines', '0\r\n', 'A: 1\r\n', 'head-too-large'],
    ['a trailer of short lines', '0\r\n', 'A\n', 'head-too-large'],
  ])('%s', (_what, start, more, fault) => {
    const text = start + more.repeat(Math.ceil(40_000 / more.length));
    for (const size of [100, text.length]) expect(faultOf(() => read(CHUNKED, text, size))).toBe(fault);
  });

  test('extensions may exceed the content by 16 KiB', () => {
    // Of this size with its CR.
    const line = (size: number) => `1;${'a'.repeat(size - 3)}\r\nx\r\n`;
    expect(read(CHUNKED, line(16 * 1024)).content).toBe('x');
    expect(faultOf(() => read(CHUNKED, line(16 * 1024 + 1)))).toBe('chunk-line-too-large');
  });

  test('short extensions of many chunks are accepted', () => {
    const text = `${`10;a="${'b'.repeat(4)}"\r\n0123456789abcdef\r\n`.repeat(5000)}0\r\n\r\n`;
    expect(read(CHUNKED, text).content.length).toBe(80_000);
  });
});

describe('whether the connection can be kept', () => {
  test.each([
    ['Content-Length: 0', '1.1', true],
    ['Content-Length: 0', '1.2', true],
    ['Transfer-Encoding: chunked', '1.1', true],
    ['Transfer-Encoding: gzip, chunked', '1.1', true],
    ['', '1.1', false],
    ['Content-Length: 0|Connection: close', '1.1', false],
    ['Content-Length: 0|Connection: Keep-Alive, Close', '1.1', false],
    ['Content-Length: 0|Connection: x|Connection: close', '1.1', false],
    ['Content-Length: 0|Proxy-Connection: close', '1.1', false],
    ['Content-Length: 0', '1.0', false],
    ['Content-Length: 0|Connection: keep-alive', '1.0', true],
    ['Content-Length: 0|Proxy-Connection: Keep-Alive', '1.0', true],
    ['Content-Length: 2|Transfer-Encoding: chunked', '1.1', false],
  ])('%j of HTTP/%s: %s', (fields, version, expected) => {
    const head = headOf(fields, '200', version);
    expect(canStayOpen(head, bodyReaderFor(head, false, 100))).toBe(expected);
  });

  test('chunks override a length', () => {
    expect(read(headOf('Content-Length: 1|Transfer-Encoding: chunked'), '2\r\nok\r\n0\r\n\r\n').content).toBe('ok');
  });
});
