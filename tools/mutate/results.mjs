// Stores the results of mutants between runs.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inProject } from '../../scripts/lib/project.mjs';

const jsonFile = 'build/mutation.json';

/** Identifies a mutant by file, line text and change; line numbers move. */
export const nameOf = ({ file, source, change, number }) => [file, source, change, number].join('\0');

function readResults() {
  if (!existsSync(inProject(jsonFile))) return new Map();
  const rows = JSON.parse(readFileSync(inProject(jsonFile), 'utf8'));
  return new Map(rows.map((row) => [nameOf(row), row]));
}

/** Replaces an older result of the same mutant. */
export function keepResult({ file, line, column, source, change, number, fate, by }) {
  const kept = readResults();
  const row = { file, line, column, source, change, number, fate, by };
  kept.set(nameOf(row), row);
  mkdirSync(path.dirname(inProject(jsonFile)), { recursive: true });
  // An interrupted run leaves the older file.
  writeFileSync(inProject(`${jsonFile}.new`), `${JSON.stringify([...kept.values()], null, 1)}\n`);
  renameSync(inProject(`${jsonFile}.new`), inProject(jsonFile));
}

/** What is known of mutants, those that no longer exist included. */
export const allResults = () => [...readResults().values()];

/** The mutants that have a result, each with it. */
export function resultsOf(mutants) {
  const kept = readResults();
  return mutants.flatMap((mutant) => {
    const known = kept.get(nameOf(mutant));
    return known === undefined ? [] : [{ ...mutant, fate: known.fate, by: known.by }];
  });
}

/** Returns a filter by the fate of a mutant, which is undefined until the mutant was tried. */
export function byFate(isWanted) {
  const kept = readResults();
  return (mutant) => isWanted(kept.get(nameOf(mutant))?.fate);
}
