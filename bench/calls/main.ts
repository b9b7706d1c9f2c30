// npm run bench -- calls: what one message costs through the 13 functions, with winwire/sys and with koffi on the same
// component. bench/README.md has the method.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { backends } from 'winwire';
import { compare } from '../lib/compare.ts';
import { printTable, type Row, writeRows } from '../lib/rows.ts';
import { createKoffiLoop } from './koffi-loop.ts';
import type { Loop } from './loop.ts';
import { createWinwireLoop } from './winwire-loop.ts';

const SIZES = [16, 125, 1024, 16_384];

const { values } = parseArgs({
  options: {
    library: { type: 'string' },
    rounds: { type: 'string', default: '301' },
    output: { type: 'string', default: 'build/bench.json' },
  },
});

const backend = process.platform === 'win32' ? 'system' : 'portable';
const library = values.library ?? path.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'websocket.dll');
const { provider, file } = backends().websocket[backend];

console.log(
  `One message, sent by one handle until drained and received by the other until indicated; both directions.`,
);
console.log(`winwire/sys: backend ${backend} (${[provider, file].filter(Boolean).join(', ')})`);
console.log(`koffi:       ${library}\n`);

const winwire = createWinwireLoop(backend);
const koffi = createKoffiLoop(library);
const rows: Row[] = SIZES.map((size) => {
  const payload = Buffer.from(Array.from({ length: size }, (_, i) => (i * 31) & 0xff));
  for (const loop of [winwire, koffi]) verify(loop, payload);
  const contestants = { ours: () => roundTrip(winwire, payload), peer: () => roundTrip(koffi, payload) };
  return compare(`calls-${size}`, 'koffi', contestants, { rounds: Number(values.rounds), perCall: 2 });
});
winwire.dispose();
koffi.dispose();
printTable(rows);
writeRows(values.output, rows);

function roundTrip(loop: Loop, payload: Buffer): void {
  loop.transfer('client', payload);
  loop.transfer('server', payload);
}

/** Checks that both do the same work. */
function verify(loop: Loop, payload: Buffer): void {
  for (const from of ['client', 'server'] as const) {
    const received = loop.transfer(from, payload);
    if (!received.equals(payload)) throw new Error(`${payload.length} bytes from the ${from} came out changed`);
  }
}
