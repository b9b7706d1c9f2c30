import { describe, expect, it } from 'vitest';
import {
  connectOptions,
  normalizeData,
  parseWebSocketUrl,
  sizeOf,
  validateWebClose,
} from '../../../lib/websocket/web/websocket-arguments.ts';

/** Returns the name of the thrown DOMException, or the class of the error. */
function thrownBy(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).name;
  }
  return 'nothing';
}

describe('the URL (WebSockets, "get a URL record")', () => {
  it.each([
    ['ws://example.org', 'ws://example.org/'],
    ['WSS://EXAMPLE.org:443/a/../b', 'wss://example.org/b'],
    ['http://example.org:80/', 'ws://example.org/'],
    ['https://example.org/?q', 'wss://example.org/?q'],
    ['ws://user:secret@example.org/', 'ws://user:secret@example.org/'],
    ['ws://example.org/\uD800', 'ws://example.org/%EF%BF%BD'],
    ['ws://example.org/?å', 'ws://example.org/?%C3%A5'],
  ])('%s is %s', (url, expected) => {
    expect(parseWebSocketUrl(url).href).toBe(expected);
    expect(parseWebSocketUrl({ toString: () => url }).href).toBe(expected);
  });

  it.each([
    ['/relative'],
    ['example.org'],
    ['?query'],
    ['#fragment'],
    ['ws://a b/'],
    ['ws://example.org:65536/'],
    ['ftp://example.org/'],
    ['about:blank'],
    ['ws://example.org/#fragment'],
    ['ws://example.org/#'],
    [undefined],
    [null],
  ])('%s is a SyntaxError', (url) => {
    expect(thrownBy(() => parseWebSocketUrl(url))).toBe('SyntaxError');
    expect(() => parseWebSocketUrl(url)).toThrow(DOMException);
  });

  it('is converted once, and an error of the conversion is passed on', () => {
    expect(() => parseWebSocketUrl(Symbol('url'))).toThrow(TypeError);
    const fault = new RangeError('conversion');
    const url = {
      toString() {
        throw fault;
      },
    };
    expect(() => parseWebSocketUrl(url)).toThrow(fault);
  });
});

describe('the sub-protocols (WebSockets, "The WebSocket constructor")', () => {
  it.each([
    ['chat', ['chat']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [new Set(['a', 'b']), ['a', 'b']],
    [
      [1, null],
      ['1', 'null'],
    ],
    [5, ['5']],
    [[], []],
    [{ protocols: 'chat' }, ['chat']],
    [{ protocols: ['a', 'b'] }, ['a', 'b']],
    [{}, []],
  ])('%j are %j', (argument, expected) => {
    expect(connectOptions(argument).subprotocols).toEqual(expected);
  });

  it.each([[undefined], [null]])('%s is an empty list', (argument) => {
    expect(connectOptions(argument)).toEqual({});
  });

  it('are accepted together with the options of a connection', () => {
    const headers = { 'X-Name': 'value' };
    expect(connectOptions({ protocols: 'chat', headers })).toEqual({ headers, subprotocols: ['chat'] });
  });

  it.each([
    ...Array.from('\0\t "(),/:;<=>?@[\\]{}\u007Fåé', (character): [unknown] => [`a${character}b`]),
    [''],
    [['a', 'a']],
    [['chat', 'CHAT']],
    [['a', '']],
    [{ protocols: ['a', 'a'] }],
  ])('%j are a SyntaxError (RFC 6455 section 4.1)', (argument) => {
    expect(thrownBy(() => connectOptions(argument))).toBe('SyntaxError');
    expect(() => connectOptions(argument)).toThrow(DOMException);
  });

  it('throw a TypeError for a symbol', () => {
    expect(() => connectOptions([Symbol('chat')])).toThrow(TypeError);
  });
});

describe('the arguments of close (WebSockets, "validate close code and reason")', () => {
  it.each([[1000], [3000], [4999], ['3000'], [1000.4]])('accept the code %s', (code) => {
    expect(validateWebClose(code, undefined)).toEqual({ code: Math.round(Number(code)), reason: undefined });
  });

  it.each([[0], [999], [1001], [1005], [2999], [5000], [66_536], [Number.NaN], ['text'], [null]])(
    'reject the code %s: InvalidAccessError',
    (code) => {
      expect(thrownBy(() => validateWebClose(code, undefined))).toBe('InvalidAccessError');
    },
  );

  it('count the bytes of the reason: 123 pass, 124 are a SyntaxError', () => {
    const longest = `${'é'.repeat(61)}x`;
    expect(validateWebClose(undefined, longest)).toEqual({ code: undefined, reason: longest });
    expect(thrownBy(() => validateWebClose(1000, `${longest}x`))).toBe('SyntaxError');
    expect(thrownBy(() => validateWebClose(1000, '\uD800'.repeat(42)))).toBe('SyntaxError');
  });

  it('are converted before they are checked', () => {
    expect(validateWebClose(1000, '\uD800')).toEqual({ code: 1000, reason: '\uFFFD' });
    expect(validateWebClose(1000, null).reason).toBe('null');
    expect(() => validateWebClose(1, Symbol('reason'))).toThrow(TypeError);
  });
});

describe('the data of send (BufferSource or Blob or USVString)', () => {
  it.each([[null], [undefined], [1], [{}], [[]], [new Error('text')], [() => 1]])('%s is sent as text', (data) => {
    expect(normalizeData(data)).toBe(String(data));
  });

  it('text has no lone surrogates, and a symbol is a TypeError', () => {
    expect(normalizeData('a\uDC00\uD800')).toBe('a\uFFFD\uFFFD');
    expect(() => normalizeData(Symbol('text'))).toThrow(TypeError);
  });

  it.each([
    [new ArrayBuffer(3), 3],
    [new Uint16Array([1, 2, 3]).subarray(1), 4],
    [new Float64Array(2), 16],
    [new DataView(new ArrayBuffer(8), 2, 5), 5],
    [new SharedArrayBuffer(6), 6],
    [new Blob(['é']), 2],
  ])('bytes stay what they are: %s of %i bytes', (data, size) => {
    expect(normalizeData(data)).toBe(data);
    expect(sizeOf(data)).toBe(size);
  });

  it.each([
    ['', 0],
    ['é', 2],
    ['\u5336', 3],
    ['\u{1F600}', 4],
  ])('%j counts its bytes of UTF-8: %i', (text, size) => {
    expect(sizeOf(text)).toBe(size);
  });
});
