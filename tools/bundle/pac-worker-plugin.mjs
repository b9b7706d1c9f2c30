// Builds the program of the worker that runs PAC scripts: one CommonJS text with QuickJS and its WebAssembly.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { rolldown } from 'rolldown';
import { pacWorkerFile } from '../../scripts/lib/dist-build.mjs';
import { inProject } from '../../scripts/lib/project.mjs';

const quickJs = (name) => inProject('node_modules/quickjs-wasi', name);

/** Their licences must be included with the code. */
const notice = () => `/*!
quickjs-wasi, which contains QuickJS-NG (Copyright (c) 2017-2024 Fabrice Bellard, Charlie Gordon and contributors):
${readFileSync(quickJs('LICENSE'), 'utf8').replaceAll('*/', '* /').trim()}
*/`;

/** Of those tried, the parameters with the shortest result. */
const params = { [constants.BROTLI_PARAM_NPOSTFIX]: 1, [constants.BROTLI_PARAM_LGBLOCK]: 16 };

const compressed = (bytes) => brotliCompressSync(bytes, { params });

/** Returns bytes as text: five of 85 characters for four bytes, where base64 takes 5.33. None ends a string in double quotes or backticks. */
function asText(bytes) {
  const characters = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const four = Buffer.concat([bytes.subarray(at, at + 4), Buffer.alloc(4)], 4).readUInt32BE();
    for (let power = 85 ** 4; power >= 1; power /= 85) {
      const digit = Math.floor(four / power) % 85;
      characters.push(String.fromCharCode(digit + (digit < 57 ? 35 : digit < 60 ? 36 : 37)));
    }
  }
  return characters.join('');
}

/** The reverse, as code for the bundle. */
const FROM_TEXT = `function fromText(text, length) {
  const bytes = Buffer.alloc((text.length / 5) * 4);
  for (let at = 0; at < text.length; at += 5) {
    let four = 0;
    for (let i = at; i < at + 5; i++) {
      const code = text.charCodeAt(i);
      four = four * 85 + code - (code < 92 ? 35 : code < 96 ? 36 : 37);
    }
    bytes.writeUInt32BE(four, (at / 5) * 4);
  }
  return bytes.subarray(0, length);
}`;

/** Stands in the program for the compressed WebAssembly, which would take more bytes if it were compressed again. */
const PLACE = '@wasm@';
let wasm = '';

const withWasm = (program) => program.replace(PLACE, () => wasm);

/** A module that exports the bytes of a WebAssembly file, stored compressed and decompressed by a call. */
const wasmBytes = {
  name: 'wasm-bytes',
  load(id) {
    if (!id.endsWith('.wasm')) return undefined;
    const bytes = compressed(readFileSync(id));
    wasm = asText(bytes);
    return {
      code: `import { brotliDecompressSync } from 'node:zlib';
        ${FROM_TEXT}
        export const bytes = () => brotliDecompressSync(fromText("${PLACE}", ${bytes.length}));`,
      moduleType: 'js',
    };
  },
};

async function workerProgram() {
  const bundle = await rolldown({
    input: inProject('lib/proxy/pac-worker.ts'),
    platform: 'node',
    external: /^node:/,
    plugins: [wasmBytes],
    transform: { target: 'es2022' },
  });
  const { output } = await bundle.generate({
    format: 'cjs',
    minify: true,
  });
  await bundle.close();
  return output[0].code;
}

/** Puts the program into dist, compressed, so that it works in a bundle, and beside the addon for a checkout. */
export const pacWorker = {
  name: 'pac-worker',
  async load(id) {
    if (!id.replaceAll('\\', '/').endsWith('/lib/proxy/pac-runtime.ts')) return undefined;
    const program = await workerProgram();
    mkdirSync(path.dirname(inProject(pacWorkerFile)), { recursive: true });
    writeFileSync(inProject(pacWorkerFile), withWasm(program));
    return {
      code: `${notice()}
        import { brotliDecompressSync } from 'node:zlib';
        let program;
        export const pacRuntime = () =>
          (program ??= brotliDecompressSync(Buffer.from('${compressed(program).toString('base64')}', 'base64')).toString().replace('${PLACE}', () => "${wasm}"));`,
      moduleType: 'js',
    };
  },
};
