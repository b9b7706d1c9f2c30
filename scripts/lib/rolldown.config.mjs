import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { defineConfig } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { dts } from 'rolldown-plugin-dts';
import { inProject } from './project.mjs';

const { exports: entries, bin } = createRequire(import.meta.url)('../../package.json');
const conditions = Object.values(entries).filter((entry) => typeof entry === 'object');

/** { 'sys/index': '…/lib/sys/index.ts' } of './dist/sys/index.js'. */
function inputs(targets, folder, ending) {
  const names = targets.map((target) => path.posix.relative('dist', target).replace(/(\.d\.ts|\.js)$/, ''));
  return Object.fromEntries(names.map((name) => [name, inProject(folder, `${name}${ending}`)]));
}

const eachChunk = (name, change) => ({
  name,
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) chunk.code = change(chunk.code);
  },
});

/** Each declaration and each member of a class on a line of its own: where Node shows the line of an error, it can be read. */
function breakLines(code) {
  const starts = new Set();
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (node.type === 'Program' || node.type === 'ClassBody') for (const { start } of node.body) starts.add(start);
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(code));
  const places = [...starts].filter((start) => start > 0).sort((a, b) => a - b);
  return [0, ...places].map((start, index) => code.slice(start, places[index])).join('\n');
}

/** The style sheet of the report, compressed: nothing reads it but a browser, and the package has a limit of size. */
const compressedStyle = {
  name: 'compressed-style',
  transform(code, id) {
    if (!id.replaceAll('\\', '/').endsWith('/lib/parity/page/style.ts')) return undefined;
    const text = /^export const style = `([^`$\\]*)`;$/m.exec(code)[1];
    const packed = brotliCompressSync(text).toString('base64');
    return `import { brotliDecompressSync } from 'node:zlib';
export const style = brotliDecompressSync(Buffer.from('${packed}', 'base64')).toString();`;
  },
};

/** Tabs for indentation, and nothing that is about the files that the parts came from: their names and head comments. */
const tightenDeclarations = (code) =>
  joinLines(code.replaceAll(/^\/\/ .*\.d\.ts\n/gm, ''))
    .replaceAll(/^\/\*\*(?:(?!\*\/).)*\*\/\n(?=\/\*\*)/gms, '')
    .replaceAll(/^(?: {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2));

/** Lines of a comment that go on with words, where it holds no code. */
const joinLines = (code) =>
  code.replaceAll(/\/\*\*.*?\*\//gs, (comment) =>
    comment.includes('```') ? comment : comment.replaceAll(/\n\s* \* (?=[A-Za-z`{(])/g, ' '),
  );

const common = { external: (id) => !id.startsWith('.') && !path.isAbsolute(id), platform: 'node' };

/**
 * What is shipped, within its limit of size: comments, white space and the names of locals and functions go. Classes and
 * methods keep theirs, for stack traces.
 */
const javaScript = {
  ...common,
  input: {
    ...inputs([...conditions.map((entry) => entry.default), ...Object.values(bin)], 'lib', '.ts'),
    // For the programs of tests, which are no TypeScript.
    native: inProject('lib/native.ts'),
  },
  plugins: [compressedStyle, eachChunk('lines', breakLines)],
  transform: { target: 'es2022' },
  output: {
    dir: inProject('dist'),
    format: 'esm',
    // As deep as the entries are, for the paths to package.json.
    chunkFileNames: 'shared/[name].js',
    comments: false,
    minify: {
      compress: { keepNames: { function: false, class: true } },
      mangle: { toplevel: true, keepNames: { function: false, class: true } },
      codegen: { removeWhitespace: true },
    },
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
  plugins: [dts({ dtsInput: true, emitDtsOnly: true }), eachChunk('tighten', tightenDeclarations)],
  output: { dir: inProject('dist'), format: 'esm', chunkFileNames: 'shared/[name].d.ts' },
};

/** `winwire demo` is that of examples/, in one file; it imports the package by its name. */
const demo = {
  ...javaScript,
  input: inProject('examples/demo/demo.ts'),
  output: {
    file: inProject('dist/cli/demo.js'),
    format: 'esm',
    comments: false,
    minify: javaScript.output.minify,
  },
};

export default defineConfig([javaScript, demo, declarations]);
