// node scripts/pictures.mjs [--record]: draws the pictures of README.md and docs from the JSON files beside them. With
// --record it runs the demo and a comparison first, and writes what they print to those files.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { excerpt } from '../tools/pictures/parity-picture.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { writePictures } from './lib/pictures.mjs';
import { inProject } from './lib/project.mjs';
import { main, Stop } from './lib/run.mjs';
import { compiled } from './lib/type-script.mjs';

const CHAPTER = 'A text message, call by call';

main((args) => {
  const { values } = parseArgs({ args, options: { record: { type: 'boolean', default: false } } });
  if (values.record) record();
  writePictures();
});

function record() {
  ensureReady({ tests: false });
  writeJson('docs/pictures/demo.json', recordedChapter());
  writeJson('docs/pictures/parity.json', recordedDifference());
}

/** Returns the events of one chapter of the demo. */
function recordedChapter() {
  const printed = run([compiled('examples/demo/main.ts'), '--json']).stdout;
  const events = printed
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
  const from = events.findIndex(({ title }) => title === CHAPTER);
  const to = events.findIndex(({ event }, i) => i > from && event === 'chapter');
  return events.slice(from, to);
}

/** Compares the engine with a subject that has a planted fault. */
function recordedDifference() {
  const file = inProject('build/parity-picture.json');
  const subject = compiled('examples/parity/short-reasons.ts');
  const command = ['parity', '--left', 'portable', '--right', subject, '--scenario', 'close-by-client', '--json', file];
  const { status } = run([inProject('dist/cli/main.js'), ...command]);
  if (status !== 1) throw new Stop('pictures: the comparison did not find the planted fault');
  return excerpt(JSON.parse(readFileSync(file, 'utf8')));
}

function run(args) {
  return spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function writeJson(file, value) {
  writeFileSync(inProject(file), `${JSON.stringify(value, null, 2)}\n`);
}
