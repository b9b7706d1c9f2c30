// Checks that a prebuilt addon is what its folder says.
import { existsSync } from 'node:fs';
import { readBinary } from '../../tools/binaries/read-binary.mjs';
import { filesUnder } from './files.mjs';
import { faultsOf, prebuildTargets } from './prebuild-targets.mjs';
import { inProject } from './project.mjs';
import { Stop } from './run.mjs';

const placeOf = ({ folder, file }) => `prebuilds/${folder}/${file}`;

/**
 * Reads the headers of what lies in prebuilds/ and stops if a binary is not what its name says. Unless `partial`, every
 * target must be there, and each as a release must have it.
 */
export function checkPrebuilds({ partial = false } = {}) {
  const expected = new Set(prebuildTargets.map(placeOf));
  const unknown = filesUnder('prebuilds', ['']).filter((file) => !expected.has(file));
  const faults = unknown.map((file) => `${file}: is none of a package's files`);
  for (const target of prebuildTargets) {
    const place = placeOf(target);
    if (existsSync(inProject(place))) faults.push(...check(target, place, !partial));
    else if (!partial) faults.push(`${place}: is missing`);
  }
  if (faults.length > 0) throw new Stop(faults.join('\n'));
}

function check(target, place, strict) {
  try {
    const binary = readBinary(inProject(place));
    const signed = binary.isSigned ? ', signed' : '';
    console.log(`${place}: ${binary.format} ${binary.machine}, ${binary.size} bytes${signed}`);
    return faultsOf(target, binary, { strict }).map((fault) => `${place}: ${fault}`);
  } catch (error) {
    return [`${place}: ${error.message}`];
  }
}
