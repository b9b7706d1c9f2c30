// Compares our fetch with Node's own.
import type { RequestListener } from 'node:http';
import { afterAll, expect } from 'vitest';
import { fetch } from '../../lib/dispatcher/fetch.ts';
import { ProxyDispatcher } from '../../lib/dispatcher/proxy-dispatcher.ts';
import { type Act, outcomeOf } from './fetch-outcome.ts';

interface Comparison {
  /** Expects the same outcome of both. */
  same(act: Act, answer: RequestListener | string): Promise<void>;
  /** Returns the outcomes by Node's fetch and by ours. */
  both(act: Act, answer: RequestListener | string): Promise<[object, object]>;
}

/** Compares until the end of the test file. */
export function startComparison(): Comparison {
  const dispatcher = new ProxyDispatcher({ proxy: 'direct' });
  afterAll(() => dispatcher.destroy());
  // The global fetch hands over the same options; a dispatcher is the only difference.
  const ours = ((input: string, init?: RequestInit) =>
    fetch(input, { ...init, dispatcher } as RequestInit)) as typeof globalThis.fetch;
  const both: Comparison['both'] = async (act, answer) => [
    await outcomeOf(globalThis.fetch, act, answer),
    await outcomeOf(ours, act, answer),
  ];
  const same: Comparison['same'] = async (act, answer) => {
    const [expected, outcome] = await both(act, answer);
    expect(outcome).toEqual(expected);
  };
  return { same, both };
}
