// Requests per second of two clients in turns, so that a slow moment of the machine affects both.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Row, rowOf } from '../lib/rounds.ts';

/** Makes one request and reads its body. */
export type Client = () => Promise<unknown>;

/** Returns the requests per second during this time. */
export type Rate = (milliseconds: number) => Promise<number>;

/** Clients of this process, each with one request at a time. */
export function rateOfClients(clients: readonly Client[]): Rate {
  return async (milliseconds) => {
    const start = performance.now();
    let count = 0;
    const loop = async (client: Client) => {
      while (performance.now() - start < milliseconds) {
        await client();
        count += 1;
      }
    };
    await Promise.all(clients.map(loop));
    return (count * 1000) / (performance.now() - start);
  };
}

const FIRST_COUNT = 50;

/**
 * A program that makes the same COM calls (native/test/winhttp_baseline.cc): its arguments are URL, number of requests,
 * kind and concurrency; it prints requests per second.
 */
export function rateOfProgram(program: string, url: string, kind: string, atATime: number): Rate {
  let count = FIRST_COUNT;
  return async (milliseconds) => {
    const rate = Number(await outputOf(program, [url, `${count}`, kind, `${atATime}`]));
    if (!(rate > 0)) throw new Error(`${program} did not say how many requests a second it does`);
    count = Math.max(1, Math.round((rate * milliseconds) / 1000));
    return rate;
  };
}

/** Through a file, because Node under Wine cannot read from a pipe. */
export async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'winwire-bench-'));
  const file = path.join(folder, 'output');
  const output = openSync(file, 'w');
  try {
    const [code] = await once(spawn(program, args, { stdio: ['ignore', output, 'ignore'] }), 'exit');
    if (code !== 0) throw new Error(`${program} ended with exit code ${code}`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true });
  }
}

export interface ThroughputOptions {
  id: string;
  peerName: string;
  rounds: number;
  /** Duration of one measurement of one round. */
  milliseconds: number;
}

export async function compareThroughput(ours: Rate, peer: Rate, options: ThroughputOptions): Promise<Row> {
  const { id, peerName, milliseconds } = options;
  for (const rate of [ours, peer]) await rate(milliseconds);
  const rounds: { ours: number; peer: number }[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    // The order alternates.
    const first = await (round % 2 === 0 ? ours : peer)(milliseconds);
    const second = await (round % 2 === 0 ? peer : ours)(milliseconds);
    rounds.push(round % 2 === 0 ? { ours: first, peer: second } : { ours: second, peer: first });
  }
  return rowOf({ id, unit: 'requests/s', peerName }, rounds);
}
