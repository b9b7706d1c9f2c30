// Bundles alone with the addon of WINWIRE_BINDING: the package is not installed beside them.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { INSTALLED, PROJECT, RUNTIMES, type Runtime, runFile, TOOLS } from './project.ts';

const BUNDLERS = {
  'esbuild, ES module': 'main.mjs',
  'esbuild, CommonJS': 'main.cjs',
  webpack: 'main.cjs',
  rollup: 'main.mjs',
  '@vercel/ncc': 'index.mjs',
  vite: 'main.mjs',
};
const PROGRAMS = fileURLToPath(new URL('programs', import.meta.url));
const SEA_FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const worked = {
  message: 'Grüße',
  response: '200 Hello',
  proxy: 'PROXY proxy:8080',
  websocket: { portable: { available: true } },
};
const refused = {
  code: 'ERR_BINDING_UNAVAILABLE',
  message: expect.stringMatching(
    /This code was bundled.*Ship the addon \(node_modules.*winwire\S*\.node\).*WINWIRE_BINDING/s,
  ),
};

const folder = realpathSync(makeFolder('bundles'));
const project = join(folder, 'project');
const addon = join(folder, 'addon', 'winwire.node');

/** Bundles a program of programs/ into a folder. */
function bundle(bundler: string, program: string, target: string): void {
  const args = [join(PROGRAMS, 'bundle.mjs'), TOOLS, bundler, join(project, program), target];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${bundler}: exit code ${status}\n${stdout}\n${stderr}`);
}

const singles = RUNTIMES.filter(({ name }) => process.platform === 'linux' && /^Node 2[02]\./.test(name));

/** Creates a single executable of `single/main.cjs`, following Node's documentation. */
async function makeSingle({ name, command }: Runtime): Promise<void> {
  const [blob, settings] = [join(folder, `${name}.blob`), join(folder, `${name}.json`)];
  const main = join(folder, 'single', 'main.cjs');
  const assets = { 'winwire.node': addon };
  writeFileSync(settings, JSON.stringify({ main, output: blob, disableExperimentalSEAWarning: true, assets }));
  expect(spawnSync(command, ['--experimental-sea-config', settings])).toMatchObject({ status: 0 });
  copyFileSync(command, join(folder, name));
  const { inject } = createRequire(join(TOOLS, 'package.json'))('postject');
  await inject(join(folder, name), 'NODE_SEA_BLOB', readFileSync(blob), { sentinelFuse: SEA_FUSE });
}

beforeAll(async () => {
  cpSync(PROJECT, project, { recursive: true });
  for (const name of ['use.mjs', 'single.mjs', 'unpack.mjs']) copyFileSync(join(PROGRAMS, name), join(project, name));
  const prebuilds = join(INSTALLED, 'prebuilds', `${process.platform}-${process.arch}`);
  mkdirSync(join(folder, 'addon'));
  copyFileSync(join(prebuilds, readdirSync(prebuilds).find((name) => !name.includes('musl')) as string), addon);
  for (const bundler of Object.keys(BUNDLERS)) bundle(bundler, 'use.mjs', join(folder, bundler));
  bundle('esbuild, CommonJS', 'single.mjs', join(folder, 'single'));
  for (const runtime of singles) await makeSingle(runtime);
  removeFolder(project);
}, 300_000);

afterAll(() => removeFolder(folder));

describe.each(Object.entries(BUNDLERS))('a bundle of %s', (bundler, main) => {
  const file = join(folder, bundler, main);

  it('needs only the addon that WINWIRE_BINDING names', () => {
    expect(runFile(process.execPath, [file], { WINWIRE_BINDING: addon })).toMatchObject(worked);
  });

  it('reports without it what to ship and what to set', () => {
    expect(runFile(process.execPath, [file])).toEqual(refused);
  });
});

describe.each(singles.map(({ name }) => name))('a single executable of %s', (name) => {
  it('works with the addon that it unpacks', () => {
    expect(runFile(join(folder, name), [])).toMatchObject(worked);
  });

  it('reports without it what to ship and what to set', () => {
    expect(runFile(join(folder, name), ['--without-addon'])).toEqual(refused);
  });
});
