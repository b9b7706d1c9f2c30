import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { mergeRows, quantile, type Row, summary, writeRows } from '../../../bench/lib/rows.ts';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';

function row(id: string, node: string, changes: Partial<Row> = {}): Row {
  const where = { platform: 'linux x64', processor: 'any', node };
  return { id, unit: 'messages/s', ours: 2, peer: 1, peerName: 'ws', ratio: 2, spread: 0, ...where, ...changes };
}

it('replaces the older row of the same id, platform and major version of Node', () => {
  const older = [row('echo-32', '20.1.0'), row('echo-32', '24.0.0'), row('send', '20.1.0')];
  const newer = [row('echo-32', '20.9.0', { ratio: 3 })];
  expect(mergeRows(older, newer).map(({ id, node }) => `${id} ${node}`)).toEqual([
    'echo-32 24.0.0',
    'send 20.1.0',
    'echo-32 20.9.0',
  ]);
});

it('keeps the rows of other platforms', () => {
  const older = [row('echo-32', '20.1.0', { platform: 'win32 x64' })];
  expect(mergeRows(older, [row('echo-32', '20.1.0')])).toHaveLength(2);
});

it('writes a file with all rows, and creates its folder', () => {
  const folder = makeFolder('rows');
  try {
    const file = path.join(folder, 'build/bench.json');
    writeRows(file, [row('a', '20.1.0')]);
    writeRows(file, [row('b', '20.1.0'), row('a', '20.2.0')]);
    const written = JSON.parse(readFileSync(file, 'utf8')) as Row[];
    expect(written.map(({ id, node }) => `${id} ${node}`)).toEqual(['b 20.1.0', 'a 20.2.0']);
  } finally {
    removeFolder(folder);
  }
});

it('interpolates quantiles of unsorted values', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([1, 3, 2], 1)).toBe(3);
});

it('returns the median ratio, and the distance of the quartiles relative to it', () => {
  expect(summary([1, 2, 3, 4, 5])).toEqual({ ratio: 3, spread: 0.6667 });
});
