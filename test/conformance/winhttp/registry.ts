// The test of each statement, and the lanes in which it runs.
import { type BackendInfo, backends } from '../../../lib/backends.ts';
import type { Subject } from '../websocket/registry.ts';
import { aborting } from './aborting.ts';
import type { Lane } from './context.ts';
import { escaping } from './escaping.ts';
import { events } from './events.ts';
import { javascript } from './javascript.ts';
import { type KnownDifference, knownDifferences } from './known-differences.ts';
import { open } from './open.ts';
import { options } from './options.ts';
import { proxyCredentials } from './proxy-credentials.ts';
import { redirects } from './redirects.ts';
import { requestHeaders } from './request-headers.ts';
import { response } from './response.ts';
import { responseText } from './response-text.ts';
import { reuse } from './reuse.ts';
import { sending } from './sending.ts';
import { stateErrors } from './state-errors.ts';
import type { Statement, StatementSection, StatementTest } from './statement.ts';
import { timeouts } from './timeouts.ts';
import { waiting } from './waiting.ts';

/** The sections of tests through winwire. */
export const sections: readonly StatementSection[] = [
  open,
  requestHeaders,
  sending,
  stateErrors,
  response,
  responseText,
  waiting,
  aborting,
  timeouts,
  options,
  redirects,
  proxyCredentials,
  reuse,
  escaping,
  events,
  javascript,
];

export interface StatementLane extends Lane {
  readonly subject: Subject;
}

const BACKENDS = ['portable', 'system'] as const;

/** The test of a statement through winwire. */
export function testOf({ id }: Statement): StatementTest {
  const test = sections.map((section) => section[id]).find((found) => found !== undefined);
  if (test === undefined) throw new Error(`${id} has no test`);
  return test;
}

function laneOf(backend: 'system' | 'portable', info: BackendInfo): StatementLane {
  const provider = `${info.provider}`;
  const subject = { backend, provider, version: info.version, file: info.file?.split(/[\\/]/).at(-1) };
  // Microsoft's object is tested for known facts only; differences of Wine's are listed row by row.
  return { backend, provider, strict: provider !== 'Microsoft', subject };
}

/** One lane for each available backend. */
export const lanes: readonly StatementLane[] = BACKENDS.flatMap((backend) => {
  const info = backends().winhttp[backend];
  return info.available ? [laneOf(backend, info)] : [];
});

export function differenceOf({ id }: Statement, { backend, subject }: StatementLane): KnownDifference | undefined {
  const { provider, version } = subject;
  const major = Number.parseInt(version ?? '', 10);
  return knownDifferences.find(
    (row) =>
      row.id === id &&
      row.backend === backend &&
      row.provider === provider &&
      !(row.goneIn !== undefined && major >= row.goneIn),
  );
}
