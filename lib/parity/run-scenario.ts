/** Runs one scenario with one subject. */
import { forgetServers } from './forget-servers.ts';
import { recordResolver } from './proxy-recorder.ts';
import { ProxyStage } from './proxy-stage.ts';
import type { ProxyScenario, Scenario, WebSocketScenario, WinHttpScenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { StepOutcome, Trace, TraceValue } from './trace.ts';
import { failureOf, TraceRecorder } from './trace-recorder.ts';
import { within } from './waiting.ts';
import { recordFunctions } from './websocket-recorder.ts';
import { WebSocketStage } from './websocket-stage.ts';
import { recordRequest, requestStep } from './winhttp-recorder.ts';
import { WinHttpStage } from './winhttp-stage.ts';

/** Time limit in milliseconds; a script that reaches it hangs, and its trace says so. */
const LIMIT_MS = 25_000;
const DISPOSE_LIMIT_MS = 5_000;

/**
 * Runs the scenario with the subject.
 *
 * @param limit time limit for the script in milliseconds
 * @returns the trace, also of a script that failed
 */
export async function runScenario(scenario: Scenario, subject: Subject, limit = LIMIT_MS): Promise<Trace> {
  forgetServers();
  const recorder = new TraceRecorder();
  const end = await play(scenario, subject, recorder, limit);
  return {
    scenario: scenario.id,
    subject: subject.name,
    steps: recorder.finish(end),
    ...(recorder.notOffered === undefined ? {} : { notOffered: recorder.notOffered }),
  };
}

function play(scenario: Scenario, subject: Subject, recorder: TraceRecorder, limit: number): Promise<StepOutcome> {
  if (scenario.component === 'websocket') return playWebSocket(scenario, subject, recorder, limit);
  if (scenario.component === 'winhttp') return playWinHttp(scenario, subject, recorder, limit);
  return playProxy(scenario, subject, recorder, limit);
}

async function playWebSocket(
  scenario: WebSocketScenario,
  subject: Subject,
  recorder: TraceRecorder,
  limit: number,
): Promise<StepOutcome> {
  const stage = new WebSocketStage(recordFunctions(subject.websocket ?? {}, recorder));
  const end = await endOf(async () => scenario.run(stage, observer(recorder)), recorder, limit);
  // Errors of the clean-up are ignored: it is not part of the script.
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
): Promise<StepOutcome> {
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

async function playProxy(
  scenario: ProxyScenario,
  subject: Subject,
  recorder: TraceRecorder,
  limit: number,
): Promise<StepOutcome> {
  const stage = new ProxyStage(recordResolver(subject, recorder));
  const end = await endOf(async () => void (await scenario.run(stage, observer(recorder))), recorder, limit);
  await within(stage[Symbol.asyncDispose](), 'the servers end', DISPOSE_LIMIT_MS).catch(() => {});
  return end;
}

async function createOf(subject: Subject, options: object) {
  if (subject.createRequest === undefined) throw new Error(`${subject.name} makes no request objects`);
  return subject.createRequest(options);
}

async function endOf(script: () => Promise<void>, recorder: TraceRecorder, limit: number): Promise<StepOutcome> {
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
