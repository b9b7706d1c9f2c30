/** Puts one subject through one scenario. */
import type { Scenario, WebSocketScenario, WinHttpScenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Outcome, Trace, TraceValue } from './trace.ts';
import { failureOf, TraceRecorder } from './trace-recorder.ts';
import { within } from './waiting.ts';
import { recordFunctions } from './websocket-recorder.ts';
import { WebSocketStage } from './websocket-stage.ts';
import { recordRequest, requestStep } from './winhttp-recorder.ts';
import { WinHttpStage } from './winhttp-stage.ts';

/** Milliseconds that no script takes; one that does is stuck, and its trace says so. */
const LIMIT_MS = 25_000;
const DISPOSE_LIMIT_MS = 5_000;

/**
 * Plays the scenario with the subject.
 *
 * @param limit milliseconds for the script
 * @returns the trace; a script that fails leaves one too.
 */
export async function runScenario(scenario: Scenario, subject: Subject, limit = LIMIT_MS): Promise<Trace> {
  const recorder = new TraceRecorder();
  const end =
    scenario.component === 'websocket'
      ? await playWebSocket(scenario, subject, recorder, limit)
      : await playWinHttp(scenario, subject, recorder, limit);
  return {
    scenario: scenario.id,
    subject: subject.name,
    steps: recorder.finish(end),
    ...(recorder.notOffered === undefined ? {} : { notOffered: recorder.notOffered }),
  };
}

async function playWebSocket(
  scenario: WebSocketScenario,
  subject: Subject,
  recorder: TraceRecorder,
  limit: number,
): Promise<Outcome> {
  const stage = new WebSocketStage(recordFunctions(subject.websocket ?? {}, recorder));
  const end = await endOf(async () => scenario.run(stage, observer(recorder)), recorder, limit);
  // Tidying up is no part of the script; an implementation that fails in it has failed enough before.
  await Promise.resolve()
    .then(() => stage.dispose())
    .catch(() => {});
  return end;
}

async function playWinHttp(
  scenario: WinHttpScenario,
  subject: Subject,
  recorder: TraceRecorder,
  limit: number,
): Promise<Outcome> {
  const stage = new WinHttpStage({
    create: async (options) => recordRequest(await createOf(subject, options), recorder),
    onServer: (server) => recorder.substitute(`:${server.port}`, `:<${recorder.nameOf(server, 'port')}>`),
    onClosedPort: (port) => recorder.substitute(`:${port}`, ':<closed port>'),
    onRequest: (seen) => recorder.add(requestStep(seen, recorder)),
  });
  const end = await endOf(() => scenario.run(stage, observer(recorder)), recorder, limit);
  await within(stage.dispose(), 'the request objects are disposed', DISPOSE_LIMIT_MS).catch(() => {});
  return end;
}

async function createOf(subject: Subject, options: object) {
  if (subject.createRequest === undefined) throw new Error(`${subject.name} makes no request objects`);
  return subject.createRequest(options);
}

async function endOf(script: () => Promise<void>, recorder: TraceRecorder, limit: number): Promise<Outcome> {
  try {
    await within(script(), 'the script ends', limit);
    return { status: 'returned' };
  } catch (error) {
    return failureOf(error, (text) => recorder.stable(text));
  } finally {
    recorder.stop();
  }
}

function observer(recorder: TraceRecorder) {
  return (name: string, value: TraceValue) =>
    recorder.add({
      kind: 'observation',
      actor: 'script',
      name,
      args: {},
      outcome: { status: 'returned', value },
    });
}
