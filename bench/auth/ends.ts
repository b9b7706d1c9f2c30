// How soon a process ends, or a worker in it, while an authentication is under way: in each leg, and in a step that waits for
// a KDC.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { here, type Row, significant, summary } from '../lib/rows.ts';
import { close, NTLM, open, step } from './tokens.ts';

const LIMIT_MS = 300;
const ENDS = ['process', 'worker'] as const;

interface Leg {
  readonly name: string;
  readonly program: string;
  readonly args: (end: (typeof ENDS)[number]) => readonly string[];
}

const inLeg = (scheme: string, request: number, challenge: string): Leg => ({
  name: `${scheme}, request ${request}`,
  program: 'end-in-leg.mjs',
  args: (end) => [end, `${request}`, scheme, challenge],
});

const inStep: Leg = {
  name: 'a step that waits for a KDC',
  program: 'end-in-step.mjs',
  args: (end) => [end === 'process' ? 'process.exit' : end],
};

/** The challenge of NTLM that Apache sends to carol. */
async function challengeOf(server: string): Promise<string> {
  const context = await open(NTLM, { username: 'carol', password: 'any', domain: 'WINWIRE' });
  const [token] = await step(context);
  close(context);
  const agent = new Agent();
  const headers = { Authorization: `NTLM ${Buffer.from(token as Uint8Array).toString('base64')}` };
  const [response] = (await once(get(`${server}/ntlm/x`, { agent, headers }), 'response')) as [IncomingMessage];
  await text(response);
  agent.destroy();
  const [, challenge] = /NTLM (\S+)/.exec(String(response.headers['www-authenticate'])) ?? [];
  if (challenge === undefined) throw new Error('Apache sent no challenge');
  return challenge;
}

/** Runs a program that prints when it ends, and returns how many milliseconds later it has ended. */
async function timeOf(program: string, args: readonly string[]): Promise<number> {
  const file = fileURLToPath(new URL(`../../../../test/auth/programs/${program}`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = text(child.stdout);
  await once(child, 'exit');
  const ended = Date.now();
  const [time] = (await printed).split('\n');
  if (!/^\d+$/.test(String(time))) throw new Error(`${program} ${args.join(' ')}: no time`);
  return ended - Number(time);
}

/** Returns a row for each kind of end; its value is that of the slowest run of all legs. */
export async function endRows(server: string, runs: number): Promise<Row[]> {
  const challenge = await challengeOf(server);
  const legs = [
    ...[1, 2].map((request) => inLeg('Negotiate', request, challenge)),
    inStep,
    ...[1, 2, 3].map((request) => inLeg('NTLM', request, challenge)),
  ];
  const rows: Row[] = [];
  for (const end of ENDS) {
    const slowest: number[] = [];
    for (const { name, program, args } of legs) {
      const times: number[] = [];
      for (let run = 0; run < runs; run++) times.push(await timeOf(program, args(end)));
      times.sort((a, b) => a - b);
      console.log(`end of a ${end}, ${name}: median ${times[runs >> 1]} ms, slowest ${times.at(-1)} ms`);
      slowest.push(times.at(-1) as number);
    }
    const ours = Math.max(...slowest);
    const { spread } = summary(slowest.map((time) => LIMIT_MS / time));
    const ratio = significant(LIMIT_MS / ours);
    rows.push({ id: `auth-end-${end}`, unit: 'ms', ours, peer: LIMIT_MS, peerName: 'limit', ratio, spread, ...here });
  }
  return rows;
}
