/** `winwire/parity`: runs the same script with two implementations and reports the differences. */
export { compareTraces, type FieldDifference, type StepPair } from './parity/compare.ts';
export { type FuzzComponent, type FuzzOptions, type FuzzResult, fuzzSubjects } from './parity/fuzz.ts';
export { type HeaderChanges, requestHeaders, responseHeaders } from './parity/handshake-headers.ts';
export { type Answer, hello, ScriptedServer, type ServerOptions, silence } from './parity/http-server.ts';
export { type HeaderList, Reply, type ResponseOptions, responseBytes, type SeenRequest } from './parity/http-wire.ts';
export type { KnownDifference } from './parity/known-differences.ts';
export { assertParity, type ParityMatchers, type ParityOptions, parityMatchers } from './parity/matchers.ts';
export { renderHtml } from './parity/page/page.ts';
export { type ProxyQuery, ProxyStage, type ProxyStageSetting, type Serving } from './parity/proxy-stage.ts';
export { renderJson, renderJunit } from './parity/render-data.ts';
export { renderText, type TextOptions } from './parity/render-text.ts';
export {
  type CompareOptions,
  compareSubjects,
  countsOf,
  type ParityReport,
  type ReportSubject,
  type ScenarioResult,
  type ScenarioVerdict,
} from './parity/report.ts';
export { runScenario } from './parity/run-scenario.ts';
export {
  type Observe,
  type ProxyScenario,
  proxyScenarios,
  type Scenario,
  type WebSocketScenario,
  type WinHttpScenario,
  websocketScenarios,
  winhttpScenarios,
} from './parity/scenario.ts';
export { type ScenarioLike, scenariosOf } from './parity/scenario-choice.ts';
export { builtInScenarios } from './parity/scenarios/built-in.ts';
export {
  type Component,
  type Implementation,
  importSubject,
  type Provider,
  type RequestFactory,
  type ResolveProxies,
  type Subject,
  type SubjectLike,
  subjectOf,
} from './parity/subject.ts';
export type { StepOutcome, Trace, TraceStep, TraceValue, WireNote } from './parity/trace.ts';
export { type SeenAction, WebSocketEndpoint } from './parity/websocket-endpoint.ts';
export { closePayload, encodeFrame, type Frame, type FrameOptions, Opcode } from './parity/websocket-frames.ts';
export { type ClientOffer, type PairOptions, type Role, WebSocketStage } from './parity/websocket-stage.ts';
export { type RequestState, STATES, type StagedRequest, WinHttpStage } from './parity/winhttp-stage.ts';
