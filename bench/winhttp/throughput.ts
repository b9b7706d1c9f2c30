// Requests a second by two clients in turns, so that a slow moment of the machine hits both.
import type { Row } from '../lib/compare.ts';

/** Does one request and reads its body. */
export type Client = () => Promise<unknown>;

export interface ThroughputOptions {
  id: string;
  peerName: string;
  /** Requests at a time. */
  concurrency: number;
  rounds: number;
  /** How long one measurement of one round takes. */
  milliseconds: number;
}

async function requestsPerSecond(clients: readonly Client[], milliseconds: number): Promise<number> {
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
}

/** `makeOurs` and `makePeer` are called once for each request that is under way at a time. */
export async function compareThroughput(
  makeOurs: () => Promise<Client>,
  makePeer: () => Promise<Client>,
  options: ThroughputOptions,
): Promise<Row> {
  const { concurrency, milliseconds } = options;
  const make = (client: () => Promise<Client>) => Promise.all(Array.from({ length: concurrency }, client));
  const [ours, peer] = [await make(makeOurs), await make(makePeer)];
  await requestsPerSecond(ours, milliseconds);
  await requestsPerSecond(peer, milliseconds);
  const rounds: { ours: number; peer: number }[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    // Who goes first alternates.
    const first = await requestsPerSecond(round % 2 === 0 ? ours : peer, milliseconds);
    const second = await requestsPerSecond(round % 2 === 0 ? peer : ours, milliseconds);
    rounds.push(round % 2 === 0 ? { ours: first, peer: second } : { ours: second, peer: first });
  }
  return throughputRow(options.id, options.peerName, rounds);
}

export function throughputRow(id: string, peerName: string, rounds: readonly { ours: number; peer: number }[]): Row {
  const ratios = rounds.map((round) => round.ours / round.peer);
  const ratio = quantile(ratios, 0.5);
  return {
    ...{ id, unit: 'requests/s', peerName, platform: `${process.platform} ${process.arch}` },
    node: process.versions.node,
    ours: Math.round(
      quantile(
        rounds.map((round) => round.ours),
        0.5,
      ),
    ),
    peer: Math.round(
      quantile(
        rounds.map((round) => round.peer),
        0.5,
      ),
    ),
    ratio: rounded(ratio),
    spread: rounded((quantile(ratios, 0.75) - quantile(ratios, 0.25)) / ratio),
  };
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (high - low) * (at - Math.floor(at));
}

export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
