// Runs a check over changed native sources.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { inProject } from '../../scripts/lib/project.mjs';
import { Stop } from '../../scripts/lib/run.mjs';
import { hashOf, readStamp, writeStamp } from '../../scripts/lib/stamp.mjs';
import { dependenciesOf } from '../native-build/compile.mjs';

/**
 * Checks native sources in parallel, and stops with the names of those that failed. A passed one is not checked again
 * until it, a header of the project that it includes, its flags, `files` or `words` change.
 *
 * `units` are `{ source, flags }`. `check(unit, listing)` resolves to `{ code, output }` and writes the compiler's make
 * rule to the file `listing`.
 */
export async function checkSources(name, { units, files = [], words, check }) {
  const hashOfUnit = ({ source, flags }) =>
    hashOf([...files, ...dependenciesOf(`${noteOf(name, source)}.o`)], [...words, ...flags]);
  const waiting = units.filter((unit) => !hasPassed(noteOf(name, unit.source), () => hashOfUnit(unit)));
  const failed = [];
  const worker = async () => {
    for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
      const note = noteOf(name, unit.source);
      // The folder of the listing must exist.
      writeStamp(`${note}.d`, '');
      const { code, output } = await check(unit, `${note}.d`);
      process.stdout.write(output);
      if (code === 0) writeStamp(`${note}.stamp`, hashOfUnit(unit));
      else failed.push(unit.source);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  if (failed.length > 0) throw new Stop(`${name}: ${failed.sort().join(', ')}`);
}

const noteOf = (name, source) => `build/lint/${name}/${source}`;

function hasPassed(note, hash) {
  const stamp = readStamp(`${note}.stamp`);
  if (stamp === undefined || !existsSync(inProject(`${note}.d`))) return false;
  return dependenciesOf(`${note}.o`).every((file) => existsSync(inProject(file))) && hash() === stamp;
}
