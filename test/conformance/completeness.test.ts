import { describe, expect, test } from 'vitest';
import { knownDifferences } from './websocket/known-differences.ts';
import { probe } from './websocket/probe.ts';
import { sections } from './websocket/registry.ts';
import { statements } from './websocket/statement.ts';

const typed = sections.flatMap((section) => Object.keys(section));
const native = probe.statementIds();

function idsOf(face: string): string[] {
  return statements.filter((statement) => statement.face === face).map(({ id }) => id);
}

describe('the statements', () => {
  test('are numbered from WS-001 to WS-282 without a gap', () => {
    const expected = Array.from({ length: 282 }, (_, index) => `WS-${String(index + 1).padStart(3, '0')}`);
    expect(statements.map(({ id }) => id)).toEqual(expected);
  });

  test('with face sys each have one test through winwire/sys', () => {
    expect(typed.toSorted()).toEqual(idsOf('sys'));
  });

  test('with faces probe and abi each have one test in the native probe', () => {
    expect(native.toSorted()).toEqual([...idsOf('abi'), ...idsOf('probe')].toSorted());
  });

  test('have a gate exactly if they are known, not only assumed', () => {
    for (const { id, evidence, gate } of statements) expect({ id, gate }).toEqual({ id, gate: evidence !== 'assumed' });
  });

  test('are each covered by a variant of the permissive component where they are only assumed, or nothing depends on them', () => {
    for (const { id, evidence, variant, independent } of statements) {
      const ways = [variant, independent].filter((way) => way !== undefined).length;
      expect({ id, ways }).toEqual({ id, ways: evidence === 'assumed' ? 1 : 0 });
      if (variant !== undefined) expect(probe.permissiveVariants()).toContain(variant);
    }
  });

  test('differ at most once for each provider', () => {
    const keys = knownDifferences.map(({ id, provider }) => `${id} ${provider}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { id } of knownDifferences) expect(statements.map((statement) => statement.id)).toContain(id);
  });
});
