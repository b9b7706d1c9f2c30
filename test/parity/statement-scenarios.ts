// The conformance statements as scenarios: the body of each test runs with the functions or objects of a subject.
// Excluded are statements of the native probe, of the ABI, about memory and about the end of a process.

import type { WinHttpRequest } from '../../lib/index.ts';
import type { StageSetting } from '../../lib/parity/winhttp-stage.ts';
import type { WebSocketScenario, WinHttpScenario } from '../../lib/parity.ts';
import { StatementContext } from '../conformance/websocket/context.ts';
import { testOf as websocketTest } from '../conformance/websocket/registry.ts';
import { statements as websocketStatements } from '../conformance/websocket/statement.ts';
import { RequestContext } from '../conformance/winhttp/context.ts';
import { testOf as winhttpTest } from '../conformance/winhttp/registry.ts';
import { statements as winhttpStatements } from '../conformance/winhttp/statement.ts';

/** Statements whose tests check more than calls, and what. */
const NO_SCRIPTS: Readonly<Record<string, string>> = {
  'WS-043': 'how many handles the process has made',
  'RQ-137': 'attempts, until one is quick enough',
  'RQ-138': 'attempts, until one is quick enough',
  'RQ-211': 'the garbage collector',
  'RQ-236': 'the end of processes',
};

export const websocketScenarios: readonly WebSocketScenario[] = websocketStatements
  .filter(
    (statement) =>
      statement.face === 'sys' && !(statement.id in NO_SCRIPTS) && !websocketTest(statement).measuresMemory,
  )
  .map((statement) => ({
    component: 'websocket',
    id: statement.id,
    title: statement.sentence,
    group: statement.section,
    run: async (stage) => {
      const t = new StatementContext({ client: 'client', server: 'server', strict: false }, stage.sys);
      stage.keep({ [Symbol.dispose]: () => t.dispose() });
      await websocketTest(statement).run(t);
    },
  }));

export const winhttpScenarios: readonly WinHttpScenario[] = winhttpStatements
  .filter(({ id, face }) => face === 'sys' && !(id in NO_SCRIPTS))
  .map((statement) => ({
    component: 'winhttp',
    id: statement.id,
    title: statement.sentence,
    group: statement.section,
    run: async (stage) => {
      const lane = { backend: 'portable', provider: 'subject', strict: false } as const;
      // Members that only WinHttpRequest has pass through the recorder.
      const t = new RequestContext(lane, stage.setting as unknown as StageSetting<WinHttpRequest>);
      stage.keep({ [Symbol.asyncDispose]: () => t.dispose() });
      await winhttpTest(statement)(t);
    },
  }));
