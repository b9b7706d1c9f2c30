// Requests a second by two clients in turns, so that a slow moment of the machine hits both.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Row, rowOf } from '../lib/rounds.ts';

/** Does one request and reads its body. */
export type Client = () => Promise<unknown>;

/** How many requests a second it does in that time. */
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

/** A program of its own, which is called with URL, milliseconds, requests at a time, and a file for the result. */
export function rateOfProgram(program: string, url: string, concurrency: number): Rate {
  return async (milliseconds) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'winwire-bench-'));
    try {
      const file = path.join(folder, 'rate');
      await promisify(execFile)(program, [url, `${milliseconds}`, `${concurrency}`, file]);
      return Number(readFileSync(file, 'utf8'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

export interface ThroughputOptions {
  id: string;
  peerName: string;
  rounds: number;
  /** How long one measurement of one round takes. */
  milliseconds: number;
}

export async function compareThroughput(ours: Rate, peer: Rate, options: ThroughputOptions): Promise<Row> {
  const { id, peerName, milliseconds } = options;
  for (const rate of [ours, peer]) await rate(milliseconds);
  const rounds: { ours: number; peer: number }[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    // Who goes first alternates.
    const first = await (round % 2 === 0 ? ours : peer)(milliseconds);
    const second = await (round % 2 === 0 ? peer : ours)(milliseconds);
    rounds.push(round % 2 === 0 ? { ours: first, peer: second } : { ours: second, peer: first });
  }
  return rowOf({ id, unit: 'requests/s', peerName }, rounds);
}
