// npm run bench -- auth: what making a token takes of the event loop. The tickets are those of a KDC on loopback. Rows:
// bench/README.md.
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { here, printTable, quantile, type Row, significant, summary, writeRows } from '../lib/rows.ts';

const { values } = parseArgs({
  strict: false,
  options: {
    rounds: { type: 'string', default: '100' },
    output: { type: 'string', default: 'build/bench.json' },
  },
});

/** As many as a busy program starts at once. */
const STEPS = 20;
const LIMIT_MS = 0.2;
const KERBEROS = 1;

type Answer = readonly unknown[];
interface AuthFunctions {
  open(call: number, authPackage: number, service: string): void;
  step(call: number, context: number, token: undefined): void;
  close(context: number): void;
  ref(referenced: boolean): void;
}
interface Addon {
  readonly auth: { start(dispatch: (kind: number, call: number, ...values: unknown[]) => void): AuthFunctions };
}

const { auth } = createRequire(import.meta.url)('../../../Release/winwire.node') as Addon;
const calls = new Map<number, (answer: Answer | Error) => void>();
const functions = auth.start((kind, call, ...answer) => {
  calls.get(call)?.(kind === 0 ? answer : new Error(answer.join(' ')));
  calls.delete(call);
});
functions.ref(true);
let last = 0;

function call(start: (number: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    calls.set(++last, (answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
    start(last);
  });
}

const open = async () => (await call((number) => functions.open(number, KERBEROS, 'HTTP/localhost')))[0] as number;
const step = (context: number) => call((number) => functions.step(number, context, undefined));

async function logOn(): Promise<void> {
  const { desk } = JSON.parse(process.env.WINWIRE_AUTH_REALM ?? '{}') as { desk?: string };
  const answer = await fetch(`${desk}/log-on?user=alice`, { method: 'POST' });
  if (!answer.ok) throw new Error(await answer.text());
}

/** The time of the event loop for a token, in milliseconds. */
async function loopTime(): Promise<number> {
  const contexts = await Promise.all(Array.from({ length: STEPS }, open));
  const before = performance.eventLoopUtilization();
  await Promise.all(contexts.map(step));
  const { active } = performance.eventLoopUtilization(before);
  for (const context of contexts) functions.close(context);
  return active / STEPS;
}

await logOn();
await loopTime();
const times: number[] = [];
for (let round = 0; round < Number(values.rounds); round++) times.push(await loopTime());
const row: Row = {
  id: 'auth-step-loop',
  unit: 'ms of the event loop',
  ours: significant(quantile(times, 0.5)),
  peer: LIMIT_MS,
  peerName: 'limit',
  ...summary(times.map((time) => LIMIT_MS / time)),
  ...here,
};
printTable([row]);
writeRows(String(values.output), [row]);
functions.ref(false);
