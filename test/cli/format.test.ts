import { describe, expect, it } from 'vitest';
import { formatBytes, formatMilliseconds, formatSeconds, withoutControls, withoutUser } from '../../lib/cli/format.ts';

describe('formatted numbers', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [10_240, '10.0 KiB'],
    [1536 * 1024, '1.50 MiB'],
    [2 ** 40 * 5000, '5000.0 TiB'],
  ])('%d bytes: %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0, '00:00'],
    [0.2, '00:01'],
    [61, '01:01'],
    [3725, '1:02:05'],
    [-3, '00:00'],
  ])('%d seconds: %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });

  it('switch from milliseconds to seconds for long times', () => {
    expect(formatMilliseconds(1.26)).toBe('1.3 ms');
    expect(formatMilliseconds(12_345)).toBe('12.3 s');
  });
});

describe('a URL without its user', () => {
  it.each([
    ['http://user:pass@host/path?a=@b', 'http://host/path?a=@b'],
    ['WSS://user@host', 'WSS://host'],
    ['http://a:b@c@host/', 'http://host/'],
    ['http://host/a@b', 'http://host/a@b'],
    ['http://host?a@b', 'http://host?a@b'],
    ['no URL', 'no URL'],
  ])('%s: %s', (url, expected) => {
    expect(withoutUser(url)).toBe(expected);
  });
});

describe('a text of a peer', () => {
  it.each([
    ['\u001b[2J', '\\x1b[2J'],
    ['\u009b31m', '\\x9b31m'],
    ['a\u0000\b\u007f\r', 'a\\x00\\x08\\x7f\\x0d'],
    ['tab\tand\nline', 'tab\tand\nline'],
    ['é ÿ 漢 😀', 'é ÿ 漢 😀'],
  ])('%j is shown as %j', (text, shown) => {
    expect(withoutControls(text)).toBe(shown);
  });
});
