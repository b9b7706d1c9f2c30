import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ResponseHeaders } from '../../lib/winhttp/response-headers.ts';

const NAMES = [..."!#$%&'*+-.^_`|~0123456789ABCXYZabcxyz"];
const name = fc.string({ unit: fc.constantFrom(...NAMES), minLength: 1, maxLength: 12 });
// A field value on the wire (RFC 9110 section 5.5), one character per byte, without blanks around it.
const value = fc
  .array(fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff }), fc.constant(9)))
  .map((codes) => String.fromCharCode(...codes).replace(/^[\t ]+|[\t ]+$/g, ''));
const fields = fc.array(fc.tuple(name, value), { maxLength: 8 });
const blank = fc.constantFrom('', ' ', '\t', '  \t ');

describe('ResponseHeaders', () => {
  test('parses any fields, with blanks around their values', () => {
    fc.assert(
      fc.property(fields, blank, blank, fc.boolean(), (list, before, behind, hasStatusLine) => {
        const lines = list.map(([one, text]) => `${one}:${before}${text}${behind}\r\n`);
        const headers = new ResponseHeaders(`${hasStatusLine ? 'HTTP/1.1 200 OK\r\n' : ''}${lines.join('')}\r\n`);
        expect([...headers]).toEqual(list);
      }),
    );
  });

  test('is case-insensitive, and joins equal names in order', () => {
    fc.assert(
      fc.property(fields, (list) => {
        const headers = new ResponseHeaders(list.map(([one, text]) => `${one}: ${text}\r\n`).join(''));
        for (const [one] of list) {
          const values = list.filter(([other]) => other.toLowerCase() === one.toLowerCase()).map(([, text]) => text);
          for (const spelling of [one, one.toLowerCase(), one.toUpperCase()]) {
            expect(headers.getAll(spelling)).toEqual(values);
            expect(headers.get(spelling)).toBe(values.join(', '));
            expect(headers.has(spelling)).toBe(true);
          }
          expect(headers.toJSON()[one.toLowerCase()]).toBe(values.join(', '));
        }
        expect(headers.has('none of them')).toBe(false);
        expect(headers.get('none of them')).toBeNull();
      }),
    );
  });

  test('agrees with Headers of the web', () => {
    fc.assert(
      fc.property(fields, (list) => {
        const headers = new ResponseHeaders(list.map(([one, text]) => `${one}: ${text}\r\n`).join(''));
        const web = new Headers(list);
        for (const [one, text] of web) if (!/^set-cookie$/i.test(one)) expect(headers.get(one)).toBe(text);
      }),
    );
  });

  test('keeps the last byte of UTF-8 that looks like a blank in Latin-1', () => {
    const bytes = Buffer.from('X-Word: voilà\r\n\r\n');
    const text = new ResponseHeaders(bytes.toString('latin1')).get('x-word') ?? '';
    expect(Buffer.from(text, 'latin1').toString()).toBe('voilà');
  });

  test.each([
    ['', []],
    ['\r\n', []],
    [
      'A:\r\nB: x:y\r\n',
      [
        ['A', ''],
        ['B', 'x:y'],
      ],
    ],
    ['A: 1', [['A', '1']]],
  ])('parses %j', (text, list) => {
    const headers = new ResponseHeaders(text);
    expect([...headers.entries()]).toEqual(list);
    expect(headers.toString()).toBe(text);
  });

  test.each([
    ['HTTP/1.1 200 OK\r\n\r\n', '\r\n'],
    ['HTTP/1.1 200 OK: fine\r\nA: 1\r\n\r\n', 'A: 1\r\n\r\n'],
    ['HTTP/1.1 200\r\n', ''],
    ['HTTP/1.1 200', ''],
    [': no name\r\nA: 1\r\n', 'A: 1\r\n'],
  ])('removes a first line that is not a field from %j', (text, fields) => {
    const headers = new ResponseHeaders(text);
    expect(headers.toString()).toBe(fields);
    expect([...headers]).toEqual(fields.startsWith('A') ? [['A', '1']] : []);
  });

  test('returns cookies separately, and copies', () => {
    const headers = new ResponseHeaders('Set-Cookie: a=1, 2\r\nset-cookie: b\r\n\r\n');
    expect(headers.getSetCookie()).toEqual(['a=1, 2', 'b']);
    for (const pair of headers) pair[1] = 'changed';
    headers.getSetCookie().push('changed');
    expect(headers.getSetCookie()).toEqual(['a=1, 2', 'b']);
  });
});
