// What the second act tells: the request object at the left, the web server at the right.
import type { Side } from './recorder.ts';

/** The act begins, or cannot. */
export interface ActEvent {
  event: 'act';
  title: string;
  /** Who serves, or why nobody does. */
  text: string;
}

export interface SceneEvent {
  event: 'scene';
  number: number;
  title: string;
  text: string;
}

/** Something a side does or sees. */
export interface HttpEvent {
  event: 'http';
  side: Side;
  kind: 'call' | 'action' | 'refusal';
  what: string;
  details: string[];
}

/** How far a download is. */
export interface ProgressEvent {
  event: 'progress';
  received: number;
  total: number;
}

export type SecondActEvent = ActEvent | SceneEvent | HttpEvent | ProgressEvent;
