// npm run bench -- auth: what making a token takes of the event loop, and how soon a process ends in an authentication. The
// tickets are those of a KDC on loopback. Rows: bench/README.md.
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { here, printTable, quantile, type Row, significant, summary, writeRows } from '../lib/rows.ts';
import { endRows } from './ends.ts';
import { close, KERBEROS, open, step } from './tokens.ts';

const { values } = parseArgs({
  strict: false,
  options: {
    rounds: { type: 'string', default: '100' },
    ends: { type: 'string', default: '20' },
    output: { type: 'string', default: 'build/bench.json' },
  },
});

/** As many as a busy program starts at once. */
const STEPS = 20;
const LIMIT_MS = 0.2;
const realm = JSON.parse(process.env.WINWIRE_AUTH_REALM ?? '{}') as { desk: string; server: string };

async function logOn(): Promise<void> {
  const answer = await fetch(`${realm.desk}/log-on?user=alice`, { method: 'POST' });
  if (!answer.ok) throw new Error(await answer.text());
}

/** The time of the event loop for a token, in milliseconds. */
async function loopTime(): Promise<number> {
  const contexts = await Promise.all(Array.from({ length: STEPS }, () => open(KERBEROS)));
  const before = performance.eventLoopUtilization();
  await Promise.all(contexts.map(step));
  const { active } = performance.eventLoopUtilization(before);
  for (const context of contexts) close(context);
  return active / STEPS;
}

async function stepRow(): Promise<Row> {
  await loopTime();
  const times: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) times.push(await loopTime());
  return {
    id: 'auth-step-loop',
    unit: 'ms of the event loop',
    ours: significant(quantile(times, 0.5)),
    peer: LIMIT_MS,
    peerName: 'limit',
    ...summary(times.map((time) => LIMIT_MS / time)),
    ...here,
  };
}

await logOn();
const rows = [await stepRow(), ...(await endRows(realm.server, Number(values.ends)))];
printTable(rows);
writeRows(String(values.output), rows);
