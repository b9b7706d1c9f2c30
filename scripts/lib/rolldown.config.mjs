import { createRequire } from 'node:module';
import path from 'node:path';
import { defineConfig } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { inProject } from './project.mjs';

const { exports: entries, bin = {} } = createRequire(import.meta.url)('../../package.json');
const targets = [...Object.values(entries).map((entry) => entry.default), ...Object.values(bin)].filter(Boolean);

/** './dist/sys/index.js' of package.json is made from lib/sys/index.ts. */
const sourceOf = (target) => inProject(target.replace(/^(\.\/)?dist\//, 'lib/').replace(/\.js$/, '.ts'));

/** Each statement and each member of a class on a line of its own: where Node shows the line of an error, it can be read. */
const statementLines = {
  name: 'statement-lines',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) chunk.code = breakLines(chunk.code);
  },
};

function breakLines(code) {
  const starts = new Set();
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node.body)) for (const { start } of node.body) starts.add(start);
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(code));
  const places = [...starts].filter((start) => start > 0).sort((a, b) => a - b);
  return [0, ...places].map((start, index) => code.slice(start, places[index])).join('\n');
}

/**
 * One module for each of lib/, so that a stack trace names the file; functions and classes keep their names for the same
 * reason. Comments, white space and the names of locals go: the package has a limit of size.
 */
const library = defineConfig({
  input: targets.map(sourceOf),
  external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
  platform: 'node',
  plugins: [statementLines],
  transform: { target: 'es2022' },
  output: {
    dir: inProject('dist'),
    format: 'esm',
    preserveModules: true,
    preserveModulesRoot: inProject('lib'),
    entryFileNames: '[name].js',
    comments: false,
    minify: {
      compress: { keepNames: { function: true, class: true } },
      mangle: { toplevel: false, keepNames: true },
      codegen: { removeWhitespace: true },
    },
  },
});

/** The demo of `winwire demo` is a program of examples/, in one file; it imports the package by its name. */
const demo = defineConfig({
  ...library,
  input: inProject('examples/demo/main.ts'),
  output: {
    file: inProject('dist/cli/demo.js'),
    format: 'esm',
    comments: false,
    minify: { ...library.output.minify, mangle: true },
  },
});

export default [library, demo];
