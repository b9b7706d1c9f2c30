/** Steps in words, for all reports. */
import type { StepPair } from './compare.ts';
import type { ReportSubject, ScenarioResult } from './report.ts';
import type { Provider } from './subject.ts';
import type { StepOutcome, TraceStep, TraceValue } from './trace.ts';
import { valueText } from './value-text.ts';

/** `WebSocketSend(bufferType UTF8_MESSAGE, data …)`: the arguments. */
export function callText({ kind, name, args }: TraceStep): string {
  if (kind === 'request') return name;
  const given = Object.entries(args).filter(([, value]) => value !== null);
  const list = given.map(([key, value]) => named(key, valueText(value))).join(', ');
  if (kind === 'event') return list === '' ? `event ${name}` : `event ${name}: ${list}`;
  if (kind === 'observation') return name;
  if (kind === 'end') return list === '' ? 'the script ends' : `the script ends, after ${list}`;
  return `${name}(${list})`;
}

/** `action 3` needs no name before it. */
const named = (key: string, text: string) => (text.startsWith(`${key} `) ? text : `${key} ${text}`);

/** Returns the result of a call; empty for a mere return. */
export function outcomeText(outcome: StepOutcome): string {
  if (outcome.status === 'pending') return 'still pending';
  if (outcome.status === 'failed') return `fails: ${outcome.code}`;
  if (outcome.value === undefined) return '';
  return isAction(outcome.value) ? actionText(outcome.value) : valueText(outcome.value);
}

type ActionValue = { readonly [key: string]: TraceValue } & { readonly action: TraceValue };

function isAction(value: TraceValue): value is ActionValue {
  return typeof value === 'object' && value !== null && 'action' in value;
}

/** `SEND_TO_NETWORK UTF8_MESSAGE [81 05 | 48 65 6c 6c 6f], action 3`. */
function actionText({ action, bufferType, buffers, actionContext, masks, ...rest }: ActionValue): string {
  const head = [action, bufferType, buffers].filter((part) => part !== undefined).map(valueText);
  const others = Object.entries(rest).map(([key, value]) => `${key} ${valueText(value)}`);
  const keys = masks === undefined ? [] : [`masking key ${(masks as readonly string[]).join(', ')}`];
  const number = actionContext === undefined ? [] : [valueText(actionContext)];
  return [head.join(' '), ...others, ...keys, ...number].join(', ');
}

/** Returns a step with all details for the side-by-side view, including the message of a failure. */
export function stepText(step: TraceStep | undefined): string {
  if (step === undefined) return 'no such step';
  if (step.kind === 'request') return `${step.name} ${valueText(step.args)}`;
  const outcome = outcomeText(step.outcome);
  return outcome === '' ? 'returns' : outcome;
}

/** `client WebSocketSend(…)`. */
export function pairTitle({ left, right }: StepPair): string {
  const step = (left ?? right) as TraceStep;
  return `${step.actor} ${callText(step)}`;
}

/** `Wine 8.0, winhttp.dll`. */
export function providerText({ provider, version, file, unavailable }: Provider): string {
  if (unavailable !== undefined) return `not available: ${unavailable}`;
  const name = file?.split(/[\\/]/).at(-1);
  return [version === undefined ? provider : `${provider} ${version}`, name].filter(Boolean).join(', ');
}

/** Returns the provider of each component in the results. */
export function providersText(subject: ReportSubject, results: readonly ScenarioResult[]): string {
  const components = new Set(results.map(({ component }) => component));
  const texts = [...components].map((component) => providerText(subject.providers[component]));
  return [...new Set(texts)].join('; ');
}
