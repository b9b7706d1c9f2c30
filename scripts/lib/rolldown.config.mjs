// How dist is bundled and minified.
import { createRequire } from 'node:module';
import path from 'node:path';
import { defineConfig } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { inProject } from './project.mjs';

const { exports: entries, bin } = createRequire(import.meta.url)('../../package.json');
const conditions = Object.values(entries).filter((entry) => typeof entry === 'object');

/** { 'cli/main': '…/lib/cli/main.ts' } of './dist/cli/main.js'. */
function inputs(targets, folder, ending) {
  const names = targets.map((target) => path.posix.relative('dist', target).replace(/(\.d\.ts|\.js)$/, ''));
  return Object.fromEntries(names.map((name) => [name, inProject(folder, `${name}${ending}`)]));
}

/** Whether a module is one of lib's that the pattern names; Windows' paths have backslashes. */
const inLib = (pattern) => {
  const names = new RegExp(`/lib/(${pattern})\\.ts$`);
  return (id) => names.test(id.replaceAll('\\', '/'));
};

/** Small parts that most others import: a file for each would make many. */
const isCore = inLib(
  [
    '(?!(?:index|sys|parity)\\.)[\\w-]+',
    'diagnostics/(debug-log|redact|typed-channel|winhttp-channels)',
    'websocket/functions/(function-arguments|native-status)',
    'winhttp/(charset|winhttp-errors|request-option|request/winhttp-types|system/com-channel)',
  ].join('|'),
);

const common = { external: (id) => !id.startsWith('.') && !path.isAbsolute(id), platform: 'node' };

/** What is shipped can be read where an error points to it: nothing is minified. The declarations have the TSDoc. */
const javaScript = {
  ...common,
  input: {
    ...inputs([...conditions.map((entry) => entry.default), ...Object.values(bin)], 'lib', '.ts'),
    // For the programs of tests, which are JavaScript.
    native: inProject('lib/native.ts'),
  },
  transform: { target: 'es2022' },
  output: {
    dir: inProject('dist'),
    format: 'esm',
    chunkFileNames: 'shared/[name].js',
    codeSplitting: {
      groups: [
        { name: 'core', test: isCore },
        { name: 'connection', test: inLib('websocket/(connection|server)/.*') },
        { name: 'terminal', test: inLib('cli/(colors|error-text|failure|format|interrupt)') },
      ],
    },
    comments: { jsdoc: false },
  },
};

/** Of tsc's declarations what the entries export and need, with its documentation. */
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

/** `winwire demo` is that of examples/, in one file; it imports the package by its name. */
const demo = {
  ...javaScript,
  input: inProject('examples/demo/demo.ts'),
  output: { file: inProject('dist/cli/demo.js'), format: 'esm', comments: { jsdoc: false } },
};

export default defineConfig([javaScript, demo, declarations]);
