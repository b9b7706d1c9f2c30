import { createRequire } from 'node:module';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { brotliCompressSync } from 'node:zlib';
import { defineConfig } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { dts } from 'rolldown-plugin-dts';
import { minify } from 'terser';
import { inProject } from './project.mjs';

const { exports: entries, bin } = createRequire(import.meta.url)('../../package.json');
const conditions = Object.values(entries).filter((entry) => typeof entry === 'object');

/** { 'cli/main': '…/lib/cli/main.ts' } of './dist/cli/main.js'. */
function inputs(targets, folder, ending) {
  const names = targets.map((target) => path.posix.relative('dist', target).replace(/(\.d\.ts|\.js)$/, ''));
  return Object.fromEntries(names.map((name) => [name, inProject(folder, `${name}${ending}`)]));
}

const eachChunk = (name, change) => ({
  name,
  async generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) chunk.code = await change(chunk.code);
  },
});

/** What rolldown's own minifier leaves: some two in a hundred. A class without a name of its own has its variable's. */
async function minifyFurther(code) {
  const names = { keep_classnames: true };
  const reserved = [...code.matchAll(/\b(\w+) ?= ?class\b/g)].map(([, name]) => name);
  const options = { module: true, ecma: 2022, compress: { ...names, passes: 3 }, mangle: { ...names, reserved } };
  return (await minify(code, options)).code;
}

/** Where Node shows the line of an error, it can be read: a line ends between declarations or members of a class. */
const SHORTEST_LINE = 200;

function breakLines(code) {
  const starts = new Set();
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (node.type === 'Program' || node.type === 'ClassBody') for (const { start } of node.body) starts.add(start);
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(code));
  const places = [0];
  for (const start of [...starts].sort((a, b) => a - b)) {
    if (start - places.at(-1) >= SHORTEST_LINE) places.push(start);
  }
  return places.map((start, index) => code.slice(start, places[index + 1])).join('\n');
}

/** Whether a module is one of lib's that the pattern names; Windows' paths have backslashes. */
const inLib = (pattern) => {
  const names = new RegExp(`/lib/(${pattern})\\.ts$`);
  return (id) => names.test(id.replaceAll('\\', '/'));
};

const isShown = inLib('parity/(page/(style|script)|wine-differences)');

/**
 * What is only ever shown, compressed, since the package has a limit of size: the style sheet and the script of the
 * report, and the reasons of Wine's differences in it.
 */
const compressedTexts = {
  name: 'compressed-texts',
  transform(code, id) {
    if (!isShown(id)) return undefined;
    const literal = /(?<=^(?:export )?const \w+(?:: [^=]+)? = )(?:`[^`$]*`|\[$.*?^\])(?=;$)/ms.exec(code)[0];
    const packed = brotliCompressSync(JSON.stringify(runInNewContext(literal))).toString('base64');
    const unpacked = `JSON.parse(brotliDecompressSync(Buffer.from('${packed}', 'base64')).toString())`;
    return `import { brotliDecompressSync } from 'node:zlib';\n${code.replace(literal, () => unpacked)}`;
  },
};

/** Tabs for indentation, and nothing that is about the files that the parts came from: their names and head comments. */
const tightenDeclarations = (code) =>
  joinLines(code.replaceAll(/^\/\/ .*\.d\.ts\n/gm, ''))
    .replaceAll(/\n\s* \*(?=\n\s* \* @)/g, '')
    .replaceAll(/^\/\*\*(?:(?!\*\/).)*\*\/\n(?=\/\*\*)/gms, '')
    .replaceAll(/\n\s*\*\/$/gm, ' */')
    .replaceAll(/^ +(?=\*)/gm, ' ')
    .replaceAll(/^(?: {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2));

/** Lines of a comment that go on with words, where it holds no code. */
const joinLines = (code) =>
  code.replaceAll(/\/\*\*.*?\*\//gs, (comment) =>
    comment.includes('```') ? comment : comment.replaceAll(/\n\s* \* (?=[A-Za-z`{(])/g, ' '),
  );

/** Small parts that most others import: each in a file of its own would cost more than it holds. */
const isCore = inLib(
  [
    '(?!(?:index|sys|parity)\\.)[\\w-]+',
    'diagnostics/(debug-log|redact|typed-channel|winhttp-channels)',
    'websocket/functions/(function-arguments|native-status)',
    'winhttp/(charset|winhttp-errors|request-option|request/winhttp-types|system/com-channel)',
  ].join('|'),
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
  plugins: [compressedTexts, eachChunk('minify', minifyFurther), eachChunk('lines', breakLines)],
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
