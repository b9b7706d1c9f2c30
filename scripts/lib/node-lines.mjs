// The lines of Node that a command is run with.
import { Stop } from './run.mjs';

/** The lines of Node.js that winwire supports, the oldest first. */
export const nodeLines = [20, 22, 24, 26];

/** The lines that the value of `--node` names: numbers, `oldest`, `newest` or `all`, separated by commas. */
export function chosenLines(value, lines = nodeLines) {
  const each = lines.map((line) => [String(line), [line]]);
  const named = new Map([...each, ['oldest', lines.slice(0, 1)], ['newest', lines.slice(-1)], ['all', lines]]);
  const words = value.split(',');
  const unknown = words.filter((word) => !named.has(word));
  if (unknown.length > 0) throw new Stop(`--node ${unknown}: unknown. Choose from ${[...named.keys()].join(', ')}`);
  const chosen = words.flatMap((word) => named.get(word));
  return lines.filter((line) => chosen.includes(line));
}
