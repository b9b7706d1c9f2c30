// The numbered statements as data, and the type of their tests.
import { readFileSync } from 'node:fs';
import type { StatementContext } from './context.ts';

/**
 * How a statement is known: from Microsoft's pages or header, from programs that run against the real DLL, or assumed.
 */
export type Evidence = 'doc' | 'seen' | 'assumed';

/** Where a statement can be tested: through winwire/sys, through the native probe, or in the compiled ABI. */
export type Face = 'sys' | 'probe' | 'abi';

export interface Statement {
  readonly id: string;
  readonly section: string;
  readonly sentence: string;
  readonly evidence: Evidence;
  /** Only the failure is known, not its code; a "preferred" code in the sentence is never a gate. */
  readonly loose: boolean;
  readonly face: Face;
  /** Whether a different result fails the run. */
  readonly gate: boolean;
  /** Set if a test asserts less than the sentence, or only on request. */
  readonly note?: string;
  /** Of an assumed one: what the permissive component does otherwise (native/test/permissive/variants.h). */
  readonly variant?: string;
  /** Or why nothing in winwire depends on it. */
  readonly independent?: string;
}

export type StatementBody = (t: StatementContext) => void | Promise<void>;

/** A test of one statement through winwire/sys. */
export interface StatementTest {
  readonly run: StatementBody;
  /** Both roles take part, so it also runs with each of them on another backend. */
  readonly bothRoles: boolean;
  /** It measures the memory of the process, so it runs alone. */
  readonly measuresMemory: boolean;
}

/** The tests of one section, by id. */
export type StatementSection = Readonly<Record<string, StatementBody | StatementTest>>;

/** Marks a test in which a client and a server exchange data. */
export function bothRoles(run: StatementBody): StatementTest {
  return { ...plain(run), bothRoles: true };
}

/** Marks a test that measures memory. */
export function measuresMemory(test: StatementBody | StatementTest): StatementTest {
  return { ...(typeof test === 'function' ? plain(test) : test), measuresMemory: true };
}

/** A test without a mark. */
export function plain(run: StatementBody): StatementTest {
  return { run, bothRoles: false, measuresMemory: false };
}

/** All statements, in the order of their numbers. */
export const statements: readonly Statement[] = JSON.parse(
  readFileSync(new URL('statements.json', import.meta.url), 'utf8'),
);

export function titleOf(statement: Statement): string {
  return `${statement.id} ${statement.sentence}`;
}
