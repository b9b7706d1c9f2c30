import { describe, expect, test } from 'vitest';
import { compareTraces, type Trace, type TraceStep } from '../../lib/parity/index.ts';

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

  test('do not differ by the text of an error that an event tells', () => {
    const told = (hresult: number, message: string) => trace(call('error', null, { told: [{ hresult, message }] }));
    expect(marks(told(5, 'one'), told(5, 'another'))).toEqual(['error']);
    expect(marks(told(5, 'one'), told(6, 'one'))).toEqual(['!error']);
  });

  test('of which one has a step more, are alike after it', () => {
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

  test('are of one failure by its HRESULT, else by its code, never by its text', () => {
    const compare = (a: object, b: object) => marks(trace(failed('f', a)), trace(failed('f', b)));
    expect(compare({ hresult: 5, code: 'A', message: 'one' }, { hresult: 5, code: 'B', message: 'two' })).toEqual([
      'f',
    ]);
    expect(compare({ hresult: 5 }, { hresult: 6 })).toEqual(['!f']);
    expect(compare({ code: 'A' }, { code: 'B' })).toEqual(['!f']);
    expect(compare({ message: 'one' }, { message: 'two' })).toEqual(['f']);
    expect(marks(trace(call('f')), trace(failed('f', {})))).toEqual(['!f']);
  });

  test('of other actors are other steps', () => {
    const other = { ...call('a'), actor: 'server' };
    expect(marks(trace(call('a')), trace(other))).toEqual(['-a', '+a']);
  });

  test('of very many steps are compared too', () => {
    const many = (name: string) => Array.from({ length: 2001 }, (_, index) => call(index === 0 ? name : 'same', index));
    const found = marks(trace(...many('a')), trace(...many('b')));
    expect(found.filter((mark) => mark === 'same').length).toBeGreaterThan(1990);
  });
});
