// Checks that a prebuilt addon matches its folder.
import { existsSync } from 'node:fs';
import { filesUnder } from '../../scripts/lib/files.mjs';
import { inProject } from '../../scripts/lib/project.mjs';
import { Stop } from '../../scripts/lib/run.mjs';
import { readBinary } from '../binaries/read-binary.mjs';
import { faultsOf, prebuildTargets } from './prebuild-targets.mjs';

const placeOf = ({ folder, file }) => `prebuilds/${folder}/${file}`;

/**
 * Reads the headers of the files in prebuilds/ and stops if a binary does not match its name. Unless `partial`, every
 * target must exist and meet the requirements of a release.
 */
export function checkPrebuilds({ partial = false } = {}) {
  const expected = new Set(prebuildTargets.map(placeOf));
  const unknown = filesUnder('prebuilds', ['']).filter((file) => !expected.has(file));
  const faults = unknown.map((file) => `${file}: is not a file of a package`);
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
