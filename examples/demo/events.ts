// What the demo tells, one event after the other: printed for people by narrator.ts, as lines of JSON by main.ts.
import type { SecondActEvent } from './http-events.ts';
import type { CallEvent, Side } from './recorder.ts';

export interface StartEvent {
  event: 'start';
  backend: string;
  /** Who made what answers: Microsoft, stand-in, portable. */
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
  /** One sentence on what is to be seen. */
  text: string;
  /** How much of it a person wants to see: each call, what the endpoints do, or sums. */
  view: 'calls' | 'actions' | 'totals';
}

/** A connection is over, as one of its ends sees it. */
export interface ClosedEvent {
  event: 'closed';
  side: Side;
  status: number;
  reason: string;
  clean: boolean;
}

/** Something the demo verified. */
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
