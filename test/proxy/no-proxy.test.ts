import { expect, test } from 'vitest';
import { isExcluded } from '../../lib/proxy/no-proxy.ts';
import { parseTarget } from '../../lib/proxy/request-target.ts';

test.each([
  ['http://a.example/', 'a.example', true],
  ['http://b.a.example/', 'a.example', false],
  ['http://b.a.example/', '.a.example', true],
  ['http://a.example/', '.a.example', true],
  ['http://xa.example/', '.a.example', false],
  ['http://b.a.example/', '*.a.example', true],
  ['http://a.example/', '*.a.example', false],
  ['http://a.example/', '*', true],
  ['http://a.example/', 'b.example, A.Example', true],
  ['http://a.example:81/', 'a.example:81', true],
  ['http://a.example/', 'a.example:81', false],
  ['https://a.example/', 'a.example:443', true],
  ['http://192.168.1.50/', '192.168.1.1-192.168.1.100', true],
  ['http://192.168.1.150/', '192.168.1.1-192.168.1.100', false],
  ['http://192.168.1.50/', '192.168.1.100-192.168.1.1', false],
  ['http://10.2.3.4/', '10.0.0.0/8', true],
  ['http://10.2.3.4/', '10.0.0.0/99', false],
  ['http://[2001:db8::5]/', '2001:db8::1', false],
  ['http://[2001:db8::5]/', '[2001:db8::5]', true],
  ['http://[2001:db8::5]:81/', '[2001:db8::5]:81', true],
  ['http://a.example/', '', false],
  ['http://a.example/', ',.,*.', false],
])('%s with NO_PROXY=%s: %s', (url, list, expected) => expect(isExcluded(parseTarget(url), list)).toBe(expected));
