import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareTraces, type StepPair, type Trace, type TraceStep } from '../../lib/parity.ts';

const call = (name: string, value: TraceStep['args'][string] = null, args: TraceStep['args'] = {}): TraceStep => ({
  kind: 'call',
  actor: 'client',
  name,
  args,
  outcome: { status: 'returned', value },
});
const failed = (name: string, failure: object): TraceStep => ({
  ...call(name),
  outcome: { status: 'failed', code: 'E', message: 'x', ...failure },
});
const trace = (...steps: TraceStep[]): Trace => ({ scenario: 's', subject: 'who', steps });

const marks = (left: Trace, right: Trace) =>
  compareTraces(left, right).map(({ left: a, right: b, differences }) => {
    if (a === undefined) return `+${b?.name}`;
    if (b === undefined) return `-${a.name}`;
    return differences.length > 0 ? `!${a.name}` : a.name;
  });

describe('two traces', () => {
  test('that are equal have no difference', () => {
    const one = trace(call('a', [1, { b: 'c' }]), call('b'));
    expect(marks(one, structuredClone(one))).toEqual(['a', 'b']);
  });

  test('differ by their innermost values', () => {
    const left = trace(call('a', { x: [1, 2], y: 'same' }, { data: 'one' }));
    const right = trace(call('a', { x: [1, 3], y: 'same', z: true }, { data: 'two' }));
    expect(compareTraces(left, right)[0]?.differences).toEqual([
      { path: 'args.data', left: 'one', right: 'two' },
      { path: 'outcome.value.x.1', left: 2, right: 3 },
      { path: 'outcome.value.z', left: undefined, right: true },
    ]);
  });

  test('do not differ by the text of an error in an event', () => {
    const told = (hresult: number, message: string) => trace(call('error', null, { told: [{ hresult, message }] }));
    expect(marks(told(5, 'one'), told(5, 'another'))).toEqual(['error']);
    expect(marks(told(5, 'one'), told(6, 'one'))).toEqual(['!error']);
  });

  test('are equal after an additional step of one', () => {
    const left = trace(call('a'), call('b'), call('c'), call('d'));
    expect(marks(left, trace(call('a'), call('x'), call('b'), call('c'), call('d')))).toEqual([
      'a',
      '+x',
      'b',
      'c',
      'd',
    ]);
    expect(marks(left, trace(call('a'), call('c'), call('d')))).toEqual(['a', '-b', 'c', 'd']);
    expect(marks(left, trace())).toEqual(['-a', '-b', '-c', '-d']);
  });

  test('have equal failures by HRESULT, else by code, never by text', () => {
    const compare = (a: object, b: object) => marks(trace(failed('f', a)), trace(failed('f', b)));
    expect(compare({ hresult: 5, code: 'A', message: 'one' }, { hresult: 5, code: 'B', message: 'two' })).toEqual([
      'f',
    ]);
    expect(compare({ hresult: 5 }, { hresult: 6 })).toEqual(['!f']);
    expect(compare({ code: 'A' }, { code: 'B' })).toEqual(['!f']);
    expect(compare({ message: 'one' }, { message: 'two' })).toEqual(['f']);
    expect(marks(trace(call('f')), trace(failed('f', {})))).toEqual(['!f']);
  });

  test('of other actors have different steps', () => {
    const other = { ...call('a'), actor: 'server' };
    expect(marks(trace(call('a')), trace(other))).toEqual(['-a', '+a']);
  });

  test('of very many steps are compared too', () => {
    const many = (name: string) => Array.from({ length: 2001 }, (_, index) => call(index === 0 ? name : 'same', index));
    const found = marks(trace(...many('a')), trace(...many('b')));
    expect(found.filter((mark) => mark === 'same').length).toBeGreaterThan(1990);
  });
});

describe('of any two traces', () => {
  const { value } = fc.letrec<{ value: TraceStep['args'][string] }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 0, 1, 'a', 'b', ''),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('x', 'y', 'message', 'hresult'), tie('value'), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
    ),
  }));
  const outcome: fc.Arbitrary<TraceStep['outcome']> = fc.oneof(
    fc.constant({ status: 'pending' as const }),
    value.map((one) => ({ status: 'returned' as const, value: one })),
    fc.record(
      {
        status: fc.constant('failed' as const),
        code: fc.constantFrom('A', 'B'),
        message: fc.constantFrom('one', 'two'),
        hresult: fc.constantFrom(1, 2),
      },
      { requiredKeys: ['status', 'code', 'message'] },
    ),
  );
  const step: fc.Arbitrary<TraceStep> = fc.record({
    kind: fc.constantFrom('call' as const, 'event' as const),
    actor: fc.constantFrom('client', 'server'),
    name: fc.constantFrom('a', 'b', 'c'),
    args: fc.dictionary(fc.constantFrom('p', 'q'), value, { noNullPrototype: true }),
    outcome,
  });
  const anyTrace = fc.array(step, { maxLength: 8 }).map((steps) => trace(...steps));
  const differing = (pairs: readonly StepPair[]) => pairs.filter(({ differences }) => differences.length > 0);

  test('contain every step once, in order, and paired steps have equal names', () => {
    fc.assert(
      fc.property(anyTrace, anyTrace, (left, right) => {
        const pairs = compareTraces(left, right);
        expect(pairs.flatMap((pair) => pair.left ?? [])).toEqual(left.steps);
        expect(pairs.flatMap((pair) => pair.right ?? [])).toEqual(right.steps);
        for (const { left: a, right: b } of pairs) if (a && b) expect([a.actor, a.name]).toEqual([b.actor, b.name]);
        for (const pair of pairs) if (!pair.left || !pair.right) expect(pair.differences).toHaveLength(1);
      }),
    );
  });

  test('do not differ from themselves, nor from their copies through JSON', () => {
    fc.assert(
      fc.property(anyTrace, (one) => {
        expect(differing(compareTraces(one, one))).toEqual([]);
        expect(differing(compareTraces(one, JSON.parse(JSON.stringify(one))))).toEqual([]);
      }),
    );
  });

  test('have the same pairs and differences when they are swapped', () => {
    const paired = (pairs: readonly StepPair[]) => pairs.filter(({ left, right }) => left && right);
    const byPath = ({ left, right, differences }: StepPair) => ({
      left,
      right,
      differences: differences.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    });
    const swapped = ({ left, right, differences }: StepPair) => ({
      left: right,
      right: left,
      differences: differences.map(({ path, left: a, right: b }) => ({ path, left: b, right: a })),
    });
    fc.assert(
      fc.property(anyTrace, anyTrace, (left, right) => {
        const forth = compareTraces(left, right);
        const back = compareTraces(right, left);
        expect(paired(back)).toHaveLength(paired(forth).length);
        // With several equal steps the pairing is ambiguous.
        if (left.steps.length > 1 || right.steps.length > 1) return;
        expect(paired(back).map(byPath)).toEqual(paired(forth).map((pair) => byPath(swapped(pair) as StepPair)));
      }),
    );
  });

  test('differ only in the additional steps of one', () => {
    fc.assert(
      fc.property(anyTrace, fc.array(step, { maxLength: 3 }), fc.nat(8), (one, more, place) => {
        const renamed = more.map((extra) => ({ ...extra, name: 'extra' }));
        const longer = trace(...one.steps.slice(0, place), ...renamed, ...one.steps.slice(place));
        const found = differing(compareTraces(one, longer));
        expect(found.map(({ left, right }) => [left, right])).toEqual(renamed.map((extra) => [undefined, extra]));
      }),
    );
  });
});
