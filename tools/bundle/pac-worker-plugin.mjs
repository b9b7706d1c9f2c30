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

const compressed = (bytes) => brotliCompressSync(bytes, { params }).toString('base64');

/** Stands in the program for the compressed WebAssembly, which would take more bytes if it were compressed again. */
const PLACE = '@wasm@';
let wasm = '';

/** A module that exports the bytes of a WebAssembly file, stored compressed and decompressed by a call. */
const wasmBytes = {
  name: 'wasm-bytes',
  load(id) {
    if (!id.endsWith('.wasm')) return undefined;
    wasm = compressed(readFileSync(id));
    return {
      code: `import { brotliDecompressSync } from 'node:zlib';
        export const bytes = () => brotliDecompressSync(Buffer.from('${PLACE}', 'base64'));`,
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
    writeFileSync(inProject(pacWorkerFile), program.replace(PLACE, wasm));
    return {
      code: `${notice()}
        import { brotliDecompressSync } from 'node:zlib';
        let program;
        export const pacRuntime = () =>
          (program ??= brotliDecompressSync(Buffer.from('${compressed(program)}', 'base64')).toString().replace('${PLACE}', '${wasm}'));`,
      moduleType: 'js',
    };
  },
};
