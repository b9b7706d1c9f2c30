// The events of the second act: the request object on the left, the web server on the right.
import type { Side } from './recorder.ts';

/** The act starts, or is omitted. */
export interface ActEvent {
  event: 'act';
  title: string;
  /** The backend, or why it is not available. */
  text: string;
}

export interface SceneEvent {
  event: 'scene';
  number: number;
  title: string;
  text: string;
}

/** An action or observation of one side. */
export interface HttpEvent {
  event: 'http';
  side: Side;
  kind: 'call' | 'action' | 'refusal';
  what: string;
  details: string[];
}

/** The progress of a download. */
export interface ProgressEvent {
  event: 'progress';
  received: number;
  total: number;
}

export type SecondActEvent = ActEvent | SceneEvent | HttpEvent | ProgressEvent;
