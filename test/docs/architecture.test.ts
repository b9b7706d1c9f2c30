import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { importScript } from '../helpers/script.ts';
import { root } from './samples.ts';

const { rooms } = await importScript('scripts/lib/import-rules.mjs');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** Returns the paths in a text, `…/a/{b,c}.ts` as two. A bare file name belongs to the first folder of the row. */
function pathsOf(row: string): string[] {
  const [, answer = ''] = row.split(' | ');
  const names = [...answer.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);
  let folder = '';
  return names.flatMap((name) => {
    if (!name.includes('/'))
      return name.includes('.') ? [existsSync(path.join(root, name)) ? name : `${folder}/${name}`] : [];
    folder = /\.\w+$/.test(name) ? path.posix.dirname(name) : name;
    return [name];
  });
}

describe('docs/architecture.md', () => {
  it('lists the rooms of lib and their allowed imports as lint does', () => {
    const rows = [...read('docs/architecture.md').matchAll(/^\| `lib\/([\w/]+)` \| ([^|]+) \|/gm)];
    const inDocs = Object.fromEntries(rows.map(([, room, from = '']) => [room, from]));
    const inLint = Object.entries<string[]>(rooms).map(([room, from]) => {
      if (from[0] === '*') return [room, 'every room'];
      return [room, from.length === 0 ? 'nothing' : from.join(', ')];
    });
    expect(inDocs).toEqual(Object.fromEntries(inLint));
  });
});

describe('the questions of CONTRIBUTING.md', () => {
  const rows = read('CONTRIBUTING.md')
    .split('\n')
    .filter((line) => /^\| .+\? \| /.test(line));

  it('are many', () => {
    expect(rows.length).toBeGreaterThan(25);
  });

  it.each(rows)('%s', (row) => {
    const paths = pathsOf(row);
    expect(paths).not.toEqual([]);
    expect(paths.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });
});
