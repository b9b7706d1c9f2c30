// Which heads are accepted, in any pieces, and which are rejected.
import { describe, expect, test } from 'vitest';
import { HeadReader } from '../../lib/http1/head-reader.ts';
import type { ResponseHead } from '../../lib/http1/response-head.ts';
import { faultOf } from './fault-of.ts';

const LIMIT = 65_536;

interface Read {
  readonly head: ResponseHead | undefined;
  readonly rest: string;
}

/** Reads the bytes in pieces of a size. */
function read(text: string, size = text.length, limit = LIMIT): Read {
  const reader = new HeadReader(limit);
  const bytes = Buffer.from(text, 'latin1');
  for (let start = 0; start < bytes.length; start += size) {
    const head = reader.read(bytes.subarray(start, start + size));
    if (head) return { head, rest: reader.rest.toString('latin1') + text.slice(start + size) };
  }
  return { head: undefined, rest: '' };
}

describe.each([1, 2, 3, 7, 10_000])('RQ-156 in pieces of %i bytes', (size) => {
  test.each([
    ['lines that end in CR LF', 'HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\n\r\n'],
    ['lines that end in LF', 'HTTP/1.1 200 OK\nA: 1\nB: 2\n\n'],
    ['both, the first in LF', 'HTTP/1.1 200 OK\nA: 1\r\nB: 2\n\r\n'],
    ['both, the last in LF', 'HTTP/1.1 200 OK\r\nA: 1\nB: 2\r\n\n'],
    ['empty lines before it', '\r\n\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\n\r\n'],
    ['an interim response before it', 'HTTP/1.1 100 Continue\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\n\r\n'],
    [
      'an empty line before and after an interim response',
      '\nHTTP/1.1 103 E\nX: y\n\n\r\nHTTP/1.1 200 OK\nA: 1\nB: 2\n\n',
    ],
    ['a higher minor version', 'HTTP/1.2 200 OK\r\nA: 1\r\nB: 2\r\n\r\n'],
    ['blanks around values', 'HTTP/1.1 200 OK\r\nA:1 \t\r\nB: \t 2\r\n\r\n'],
    ['more blanks in the status line', 'HTTP/1.1  200  OK\r\nA: 1\r\nB: 2\r\n\r\n'],
  ])('reads %s', (_what, text) => {
    const { head, rest } = read(`${text}body`, size);
    expect([head?.status, head?.statusText, head?.raw]).toEqual([200, 'OK', ['A', '1', 'B', '2']]);
    expect(rest).toBe('body');
  });
});

test.each([
  ['A: 1\r\n 2\r\n', 'A: 1 2\r\n'],
  ['A: 1\r\n\t \t2  \r\n', 'A: 1 2\r\n'],
  ['A:\r\n 1\r\n', 'A: 1\r\n'],
  ['A: 1\n 2\n  3\n', 'A: 1 2 3\r\n'],
  ['A: 1\r\n \r\nB: 2\r\n', 'A: 1\r\nB: 2\r\n'],
])('a folded field %j becomes one line', (fields, text) => {
  expect(read(`HTTP/1.1 200 OK\r\n${fields}\r\n`).head?.text).toBe(`${text}\r\n`);
});

test('one character per byte, in names, values and the reason phrase', () => {
  const { head } = read('HTTP/1.1 200 Sch\xf6n\r\nX-\xc4: \xe9\x01\r\n\r\n');
  expect([head?.statusText, head?.raw]).toEqual(['Sch\xf6n', ['X-\xc4', '\xe9\x01']]);
});

test.each([
  ['HTTP/1.0 200 OK\n\n', true],
  ['HTTP/1.1 200\n\n', false],
  ['HTTP/1.1 999 \n\n', false],
])('the version and the status of %j', (text, isVersion10) => {
  expect(read(text).head?.isVersion10).toBe(isVersion10);
});

test('101 is final', () => {
  expect(read('HTTP/1.1 101 Switching\r\nA: 1\r\n\r\nframes')).toMatchObject({ head: { status: 101 }, rest: 'frames' });
});

describe('rejects', () => {
  test.each([
    ['another protocol, at once', 'SSH-2.0'],
    ['one byte of it', 'S'],
    ['a lower-case name', 'http/1.1 200 OK\r\n\r\n'],
    ['a blank before it', ' HTTP/1.1 200 OK\r\n\r\n'],
    ['HTTP/2', 'HTTP/2 200 OK\r\n\r\n'],
    ['HTTP/0.9', 'HTTP/0.9 200 OK\r\n\r\n'],
    ['no version', 'HTTP/ 200 OK\r\n\r\n'],
    ['no status', 'HTTP/1.1\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n'],
    ['a negative status', 'HTTP/1.1 -20 OK\r\n\r\n'],
    ['a field without a colon', 'HTTP/1.1 200 OK\r\nA\r\n\r\n'],
    ['a field without a name', 'HTTP/1.1 200 OK\r\n: 1\r\n\r\n'],
    ['a blank before a colon', 'HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\n'],
    ['a tab before a colon', 'HTTP/1.1 200 OK\r\nContent-Length\t: 1\r\n\r\n'],
    ['a fold of the status line', 'HTTP/1.1 200 OK\r\n A: 1\r\n\r\n'],
    ['a NUL', 'HTTP/1.1 200 OK\r\nA: \0\r\n\r\n'],
    ['a CR within a value', 'HTTP/1.1 200 OK\r\nA: 1\rB: 2\r\n\r\n'],
    ['a CR within the status line', 'HTTP/1.1 200 O\rK\r\n\r\n'],
    ['CRs in place of line ends', 'HTTP/1.1 200 OK\rA: 1\r\r\r\n\r\n'],
    ['two CRs before an LF', 'HTTP/1.1 200 OK\r\nA: 1\r\r\n\r\n'],
    ['more than ten interim responses', 'HTTP/1.1 102 P\r\n\r\n'.repeat(11)],
  ])('%s', (_what, text) => {
    expect(faultOf(() => read(text))).toBe('malformed');
    expect(faultOf(() => read(text, 1))).toBe('malformed');
  });

  test.each([
    ['empty lines', '\r\n'],
    ['empty lines of LF', '\n'],
    ['a reason phrase', 'HTTP/1.1 200 ', 'x'],
    ['fields', 'HTTP/1.1 200 OK\r\n', 'A: 1\r\n'],
    ['a name', 'HTTP/1.1 200 OK\r\n', 'a'],
    ['a value', 'HTTP/1.1 200 OK\r\nA: ', 'a'],
    ['folds', 'HTTP/1.1 200 OK\r\nA: 1\r\n', ' b\r\n'],
    ['blank folds', 'HTTP/1.1 200 OK\r\nA: 1\r\n', ' \r\n'],
    ['an interim response', 'HTTP/1.1 100 Go\r\n', 'A: 1\r\n'],
    ['a version', 'HTTP/1.', '1'],
  ])('%s beyond the limit', (_what, start, more = start) => {
    const text = start + more.repeat(Math.ceil(2000 / more.length));
    for (const size of [1, 100, text.length]) expect(faultOf(() => read(text, size, 1000))).toBe('head-too-large');
  });

  test('a head that exceeds the limit by one byte', () => {
    const text = 'HTTP/1.1 200 OK\r\nA: 1\r\n\r\n';
    expect(read(text, text.length, text.length).head?.status).toBe(200);
    expect(faultOf(() => read(text, text.length, text.length - 1))).toBe('head-too-large');
  });
});
