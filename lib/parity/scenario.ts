/** A script of calls that runs with every subject. */
import type { ProxyStage } from './proxy-stage.ts';
import type { TraceValue } from './trace.ts';
import type { WebSocketStage } from './websocket-stage.ts';
import type { WinHttpStage } from './winhttp-stage.ts';

/** Records a value that no call returns: the number of open connections, the order in which promises settled. */
export type Observe = (name: string, value: TraceValue) => void;

/** The group of the scenarios for bypass lists. */
export const BYPASS_GROUP = 'bypass lists';

interface ScenarioTexts {
  /** A short, unique id for the command line: `close-by-client`, `WS-134`. */
  readonly id: string;
  /** A sentence or noun that describes it. */
  readonly title: string;
  /** The group, for reports. */
  readonly group: string;
}

/** A script over the 13 functions. It may fail: the trace contains the error. */
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

/** A script over a resolver of proxies, with PAC scripts that a server of this machine sends. */
export interface ProxyScenario extends ScenarioTexts {
  readonly component: 'proxy';
  /** Makes the calls. */
  run(stage: ProxyStage, observe: Observe): Promise<unknown>;
}

/** A script of calls. */
export type Scenario = WebSocketScenario | WinHttpScenario | ProxyScenario;

/** Creates scenarios of one group over the 13 functions, by id: title and script. */
export function websocketScenarios(
  group: string,
  scripts: Readonly<Record<string, readonly [title: string, run: WebSocketScenario['run']]>>,
): WebSocketScenario[] {
  return Object.entries(scripts).map(([id, [title, run]]) => ({ id, title, group, component: 'websocket', run }));
}

/** Creates scenarios of one group over WinHttpRequest, by id: title and script. */
export function winhttpScenarios(
  group: string,
  scripts: Readonly<Record<string, readonly [title: string, run: WinHttpScenario['run']]>>,
): WinHttpScenario[] {
  return Object.entries(scripts).map(([id, [title, run]]) => ({ id, title, group, component: 'winhttp', run }));
}

/** Creates scenarios of one group over a resolver of proxies, by id: title and script. */
export function proxyScenarios(
  group: string,
  scripts: Readonly<Record<string, readonly [title: string, run: ProxyScenario['run']]>>,
): ProxyScenario[] {
  return Object.entries(scripts).map(([id, [title, run]]) => ({ id, title, group, component: 'proxy', run }));
}
