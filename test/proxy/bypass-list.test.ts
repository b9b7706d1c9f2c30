import { describe, expect, test } from 'vitest';
import { isBypassed, matchesWildcards, splitBypassList } from '../../lib/proxy/bypass-list.ts';
import { parseTarget } from '../../lib/proxy/request-target.ts';

const bypassed = (url: string, list: string) => isBypassed(parseTarget(url), splitBypassList(list));

describe('isBypassed', () => {
  test.each([
    ['http://a.example/', 'a.example', true],
    ['http://A.EXAMPLE./', 'a.example', true],
    ['http://b.a.example/', 'a.example', false],
    ['http://b.a.example/', '*.a.example', true],
    ['http://b.a.example/', '.a.example', true],
    ['http://a.example/', '*.a.example', false],
    ['http://a.example/', '*', true],
    ['http://10.1.2.3/', '10.*', true],
    ['http://host/', '<local>', true],
    ['http://host.example/', '<LOCAL>', false],
    ['http://[2001:db8::1]/', '<local>', false],
    ['http://a.example:8080/', 'a.example:8080', true],
    ['http://a.example/', 'a.example:8080', false],
    ['http://a.example/', 'a.example:80', true],
    ['https://a.example/', 'http://a.example', false],
    ['https://a.example/', 'https://*.example', true],
    ['wss://a.example/', 'https://*.example', true],
    ['http://[2001:db8::1]/', '[2001:db8::1]', true],
    ['http://[2001:db8::1]:81/', '[2001:db8::1]:81', true],
    ['http://a.example/', 'b.example;a.example', true],
    ['http://a.example/', 'b.example a.example', true],
    ['http://a.example/', ';;', false],
  ])('%s with %j: %s', (url, list, expected) => expect(bypassed(url, list)).toBe(expected));

  test.each([
    'http://localhost/',
    'http://x.localhost:81/',
    'http://127.3.2.1/',
    'http://[::1]/',
    'http://169.254.1.1/',
    'http://[fe80::1]/',
  ])('exempts %s unless <-loopback> is listed', (url) => {
    expect(bypassed(url, '')).toBe(true);
    expect(bypassed(url, '<-loopback>')).toBe(false);
  });
});

test('matchesWildcards takes linear time for many asterisks', () => {
  expect(matchesWildcards('a'.repeat(50_000), `${'*a'.repeat(10_000)}*b`)).toBe(false);
  expect(matchesWildcards('abcab', 'ab*ab')).toBe(true);
  expect(matchesWildcards('aba', 'ab*ba')).toBe(false);
});
