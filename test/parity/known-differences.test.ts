import { expect, test } from 'vitest';
import { explains, type KnownDifference, rowsFor } from '../../lib/parity/known-differences.ts';
import { subjectOf } from '../../lib/parity/subject.ts';
import { compareTraces, type Trace } from '../../lib/parity.ts';

const order: KnownDifference = { scenario: '*', provider: 'Theirs', reason: 'order', steps: ['*'], only: 'order' };

const pairOf = (left: string[], right: string[]) => {
  const trace = (headers: string[]): Trace => ({
    scenario: 's',
    subject: 'who',
    steps: [
      { kind: 'call', actor: 'a', name: 'GET /', args: { headers }, outcome: { status: 'returned', value: null } },
    ],
  });
  const [pair] = compareTraces(trace(left), trace(right));
  if (pair === undefined) throw new Error('no step');
  return pair;
};

test('a row on the order of values explains nothing else', () => {
  expect(explains(order, pairOf(['a', 'b', 'c'], ['c', 'a', 'b']))).toBe(true);
  expect(explains(order, pairOf(['a', 'b', 'c'], ['c', 'a', 'd']))).toBe(false);
  expect(explains(order, pairOf(['a', 'b'], ['b', 'a', 'c']))).toBe(false);
  expect(explains(order, { differences: [{ path: 'step', left: undefined, right: 'GET /' }] })).toBe(false);
});

test('a row for any scenario applies if one of the two is its provider', () => {
  const portable = subjectOf('portable');
  const theirs = { ...portable, name: 'Theirs' };
  const scenario = { id: 'cookies', component: 'winhttp' } as const;
  expect(rowsFor([order], scenario, theirs, portable)).toEqual([order]);
  expect(rowsFor([order], scenario, portable, portable)).toEqual([]);
});

test('a row applies up to the version of the provider that no longer has the difference', () => {
  const row: KnownDifference = { ...order, provider: 'Wine', goneIn: 10 };
  const portable = subjectOf('portable');
  const wine = (version?: string) => ({
    ...portable,
    providers: { ...portable.providers, winhttp: { provider: 'Wine', version } },
  });
  const scenario = { id: 'cookies', component: 'winhttp' } as const;
  for (const version of ['8.0', '9.22', undefined]) {
    expect(rowsFor([row], scenario, wine(version), portable)).toEqual([row]);
  }
  for (const version of ['10.0', '11.3']) expect(rowsFor([row], scenario, wine(version), portable)).toEqual([]);
  // Between the two versions it is a difference.
  expect(rowsFor([row], scenario, wine('8.0'), wine('10.0'))).toEqual([row]);
});
