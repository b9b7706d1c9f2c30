import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeFolder } from '../../helpers/folder.ts';
import { importScript } from '../../helpers/script.ts';

const { checkSources } = await importScript('tools/native-checks/source-checks.mjs');

const inProject = (...parts: string[]) => join(fileURLToPath(new URL('../../..', import.meta.url)), ...parts);
const FOLDER = 'build/source-checks-test';
const NAME = 'source-checks-test';
const [SOURCE, HEADER] = [`${FOLDER}/one.cc`, `${FOLDER}/one.h`];

const write = (file: string, text: string) => writeFileSync(inProject(file), text);
const clear = () => {
  for (const folder of [FOLDER, `build/lint/${NAME}`]) removeFolder(inProject(folder));
};

/** Runs the checks once and returns the checked sources. */
async function run({ code = 0, flags = ['-a'], words = ['1.0'] } = {}): Promise<string[]> {
  const seen: string[] = [];
  await checkSources(NAME, {
    units: [{ source: SOURCE, flags }],
    words,
    check: ({ source }: { source: string }, listing: string) => {
      seen.push(source);
      write(listing, `one.o: ${SOURCE} \\\n ${HEADER} /usr/include/stdio.h\n`);
      return { code, output: '' };
    },
  });
  return seen;
}

beforeEach(() => {
  clear();
  mkdirSync(inProject(FOLDER), { recursive: true });
  write(SOURCE, '');
  write(HEADER, '');
});

afterEach(clear);

it('checks a source again only if it or its dependencies have changed', async () => {
  expect(await run()).toEqual([SOURCE]);
  expect(await run()).toEqual([]);
  write(HEADER, 'int a;');
  expect(await run()).toEqual([SOURCE]);
  expect(await run({ flags: ['-b'] })).toEqual([SOURCE]);
  expect(await run({ flags: ['-b'], words: ['1.1'] })).toEqual([SOURCE]);
  expect(await run({ flags: ['-b'], words: ['1.1'] })).toEqual([]);
  rmSync(inProject(HEADER));
  write(HEADER, 'int b;');
  expect(await run({ flags: ['-b'], words: ['1.1'] })).toEqual([SOURCE]);
});

it('names a source that fails, each time', async () => {
  await expect(run({ code: 1 })).rejects.toThrow(`${NAME}: ${SOURCE}`);
  await expect(run({ code: 1 })).rejects.toThrow(`${NAME}: ${SOURCE}`);
  expect(await run()).toEqual([SOURCE]);
});
