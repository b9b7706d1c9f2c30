// Compiles and links changed C++ files without node-gyp.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { inProject, root } from '../../scripts/lib/project.mjs';
import { endOf, run, Stop } from '../../scripts/lib/run.mjs';
import { hashOf, readStamp, writeStamp } from '../../scripts/lib/stamp.mjs';
import { toolVersion } from './tool-version.mjs';

/** Flags of every native source of the project. */
export const baseFlags = ['-std=c++20', '-Wall', '-Wextra', '-pedantic-errors', '-Werror', '-Inative'];

const wordsOf = (compiler, flags) => [compiler, toolVersion(compiler), ...flags];

const objectOf = (folder, source) => path.join(folder, `${source}.o`);

/**
 * Compiles sources to objects below `folder` and resolves to the objects. Skips those whose source, headers, flags and
 * compiler have not changed.
 */
export async function compileObjects({ folder, compiler, flags, sources, jobs = availableParallelism() }) {
  const objects = sources.map((source) => ({ source, object: objectOf(folder, source) }));
  const waiting = objects.filter(({ object }) => !isCurrent(object, wordsOf(compiler, flags)));
  const failures = [];
  const worker = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const failure = await compileOne({ compiler, flags, ...job });
      if (failure) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  if (failures.length > 0) throw new Stop(failures.join('\n'));
  return objects.map(({ object }) => object);
}

async function compileOne({ compiler, flags, source, object }) {
  mkdirSync(path.dirname(inProject(object)), { recursive: true });
  const { code, output } = await finished(compiler, [...flags, '-MMD', '-c', source, '-o', object]);
  if (code !== 0) return output || `${compiler} ${source}: exit code ${code}`;
  writeStamp(`${object}.stamp`, hashOf(dependenciesOf(object), wordsOf(compiler, flags)));
  return undefined;
}

function isCurrent(object, words) {
  const stamp = readStamp(`${object}.stamp`);
  if (stamp === undefined || !existsSync(inProject(object))) return false;
  const files = dependenciesOf(object);
  return files.every((file) => existsSync(inProject(file))) && hashOf(files, words) === stamp;
}

/** Returns the project's files from which an object was compiled, as its compiler recorded them. */
export function dependenciesOf(object) {
  const rule = readFileSync(inProject(object.replace(/\.o$/, '.d')), 'utf8').replaceAll('\\\n', ' ');
  const files = rule.slice(rule.indexOf(':') + 1).split(/\s+/);
  return files.filter((file) => file !== '' && !path.isAbsolute(file)).map((file) => path.posix.normalize(file));
}

/** Links an executable if an object is newer. */
export function link({ output, compiler, flags, objects }) {
  const hash = hashOf(
    objects.map((object) => `${object}.stamp`),
    wordsOf(compiler, flags),
  );
  if (readStamp(`${output}.stamp`) === hash && existsSync(inProject(output))) return;
  run(compiler, [...flags, '-o', output, ...objects]);
  writeStamp(`${output}.stamp`, hash);
}

/** Runs a program to its end and resolves to its exit code (null: ended by a signal) and output. */
export async function finished(command, args, env = process.env) {
  let output = '';
  const collect = ({ stdout, stderr }) => {
    for (const stream of [stdout, stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  };
  const [code, signal] = await endOf(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] }, collect);
  return { code, signal, output };
}
