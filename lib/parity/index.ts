/** `winwire/parity`: the same script, two implementations, and a report of the differences. */
export { compareTraces, type FieldDifference, type StepPair } from './compare.ts';
export { type FuzzOptions, type FuzzResult, fuzzSubjects } from './fuzz.ts';
export { type Answer, hello, ScriptedServer, type ServerOptions, silence } from './http-server.ts';
export { type HeaderList, Reply, type ResponseOptions, responseBytes, type SeenRequest } from './http-wire.ts';
export type { KnownDifference } from './known-differences.ts';
export {
  assertParity,
  type ParityMatchers,
  type ParityOptions,
  parityMatchers,
  type ScenarioLike,
  scenariosOf,
} from './matchers.ts';
export { renderHtml } from './page/page.ts';
export { renderJson, renderJunit } from './render-data.ts';
export { renderText, type TextOptions } from './render-text.ts';
export {
  type CompareOptions,
  compareSubjects,
  countsOf,
  type ParityReport,
  type ReportSubject,
  type ScenarioResult,
  type Verdict,
} from './report.ts';
export { runScenario } from './run-scenario.ts';
export {
  type Observe,
  type Scenario,
  type WebSocketScenario,
  type WinHttpScenario,
  websocketScenarios,
  winhttpScenarios,
} from './scenario.ts';
export { builtInScenarios } from './scenarios/index.ts';
export {
  type Component,
  type Implementation,
  importSubject,
  type Provider,
  type RequestFactory,
  type Subject,
  type SubjectLike,
  subjectOf,
} from './subject.ts';
export type { Outcome, Trace, TraceStep, TraceValue, WireNote } from './trace.ts';
export { type Seen, WebSocketEndpoint } from './websocket-endpoint.ts';
export { closePayload, encodeFrame, type Frame, type FrameOptions, Opcode } from './websocket-frames.ts';
export { type HeaderChanges, requestHeaders, responseHeaders } from './websocket-handshake.ts';
export { type ClientOffer, type PairOptions, type Role, WebSocketStage } from './websocket-stage.ts';
export { type RequestState, STATES, type StagedRequest, WinHttpStage } from './winhttp-stage.ts';
