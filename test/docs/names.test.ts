import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './samples.ts';

const ENTRIES = ['winwire', 'winwire/sys', 'winwire/parity'];
const folder = path.join(root, 'build/doc-names');

/** Returns the text of README.md and docs/ without code samples, which are compiled. */
function prose(): string {
  const pages = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md'));
  const files = ['README.md', ...pages.map((name) => `docs/${name}`)];
  const texts = files.map((file) => readFileSync(path.join(root, file), 'utf8'));
  return texts.join('\n').replaceAll(/^```[\s\S]*?^```$/gm, '');
}

/** Returns the exports of modules of lib. */
function exportedNames(): Set<string> {
  const lib = path.join(root, 'lib');
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^(?!cli|winhttp\/(portable|system)).*\.ts$/.test(file),
  );
  const texts = files.map((file) => readFileSync(path.join(lib, file), 'utf8')).join('\n');
  return new Set(
    [...texts.matchAll(/^export (?:const|class|interface|type|function) ([A-Z]\w+)/gm)].map(
      ([, name]) => name as string,
    ),
  );
}

/** Returns those pairs of entry and name that the compiler does not know. */
function unknownOf(pairs: readonly (readonly [entry: string, name: string])[]): Set<string> {
  mkdirSync(folder, { recursive: true });
  const lines = pairs.map(([entry, name], index) => `export { ${name} as _${index} } from '${entry}';`);
  writeFileSync(path.join(folder, 'names.ts'), lines.join('\n'));
  const compilerOptions = { isolatedModules: false, verbatimModuleSyntax: false };
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, include: ['*.ts'] }),
  );
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '--project', folder, '--pretty', 'false'], { encoding: 'utf8' });
  const numbers = [...stdout.matchAll(/names\.ts\((\d+),/g)].map(([, line]) => Number(line) - 1);
  return new Set(numbers.map((number) => (pairs[number] ?? []).join(' ')));
}

describe.runIf(process.platform !== 'win32')('the names in the documentation', () => {
  const text = prose();

  it('are exported by the entry that the text names', () => {
    const said = [...text.matchAll(/`(\w+)`[^`.;|]{0,40}\b(?:of|from|in) `(winwire(?:\/\w+)?)`/g)];
    const pairs = said.map(([, name = '', entry = '']) => [entry, name] as const);
    expect(pairs.length).toBeGreaterThan(3);
    expect([...unknownOf(pairs)]).toEqual([]);
  });

  it('are exported by an entry', () => {
    const known = exportedNames();
    const named = new Set([...text.matchAll(/`([A-Z]\w+)[`.(<]/g)].map(([, name]) => name as string));
    const names = [...named].filter((name) => known.has(name));
    expect(names.length).toBeGreaterThan(40);
    const unknown = unknownOf(names.flatMap((name) => ENTRIES.map((entry) => [entry, name] as const)));
    expect(names.filter((name) => ENTRIES.every((entry) => unknown.has(`${entry} ${name}`)))).toEqual([]);
  });
});
