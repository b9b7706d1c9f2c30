// The events of the demo in order: printed as text by narrator.ts, as lines of JSON by main.ts.
import type { SecondActEvent } from './http-events.ts';
import type { CallEvent, Side } from './recorder.ts';

export interface StartEvent {
  event: 'start';
  backend: string;
  /** The maker of the implementation: Microsoft, stand-in, portable. */
  provider: string;
  file: string;
  version: string;
  node: string;
  platform: string;
}

export interface ChapterEvent {
  event: 'chapter';
  number: number;
  title: string;
  /** One sentence about what is shown. */
  text: string;
  /** The level of detail: each call, the actions of the endpoints, or totals. */
  view: 'calls' | 'actions' | 'totals';
}

/** A connection has ended, seen from one of its ends. */
export interface ClosedEvent {
  event: 'closed';
  side: Side;
  status: number;
  reason: string;
  clean: boolean;
}

/** A verified fact. */
export interface CheckEvent {
  event: 'check';
  what: string;
  ok: boolean;
}

export interface SummaryEvent {
  event: 'summary';
  ok: boolean;
  connections: number;
  /** Calls of the 13 functions, by name. */
  calls: Record<string, number>;
  bytesOnTheWire: Record<Side, number>;
  checks: number;
  failed: string[];
}

export type DemoEvent =
  | StartEvent
  | ChapterEvent
  | CallEvent
  | ClosedEvent
  | CheckEvent
  | SecondActEvent
  | SummaryEvent;
