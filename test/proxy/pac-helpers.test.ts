import { describe, expect, test } from 'vitest';
import { pacHelpers } from '../../lib/proxy/pac-helpers.ts';

const names: Record<string, string> = { 'host.example': '10.1.2.3', 'far.example': '192.0.2.9' };
// A Wednesday, in the time zone of the machine.
const helpersAt = (now: Date) =>
  pacHelpers({ resolve: (host) => names[host] ?? null, ownAddress: () => '10.9.9.9', now: () => now });
const call = (name: string, ...args: unknown[]) => helpersAt(new Date(2026, 10, 25, 12, 34, 56))[name]?.(...args);

describe('hosts', () => {
  test.each([
    ['isPlainHostName', ['host'], true],
    ['isPlainHostName', ['host.example'], false],
    ['isPlainHostName', ['::1'], false],
    ['dnsDomainIs', ['www.a.example', '.a.example'], true],
    ['dnsDomainIs', ['www.a.example', '.b.example'], false],
    ['dnsDomainIs', ['a.example', 'a.example'], true],
    ['localHostOrDomainIs', ['www', 'www.a.example'], true],
    ['localHostOrDomainIs', ['www.a.example', 'www.a.example'], true],
    ['localHostOrDomainIs', ['ww', 'www.a.example'], false],
    ['localHostOrDomainIs', ['www.b.example', 'www.a.example'], false],
    ['dnsDomainLevels', ['a.b.c'], 2],
    ['isResolvable', ['host.example'], true],
    ['isResolvable', ['none.example'], false],
    ['dnsResolve', ['host.example'], '10.1.2.3'],
    ['dnsResolve', ['none.example'], null],
    ['dnsResolve', ['1.2.3.4'], '1.2.3.4'],
    ['myIpAddress', [], '10.9.9.9'],
    ['convert_addr', ['10.1.2.3'], 0x0a010203],
    ['isInNet', ['host.example', '10.0.0.0', '255.0.0.0'], true],
    ['isInNet', ['far.example', '10.0.0.0', '255.0.0.0'], false],
    ['isInNet', ['none.example', '0.0.0.0', '0.0.0.0'], false],
    ['isInNet', ['200.1.2.3', '200.1.2.0', '255.255.255.0'], true],
    ['isInNet', ['10.1.2.3', '10.0.0', '255.0.0.0'], false],
    ['shExpMatch', ['http://a.example/x', '*a.example/*'], true],
    ['shExpMatch', ['axexample', 'a.example'], false],
    ['shExpMatch', ['abc', 'a?c'], true],
    ['shExpMatch', ['x.b.example', '(*.a.example|*.b.example)'], true],
  ])('%s(%j) is %j', (name, args, expected) => expect(call(name, ...args)).toBe(expected));
});

describe('times, on Wednesday 2026-11-25 at 12:34:56', () => {
  test.each([
    ['weekdayRange', ['WED'], true],
    ['weekdayRange', ['THU'], false],
    ['weekdayRange', ['MON', 'FRI'], true],
    ['weekdayRange', ['FRI', 'WED'], true],
    ['weekdayRange', ['FRI', 'TUE'], false],
    ['weekdayRange', ['XYZ'], false],
    ['dateRange', [25], true],
    ['dateRange', [24], false],
    ['dateRange', ['NOV'], true],
    ['dateRange', [2026], true],
    ['dateRange', [25, 'NOV'], true],
    ['dateRange', [25, 'NOV', 2026], true],
    ['dateRange', [25, 'NOV', 2025], false],
    ['dateRange', [20, 28], true],
    ['dateRange', [26, 28], false],
    ['dateRange', ['JAN', 'MAR'], false],
    ['dateRange', ['OCT', 'FEB'], true],
    ['dateRange', [1, 'JUN', 15, 'AUG'], false],
    ['dateRange', [1, 'DEC', 26, 'NOV'], true],
    ['dateRange', ['NOV', 2026, 'FEB', 2027], true],
    ['dateRange', [1, 'JAN', 2026, 24, 'NOV', 2026], false],
    ['dateRange', [2020, 2026], true],
    ['timeRange', [12], true],
    ['timeRange', [13], false],
    ['timeRange', [8, 17], true],
    ['timeRange', [13, 17], false],
    ['timeRange', [8, 12], true],
    ['timeRange', [22, 13], false],
    ['timeRange', [12, 0, 12, 34], true],
    ['timeRange', [12, 0, 12, 33], false],
    ['timeRange', [12, 30, 11, 0], true],
    ['timeRange', [12, 30, 12, 40], true],
    ['timeRange', [12, 34, 57, 13, 0, 0], false],
    ['timeRange', [12, 34, 56, 12, 34, 56], true],
    ['timeRange', [], false],
    ['dateRange', [], false],
  ])('%s(%j) is %j', (name, args, expected) => expect(call(name, ...args)).toBe(expected));

  test('throw for another number of arguments', () => {
    expect(() => call('timeRange', 1, 2, 3)).toThrow('bad number of arguments');
    expect(() => call('timeRange', 'GMT')).toThrow('bad number of arguments');
  });

  test('take GMT as last argument', () => {
    const helpers = helpersAt(new Date(Date.UTC(2026, 10, 25, 0, 5)));
    expect(helpers.timeRange?.(0, 'GMT')).toBe(true);
    expect(helpers.weekdayRange?.('WED', 'GMT')).toBe(true);
    expect(helpers.dateRange?.(25, 'NOV', 'GMT')).toBe(true);
  });
});
