// The bundling of dist.
import { createRequire } from 'node:module';
import path from 'node:path';
import { defineConfig } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { inProject } from '../../scripts/lib/project.mjs';
import { pacWorker } from './pac-worker-plugin.mjs';

const { exports: entries, bin } = createRequire(import.meta.url)('../../package.json');
const conditions = Object.values(entries).filter((entry) => typeof entry === 'object');

/** Returns { 'cli/main': '…/lib/cli/main.ts' } for './dist/cli/main.js'. */
function inputs(targets, folder, ending) {
  const names = targets.map((target) => path.posix.relative('dist', target).replace(/(\.d\.ts|\.js)$/, ''));
  return Object.fromEntries(names.map((name) => [name, inProject(folder, `${name}${ending}`)]));
}

/** Whether a module is one of lib's that the pattern matches; Windows' paths have backslashes. */
const inLib = (pattern) => {
  const names = new RegExp(`/lib/(${pattern})\\.ts$`);
  return (id) => names.test(id.replaceAll('\\', '/'));
};

/** Small modules that most others import: one file for each would be many. */
const isCore = inLib(
  [
    '(?!(?:index|sys|parity|register)\\.)[\\w-]+',
    'diagnostics/(debug-log|redact|typed-channel|winhttp-channels)',
    'websocket/functions/(function-arguments|native-status)',
    'winhttp/(charset|winhttp-errors|request-option|request/winhttp-types|system/com-channel)',
  ].join('|'),
);

const common = {
  external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
  platform: 'node',
  // No comment with the name of each module: they took 13 kB of the package, and classes and functions have names.
  experimental: { attachDebugInfo: 'none' },
};

/** The code is not minified, so that errors point to readable lines. The declarations have the TSDoc. */
const javaScript = {
  ...common,
  input: {
    ...inputs([...conditions.map((entry) => entry.default), ...Object.values(bin)], 'lib', '.ts'),
    // For the programs of tests, which are JavaScript.
    native: inProject('lib/native.ts'),
  },
  plugins: [pacWorker],
  transform: { target: 'es2022' },
  output: {
    dir: inProject('dist'),
    format: 'esm',
    chunkFileNames: 'shared/[name].js',
    codeSplitting: {
      groups: [
        { name: 'core', test: isCore },
        { name: 'connection', test: inLib('websocket/(connection|server)/(?!network-upgrade).*') },
        { name: 'terminal', test: inLib('cli/(colors|error-text|failure|format|interrupt)') },
      ],
    },
    comments: { jsdoc: false },
  },
};

/** Bundles the declarations that the entries export and need, with their documentation. */
const declarations = {
  ...common,
  input: inputs(
    conditions.map((entry) => entry.types),
    'build/types',
    '.d.ts',
  ),
  plugins: [dts({ dtsInput: true, emitDtsOnly: true })],
  output: { dir: inProject('dist'), format: 'esm', chunkFileNames: 'shared/[name].d.ts' },
};

/** `winwire demo` is the demo of examples/ in one file; it imports the package by its name. */
const demo = {
  ...javaScript,
  input: inProject('examples/demo/demo.ts'),
  output: { file: inProject('dist/cli/demo.js'), format: 'esm', comments: { jsdoc: false } },
};

export default defineConfig([javaScript, demo, declarations]);
