import { describe, expect, test } from 'vitest';
import { standinModes, standinRuns } from '../helpers/standin.ts';
import { probe } from './websocket/probe.ts';
import { knownDifferences } from './winhttp/known-differences.ts';
import { sections } from './winhttp/registry.ts';
import { isOpen, statements } from './winhttp/statement.ts';

const typed = sections.flatMap((section) => Object.keys(section));

function idsOf(face: string): string[] {
  return statements.filter((statement) => statement.face === face).map(({ id }) => id);
}

describe('the statements', () => {
  test('are numbered from RQ-001 to RQ-237 without a gap', () => {
    const expected = Array.from({ length: 237 }, (_, index) => `RQ-${String(index + 1).padStart(3, '0')}`);
    expect(statements.map(({ id }) => id)).toEqual(expected);
  });

  test('with face sys each have one test through winwire', () => {
    expect(typed.toSorted()).toEqual(idsOf('sys'));
  });

  test('with face probe each have a test in the native probe, if there is COM', () => {
    const { winHttpStatementIds } = probe as { winHttpStatementIds?: () => string[] };
    if (winHttpStatementIds) expect(winHttpStatementIds()).toEqual(expect.arrayContaining(idsOf('probe')));
  });

  test('with face probe each name the COM mechanism that they test, and the others do not', () => {
    for (const { id, face, plumbing } of statements) {
      expect({ id, plumbing: plumbing !== undefined }).toEqual({ id, plumbing: face === 'probe' });
    }
  });

  test('have a gate exactly if a Microsoft page or a test on Windows supports them', () => {
    for (const { id, evidence, gate } of statements) {
      expect({ id, gate }).toEqual({ id, gate: evidence === 'doc' || evidence === 'wine-test' });
    }
  });

  test('name their strongest evidence', () => {
    for (const { evidence, evidenceText } of statements) expect(evidenceText).toContain(`[${evidence}]`);
  });

  test('with an open answer name modes of the stand-in, or why the package does not depend on it', () => {
    for (const statement of statements) {
      const { id, modes, independence } = statement;
      // A Microsoft article (KB 839872) restricts the time-out, so there is a mode for it.
      const said = [modes, independence].filter((each) => each !== undefined).length;
      if (isOpen(statement) || independence) expect({ id, said }).toEqual({ id, said: 1 });
    }
  });

  test('name only modes that a run uses', () => {
    const known = ['wine', ...standinRuns('all').flatMap((run) => run.split('+'))];
    expect(known).toEqual(expect.arrayContaining(statements.flatMap(({ modes = [] }) => modes)));
    expect(Object.keys(standinModes)).toEqual(expect.arrayContaining(known.slice(1)));
    expect(known).toEqual(expect.arrayContaining(Object.keys(standinModes)));
  });

  test('differ at most once for each provider', () => {
    const keys = knownDifferences.map(({ id, backend, provider }) => `${id} ${backend} ${provider}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { id } of knownDifferences) expect(statements.map((statement) => statement.id)).toContain(id);
  });

  test('have at most 15 known differences on the portable engine', () => {
    expect(knownDifferences.filter(({ backend }) => backend === 'portable').length).toBeLessThanOrEqual(15);
  });
});
