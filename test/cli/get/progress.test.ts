import { describe, expect, it } from 'vitest';
import { formatLine } from '../../../lib/cli/get/progress.ts';

const line = (value: number, total: number, { first = 0, seconds = 2 } = {}) =>
  formatLine(
    { barsize: 10 },
    { value, total, progress: total === 0 ? 0 : value / total, startTime: Date.now() - seconds * 1000 },
    { first },
  );

describe('a line of the progress bar', () => {
  it('contains rate and time left', () => {
    expect(line(5 * 2 ** 20, 20 * 2 ** 20)).toMatch(
      /^███░{7} 25 % {2}5\.00 MiB of 20\.0 MiB {2}2\.\d+ MiB\/s {2}00:0[67] left$/,
    );
  });

  it('counts resumed bytes as done, but not in the rate', () => {
    expect(line(3 * 2 ** 20, 4 * 2 ** 20, { first: 2 ** 20 })).toMatch(
      / 75 % .* (?:1\.00 MiB|10\d\d\.\d KiB)\/s {2}00:0[12] left$/,
    );
  });

  it('shows no remaining time before the first byte', () => {
    expect(line(0, 100)).toMatch(/^░{10} 0 % {2}0 B of 100 B {2}0 B\/s {2}--:-- left$/);
  });

  it('shows the total time at the end', () => {
    expect(line(100, 100)).toMatch(/^█{10} 100 % .* in 00:0[23]$/);
  });

  it('contains no bar if the size is unknown', () => {
    expect(line(2 ** 20, 0)).toMatch(/^1\.00 MiB {2}5\d\d\.\d KiB\/s {2}00:0[23]$/);
  });
});
