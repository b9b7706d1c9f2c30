/** The context of one look-up. */
import type { BackendName } from '../backend.ts';
import type { RequestTarget } from './request-target.ts';

/** A look-up, passed from source to source. */
export interface Lookup {
  readonly target: RequestTarget;
  readonly backend: BackendName;
  /** Time limit of the caller in milliseconds. */
  readonly timeout: number;
  /** Called with each source and its answer, without secrets. */
  readonly note: (source: string, answer: string) => void;
}
