// node bundle.mjs TOOLS BUNDLER ENTRY FOLDER: bundles a program with the settings in docs/bundling.md.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [tools, bundler, entry, folder] = process.argv.slice(2);
const { resolve } = createRequire(path.join(tools, 'package.json'));
const tool = async (name) => import(pathToFileURL(resolve(name)).href);

async function esbuild(options) {
  const { build } = await tool('esbuild');
  const common = { entryPoints: [entry], bundle: true, platform: 'node', logLevel: 'error' };
  await build({ ...common, ...options });
}

async function webpack() {
  const { default: run } = await tool('webpack');
  const output = { path: folder, filename: 'main.cjs' };
  const settings = { mode: 'production', target: 'node20', entry, output };
  const stats = await new Promise((done, fail) =>
    run(settings, (error, result) => (error ? fail(error) : done(result))),
  );
  if (stats.hasErrors()) throw new Error(stats.toString('errors-only'));
}

async function rollup() {
  const { rollup: run } = await tool('rollup');
  const { default: nodeResolve } = await tool('@rollup/plugin-node-resolve');
  const bundle = await run({ input: entry, plugins: [nodeResolve()] });
  await bundle.write({ dir: folder, format: 'es', entryFileNames: 'main.mjs', chunkFileNames: '[name].mjs' });
}

async function vite() {
  const { build } = await tool('vite');
  const output = { entryFileNames: 'main.mjs', chunkFileNames: '[name].mjs' };
  const settings = { ssr: entry, outDir: folder, rollupOptions: { output } };
  await build({ root: path.dirname(entry), logLevel: 'error', build: settings, ssr: { noExternal: true } });
}

const bundlers = {
  'esbuild, ES module': () => esbuild({ format: 'esm', outfile: path.join(folder, 'main.mjs') }),
  'esbuild, CommonJS': () => esbuild({ format: 'cjs', outfile: path.join(folder, 'main.cjs') }),
  webpack,
  rollup,
  '@vercel/ncc': () =>
    execFileSync(process.execPath, [resolve('@vercel/ncc/dist/ncc/cli.js'), 'build', entry, '--out', folder]),
  vite,
};

await bundlers[bundler]();
