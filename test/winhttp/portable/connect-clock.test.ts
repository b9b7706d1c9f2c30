import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConnectClock } from '../../../lib/winhttp/portable/connect-clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.advanceTimersByTime(5);
});
afterEach(() => void vi.useRealTimers());

test('the parts of opening a connection follow one another', () => {
  const clock = new ConnectClock();
  vi.advanceTimersByTime(1);
  clock.resolved();
  vi.advanceTimersByTime(20);
  clock.connected('127.0.0.1');
  vi.advanceTimersByTime(300);
  expect(clock.times(true)).toEqual({ address: '127.0.0.1', lookup: 1, connect: 20, tls: 300 });
  expect(clock.times(false)).toMatchObject({ tls: undefined });
});

test('an address needs no look-up', () => {
  const clock = new ConnectClock();
  vi.advanceTimersByTime(20);
  clock.connected(undefined);
  expect(clock.times(false)).toEqual({ address: undefined, lookup: undefined, connect: 20, tls: undefined });
});
