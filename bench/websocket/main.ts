// npm run bench -- websocket: connections of winwire against ws, in one run. bench/README.md has the method.
import { parseArgs } from 'node:util';
import { printTable, type Row, writeRows } from '../lib/rows.ts';
import { decodeIds, decodeRows } from './decode.ts';
import { echoRow, idleMemoryRow, latencyRows, sendRow } from './network.ts';
import { steadyMemoryRow } from './steady-memory.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    library: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    connections: { type: 'string', default: '10000' },
    output: { type: 'string', default: 'build/bench.json' },
  },
});
const rounds = Number(values.rounds);
const chosenIds = decodeIds.filter((id) => positionals.includes(id));

const groups: Record<string, () => Promise<Row[]>> = {
  // Its rounds are short, so garbage collection affects only some of them.
  decode: () => decodeRows(6 * rounds, chosenIds.length > 0 ? chosenIds : decodeIds),
  send: async () => [await sendRow('server', rounds), await sendRow('client', rounds)],
  echo: async () => [await echoRow(32, rounds), await echoRow(1024, rounds)],
  // A percentile needs many rounds.
  latency: () => latencyRows(2 * rounds),
  idle: async () => [await idleMemoryRow(Number(values.connections), Math.min(rounds, 3))],
  steady: async () => [await steadyMemoryRow()],
};

const names = [...Object.keys(groups), ...decodeIds];
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(', ')}; what can be measured: ${names.join(', ')}`);

const rows: Row[] = [];
for (const [name, measure] of Object.entries(groups)) {
  const isChosen = positionals.includes(name) || (name === 'decode' && chosenIds.length > 0);
  if (positionals.length > 0 && !isChosen) continue;
  console.log(`measuring: ${name}`);
  rows.push(...(await measure()));
}
printTable(rows);
writeRows(values.output, rows);
