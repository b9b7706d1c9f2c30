import { describe, expect, it } from 'vitest';
import { startLimit, startTimer } from '../lib/time-limit.ts';

describe('startTimer', () => {
  it('keeps the process alive', () => {
    const timer = startTimer(2 ** 31 - 1, expect.unreachable);
    expect(timer?.hasRef()).toBe(true);
    clearTimeout(timer);
  });
});

describe('startLimit', () => {
  it('starts no timer beyond the maximum of Node.js', () => {
    for (const off of [Number.POSITIVE_INFINITY, 2 ** 31]) expect(startLimit(off, expect.unreachable)).toBeUndefined();
  });

  it('does not keep the process alive', () => {
    const timer = startLimit(2 ** 31 - 1, expect.unreachable);
    expect(timer?.hasRef()).toBe(false);
    clearTimeout(timer);
  });
});
