// Compiles the programs of examples/ and bench/.
import { tsc } from './dist-build.mjs';
import { filesUnder } from './files.mjs';
import { announce, inProject } from './project.mjs';
import { runNode, Stop } from './run.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const stampFile = 'build/run/.stamp';

/**
 * Returns the JavaScript file of a program in examples/ or bench/, compiled if it has changed: Node 20 runs no
 * TypeScript. It imports `winwire` from dist, as a user's program does.
 */
export function compiled(program) {
  const sources = ['examples', 'bench'].flatMap((folder) => filesUnder(folder, ['.ts']));
  if (!sources.includes(program)) throw new Stop(`${program} is not there`);
  const inputs = ['tsconfig.json', 'tsconfig.run.json', ...sources, ...filesUnder('lib', ['.ts'])];
  const hash = hashOf(inputs);
  if (readStamp(stampFile) !== hash) {
    announce('tsc: compiling the examples and benchmarks to build/run');
    runNode([tsc, '--project', 'tsconfig.run.json']);
    writeStamp(stampFile, hash);
  }
  return inProject('build/run', program.replace(/\.ts$/, '.js'));
}
