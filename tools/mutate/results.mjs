// Keeps the results of mutants between runs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inProject } from '../../scripts/lib/project.mjs';

const jsonFile = 'build/mutation.json';

/** A mutant by file, line text and change; line numbers move. */
export const nameOf = ({ file, source, change, number }) => [file, source, change, number].join('\0');

function readResults() {
  if (!existsSync(inProject(jsonFile))) return new Map();
  const rows = JSON.parse(readFileSync(inProject(jsonFile), 'utf8'));
  return new Map(rows.map((row) => [nameOf(row), row]));
}

/** Puts results in place of older ones of the same mutants. */
export function keepResults(results) {
  const kept = readResults();
  for (const { file, line, column, source, change, number, fate, by } of results) {
    const row = { file, line, column, source, change, number, fate, by };
    kept.set(nameOf(row), row);
  }
  mkdirSync(path.dirname(inProject(jsonFile)), { recursive: true });
  writeFileSync(inProject(jsonFile), `${JSON.stringify([...kept.values()], null, 1)}\n`);
}

/** The mutants that have a result, each with it. */
export function resultsOf(mutants) {
  const kept = readResults();
  return mutants.flatMap((mutant) => {
    const known = kept.get(nameOf(mutant));
    return known === undefined ? [] : [{ ...mutant, fate: known.fate, by: known.by }];
  });
}

/** Tells the mutants that survived or were never tried. */
export function isNotCaught() {
  const kept = readResults();
  return (mutant) => (kept.get(nameOf(mutant))?.fate ?? 'survived') === 'survived';
}
