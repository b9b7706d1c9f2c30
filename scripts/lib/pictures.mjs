// The pictures of README.md and docs, drawn from the committed JSON files beside them.
import { readFileSync, writeFileSync } from 'node:fs';
import { benchChart } from '../../tools/bench-chart/bench-chart.mjs';
import { benchPicture } from '../../tools/pictures/bench-picture.mjs';
import { demoPicture } from '../../tools/pictures/demo-picture.mjs';
import { parityPicture } from '../../tools/pictures/parity-picture.mjs';
import { filesUnder } from './files.mjs';
import { announce, inProject } from './project.mjs';
import { Stop } from './run.mjs';

const readJson = (file) => JSON.parse(readFileSync(inProject(file), 'utf8'));

/** Returns each picture's file and content. */
function pictures() {
  const charts = filesUnder('docs/bench', ['.json']).map((file) => {
    const rows = readJson(file);
    return [file.replace('.json', '.svg'), benchChart(rows, rows[0].platform)];
  });
  return [
    ...charts,
    ['docs/pictures/bench.svg', benchPicture(readJson('docs/bench/linux-x64-node-20.json'))],
    ['docs/pictures/demo.svg', demoPicture(readJson('docs/pictures/demo.json'))],
    ['docs/pictures/parity.svg', parityPicture(readJson('docs/pictures/parity.json'))],
  ];
}

/** Draws every picture. */
export function writePictures() {
  for (const [file, content] of pictures()) {
    writeFileSync(inProject(file), content);
    announce(`picture: ${file}`);
  }
}

/** Throws if a committed picture does not match its JSON file. */
export function checkPictures(expected = pictures()) {
  const stale = expected.filter(([file, content]) => readFileSync(inProject(file), 'utf8') !== content);
  if (stale.length === 0) return;
  throw new Stop(`${stale.map(([file]) => file).join(', ')}: not current; run node scripts/pictures.mjs`);
}
