// The numbered statements as data, and the type of their tests.
import { readFileSync } from 'node:fs';
import type { RequestContext } from './context.ts';

/**
 * The strongest evidence of a statement: Wine's tests that also run on Windows (of the object, or of the flat API below
 * it: `api`), Microsoft's pages, public reports (`field`), Wine 8.0, or an assumption.
 */
export type Evidence = 'wine-test' | 'doc' | 'wine-test; api' | 'assumed; field' | 'wine8' | 'assumed';

/** Where a statement can be tested: through WinHttpRequest of winwire, or through the native probe. */
export type Face = 'sys' | 'probe';

export interface Statement {
  readonly id: string;
  readonly section: string;
  readonly sentence: string;
  readonly evidence: Evidence;
  /** All sources, and what each of them covers. */
  readonly evidenceText: string;
  readonly face: Face;
  /** With face probe: the COM mechanism that it tests. */
  readonly plumbing?: string;
  /** Whether a different result fails the run. */
  readonly gate: boolean;
  /** How Wine 8.0 differs. */
  readonly wine8?: string;
  /**
   * Of an open statement: the modes of the stand-in (test/helpers/standin.ts) with the possible answers; `wine` is
   * Wine's own object.
   */
  readonly modes?: readonly string[];
  /** Of an open statement without modes: why the package does not depend on the answer. */
  readonly independence?: string;
  /** Set if a test asserts less than the sentence, or uses other numbers. */
  readonly note?: string;
}

/** A test of one statement through winwire. */
export type StatementTest = (t: RequestContext) => Promise<void>;

/** The tests of one section, by id. */
export type StatementSection = Readonly<Record<string, StatementTest>>;

/** All statements, in the order of their numbers. */
export const statements: readonly Statement[] = JSON.parse(
  readFileSync(new URL('statements.json', import.meta.url), 'utf8'),
);

/** Whether Windows may differ from the statement, or from a part of it. */
export const isOpen = ({ evidenceText }: Statement): boolean => evidenceText.includes('[assumed');

export function titleOf(statement: Statement): string {
  return `${statement.id} ${statement.sentence}`;
}
