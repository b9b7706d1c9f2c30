/** The trace of a scenario: its steps, as plain JSON values that are equal in equal runs. */

/**
 * A value in a trace. Bytes are text (`81 05 48 65 6c 6c 6f`), handles and actions have names (`client`, `action 3`).
 */
export type TraceValue =
  | null
  | boolean
  | number
  | string
  | readonly TraceValue[]
  | { readonly [key: string]: TraceValue };

/** How a call ended. */
export type StepOutcome =
  | { readonly status: 'returned'; readonly value?: TraceValue }
  | {
      readonly status: 'failed';
      /** The error's `code`, else its name; compared together with `hresult`. */
      readonly code: string;
      readonly hresult?: number;
      /** For readers; not compared. */
      readonly message: string;
    }
  /** A promise that was pending when the script ended. */
  | { readonly status: 'pending' };

/** Bytes on the network in a step, described by their protocol. */
export interface WireNote {
  /** Seen from the subject. */
  readonly direction: 'out' | 'in';
  /** `TEXT, 5 bytes, masked "Hello"`, `GET /path`. */
  readonly text: string;
}

/**
 * One step. `call`: a function or member was called. `event`: the subject emitted an event. `request`: the scenario's
 * server received a request. `observation`: a value that no call returns. `end`: how the script ended.
 */
export interface TraceStep {
  readonly kind: 'call' | 'event' | 'request' | 'observation' | 'end';
  /** The actor: `client`, `server 2`, `component`, `request`, `http server`, `script`. */
  readonly actor: string;
  /** The function, member, event or request line. */
  readonly name: string;
  readonly args: { readonly [name: string]: TraceValue };
  readonly outcome: StepOutcome;
  /** For readers; not compared, since `args` and `outcome` contain the bytes. */
  readonly wire?: readonly WireNote[];
}

/** The trace of a scenario with one subject. */
export interface Trace {
  readonly scenario: string;
  readonly subject: string;
  readonly steps: readonly TraceStep[];
  /** A function or member that the script called and the subject does not implement. */
  readonly notOffered?: string;
}
