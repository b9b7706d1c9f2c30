// The major versions of Node for a command.
import { Stop } from './run.mjs';

/** The supported major versions of Node.js, the oldest first. */
export const nodeLines = [20, 22, 24, 26];

/** Parses the value of `--node`: numbers, `oldest`, `newest` or `all`, separated by commas. */
export function chosenLines(value, lines = nodeLines) {
  const each = lines.map((line) => [String(line), [line]]);
  const named = new Map([...each, ['oldest', lines.slice(0, 1)], ['newest', lines.slice(-1)], ['all', lines]]);
  const words = value.split(',');
  const unknown = words.filter((word) => !named.has(word));
  if (unknown.length > 0) throw new Stop(`--node ${unknown}: unknown. Choose from ${[...named.keys()].join(', ')}`);
  const chosen = words.flatMap((word) => named.get(word));
  return lines.filter((line) => chosen.includes(line));
}
