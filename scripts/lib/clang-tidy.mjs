import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { filesUnder, nativeSources } from './files.mjs';
import { root } from './project.mjs';
import { hasProgram, Stop } from './run.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const flags = [
  '-std=c++20',
  '-Inative',
  '-isystemnode_modules/node-api-headers/include',
  '-isystemnode_modules/node-addon-api',
  '-DNAPI_VERSION=9',
  '-DNODE_ADDON_API_CPP_EXCEPTIONS',
];

// What is shipped. The tests, and the lists that need Windows' headers, are compiled with every warning as an error.
const lists = ['engine', 'backend', 'pump', 'binding'];

/** Checks the sources that this system compiles; one that passed is not checked again until it or any header changes. */
export async function clangTidy() {
  if (!hasProgram('clang-tidy')) {
    throw new Stop('clang-tidy is missing. On Debian or Ubuntu: sudo apt-get install --yes clang-tidy');
  }
  const common = ['.clang-tidy', 'package-lock.json', ...filesUnder('native', ['.h'])];
  const waiting = lists
    .flatMap((list) => nativeSources()[list])
    .map((file) => ({ file, hash: hashOf([...common, file], flags), stamp: `build/lint/${file}.stamp` }))
    .filter(({ hash, stamp }) => readStamp(stamp) !== hash);
  const failed = [];
  const worker = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      if (await passes(job.file)) writeStamp(job.stamp, job.hash);
      else failed.push(job.file);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  if (failed.length > 0) throw new Stop(`clang-tidy: ${failed.sort().join(', ')}`);
}

async function passes(file) {
  const child = spawn('clang-tidy', ['--quiet', file, '--', ...flags], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) process.stdout.write(output.replace(/^\d+ warnings? .*\n/gm, ''));
  return code === 0;
}
