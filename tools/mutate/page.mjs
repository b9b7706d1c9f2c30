// Writes docs/mutation.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inProject } from '../../scripts/lib/project.mjs';
import { nameOf } from './results.mjs';

const reasonsFile = 'native/test/mutation-survivors.json';
const pageFile = 'docs/mutation.md';

export const isCounted = ({ fate }) => fate === 'caught' || fate === 'survived';

export function scoreOf(results) {
  const counted = results.filter(isCounted);
  return counted.length === 0 ? 100 : (100 * counted.filter(({ fate }) => fate === 'caught').length) / counted.length;
}

/** Why survivors are harmless, by file, line text and change; line numbers move. */
function readReasons() {
  if (!existsSync(inProject(reasonsFile))) return new Map();
  const entries = JSON.parse(readFileSync(inProject(reasonsFile), 'utf8'));
  return new Map(entries.map((entry) => [nameOf({ number: 1, ...entry }), entry.reason]));
}

/** The survivors, each with its reason where one is given. */
export function explainedSurvivors(results) {
  const reasons = readReasons();
  return results
    .filter(({ fate }) => fate === 'survived')
    .map((result) => ({ ...result, reason: reasons.get(nameOf(result)) }));
}

export function writePage(results) {
  const survivors = explainedSurvivors(results);
  const text = [
    '# Mutations of the engine',
    '',
    '<!-- Made by npm run mutate from native/engine and native/test/mutation-survivors.json. -->',
    '',
    'A test that cannot fail is worth nothing. `npm run mutate` changes one condition of the engine at a time (a',
    'comparison, a logical operator, a negation, a constant, a sign, a guard), builds it, and runs the tests of',
    '`native/test`. A mutant is caught if a test fails, the program crashes, or it does not end; one that none of this',
    'happens to is tried again under AddressSanitizer and UndefinedBehaviorSanitizer. Mutants that the compiler',
    'turns into the same code as the original, or as another mutant, and those that do not compile are not counted.',
    '',
    `**${scoreOf(results).toFixed(1)} %** of ${results.filter(isCounted).length} mutants are caught.`,
    '',
    ...fileTable(results),
    '',
    '## Survivors',
    '',
    ...(survivors.length === 0 ? ['None.'] : survivorList(survivors)),
    '',
  ].join('\n');
  mkdirSync(path.dirname(inProject(pageFile)), { recursive: true });
  writeFileSync(inProject(pageFile), text);
  return pageFile;
}

function fileTable(results) {
  const files = [...new Set(results.map(({ file }) => file))];
  const count = (file, fate) => results.filter((result) => result.file === file && result.fate === fate).length;
  const rows = files.map((file) => {
    const [caught, survived] = [count(file, 'caught'), count(file, 'survived')];
    const others = count(file, 'same code') + count(file, 'does not compile');
    return `| \`${file.replace('native/engine/', '')}\` | ${caught} | ${survived} | ${others} |`;
  });
  return ['| file | caught | survived | not counted |', '| --- | ---: | ---: | ---: |', ...rows];
}

const survivorList = (survivors) =>
  survivors.flatMap(({ file, line, source, change, reason }) => [
    `- \`${file}\` line ${line}: ${change}`,
    '',
    `      ${source}`,
    '',
    `  ${reason ?? '**A test still to write.**'}`,
    '',
  ]);
