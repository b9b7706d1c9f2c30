/** A script of calls that every subject is put through. */
import type { TraceValue } from './trace.ts';
import type { WebSocketStage } from './websocket-stage.ts';
import type { WinHttpStage } from './winhttp-stage.ts';

/** Records what no call returns: how many connections are open, in which order promises settled. */
export type Observe = (name: string, value: TraceValue) => void;

interface ScenarioTexts {
  /** Unique, short, for the command line: `close-by-client`, `WS-134`. */
  readonly id: string;
  /** What it is about, as a sentence or a noun. */
  readonly title: string;
  /** Scenarios of one group stand together. */
  readonly group: string;
}

/** A script over the 13 functions. It may fail: where it ends is part of the trace. */
export interface WebSocketScenario extends ScenarioTexts {
  readonly component: 'websocket';
  /** Makes the calls. */
  run(stage: WebSocketStage, observe: Observe): void | Promise<void>;
}

/** A script over the members of IWinHttpRequest and servers of this machine. */
export interface WinHttpScenario extends ScenarioTexts {
  readonly component: 'winhttp';
  /** Makes the calls. */
  run(stage: WinHttpStage, observe: Observe): Promise<void>;
}

/** A script of calls. */
export type Scenario = WebSocketScenario | WinHttpScenario;

/** Scenarios of one group over the 13 functions, by id: title and script. */
export function websocketScenarios(
  group: string,
  scripts: Readonly<Record<string, readonly [title: string, run: WebSocketScenario['run']]>>,
): WebSocketScenario[] {
  return Object.entries(scripts).map(([id, [title, run]]) => ({ id, title, group, component: 'websocket', run }));
}

/** Scenarios of one group over WinHttpRequest, by id: title and script. */
export function winhttpScenarios(
  group: string,
  scripts: Readonly<Record<string, readonly [title: string, run: WinHttpScenario['run']]>>,
): WinHttpScenario[] {
  return Object.entries(scripts).map(([id, [title, run]]) => ({ id, title, group, component: 'winhttp', run }));
}
