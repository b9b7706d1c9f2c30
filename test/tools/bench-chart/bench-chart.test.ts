import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
// @ts-expect-error: the scripts are JavaScript without declarations.
import { benchChart } from '../../../tools/bench-chart/bench-chart.mjs';
// @ts-expect-error: as above.
import { wordsOf } from '../../../tools/bench-chart/bench-words.mjs';

const where = { platform: 'linux x64', processor: 'Some <fast> CPU', node: '24.1.0' };
const row = { id: 'decode-16384', unit: 'messages/s', ours: 2e6, peer: 1234, peerName: 'ws', ratio: 2, spread: 0 };

it('names the platform, processor and Node version', () => {
  const chart: string = benchChart([{ ...row, ...where }], 'linux x64');
  expect(chart).toContain('linux x64, Some &#60;fast&#62; CPU, Node 24.1.0');
});

it('shows titles instead of ids, and both values with their unit', () => {
  const chart: string = benchChart([{ ...row, ...where }], 'linux x64');
  expect(chart).toContain('receive 16 KiB');
  expect(chart).not.toContain('decode-16384');
  expect(chart).toContain('2.00 million : 1,234 messages/s (ws)');
});

it('explains a row below 1, and only such a row', () => {
  expect(benchChart([{ ...row, ...where, ratio: 0.9 }], 'linux x64')).toContain('both wait for memory');
  expect(benchChart([{ ...row, ...where }], 'linux x64')).not.toContain('both wait for memory');
});

it('draws a row pale if its rounds differ too much', () => {
  expect(benchChart([{ ...row, ...where, spread: 0.21 }], 'linux x64')).toContain('class="better uncertain"');
  expect(benchChart([{ ...row, ...where, spread: 0.2 }], 'linux x64')).not.toContain('class="better uncertain"');
});

it.each([
  ['decode-text-125', 'receive text of 125 B, mixed scripts'],
  ['decode-1048576', 'receive 1 MiB'],
  ['winhttp-32', 'HTTP, 32 requests at a time'],
  ['winhttp-members', 'HTTP, member by member'],
  ['loop-delay-native-sync-p99', 'event loop beside native waits, p99'],
])('calls %s "%s"', (id, title) => {
  expect(wordsOf(id).title).toBe(title);
});

it('has a title for each row that a benchmark writes', () => {
  const files = readdirSync('bench', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const ids = files.flatMap((file) => [
    ...readFileSync(`bench/${file}`, 'utf8').matchAll(/(?:\bid: |\brow\()['`]([a-z]+-[a-z0-9-]*)/g),
  ]);
  expect(ids.length).toBeGreaterThan(20);
  // One that ends with `-` has its rest from a variable.
  for (const [, id = ''] of ids) if (!id.endsWith('-')) expect(wordsOf(id).title).toMatch(/\w/);
});

it('throws for a row without a title', () => {
  expect(() => wordsOf('sing-1')).toThrow('a row "sing-1"');
});
