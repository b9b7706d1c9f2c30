// Writes the pages of docs on mutations.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { inProject } from '../../scripts/lib/project.mjs';
import { nameOf } from './results.mjs';

export const isCounted = ({ fate }) => fate === 'caught' || fate === 'survived';

export function scoreOf(results) {
  const counted = results.filter(isCounted);
  return counted.length === 0 ? 100 : (100 * counted.filter(({ fate }) => fate === 'caught').length) / counted.length;
}

/** Reads why survivors are harmless, by file, line text and change; line numbers move. */
function readReasons(reasonsFile) {
  if (!existsSync(inProject(reasonsFile))) return new Map();
  const entries = JSON.parse(readFileSync(inProject(reasonsFile), 'utf8'));
  return new Map(entries.map((entry) => [nameOf({ number: 1, ...entry }), entry.reason]));
}

/** Returns the survivors, each with its reason if there is one. */
export function explainedSurvivors({ reasonsFile }, results) {
  const reasons = readReasons(reasonsFile);
  return results
    .filter(({ fate }) => fate === 'survived')
    .map((result) => ({ ...result, reason: reasons.get(nameOf(result)) }));
}

export function writePage(subject, all, results) {
  const { title, introduction, folder, reasonsFile, pageFile } = subject;
  const survivors = explainedSurvivors(subject, results);
  const untried = all.length - results.length;
  const text = [
    `# ${title}`,
    '',
    `<!-- Made by npm run mutate from ${folder.slice(0, -1)} and ${reasonsFile}. -->`,
    '',
    ...introduction,
    '',
    `**${scoreOf(results).toFixed(1)} %** of ${results.filter(isCounted).length} mutants are caught.`,
    ...(untried > 0
      ? [
          `This is a sample: ${untried} of all ${all.length} have not been tried. Tests were added for its survivors, so a`,
          'new sample may have a lower share.',
        ]
      : []),
    '',
    ...fileTable(folder, all, results),
    '',
    '## Survivors',
    '',
    ...(survivors.length === 0 ? ['None.'] : survivorList(survivors)),
    '',
  ].join('\n');
  writeFileSync(inProject(pageFile), text);
  return pageFile;
}

/** Omits columns that are empty in every file. */
function fileTable(folder, all, results) {
  const files = [...new Set(all.map(({ file }) => file))];
  const count = (file, ...fates) => results.filter((one) => one.file === file && fates.includes(one.fate)).length;
  const columns = [
    { head: 'caught', cell: (file) => count(file, 'caught'), isKept: true },
    { head: 'survived', cell: (file) => count(file, 'survived'), isKept: true },
    { head: 'not counted', cell: (file) => count(file, 'same code', 'does not compile') },
    {
      head: 'not tried',
      cell: (file) =>
        [all, results].map((list) => list.filter((one) => one.file === file).length).reduce((a, b) => a - b),
    },
  ].filter(({ cell, isKept }) => isKept || files.some((file) => cell(file) > 0));
  return [
    `| file | ${columns.map(({ head }) => head).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(columns.length)}`,
    ...files.map(
      (file) => `| \`${file.replace(folder, '')}\` | ${columns.map(({ cell }) => cell(file)).join(' | ')} |`,
    ),
  ];
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
