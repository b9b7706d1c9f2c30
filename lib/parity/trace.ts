/** What a run of a scenario leaves: its steps, in plain values that JSON can hold and two runs can share. */

/** A value in a trace. Bytes are text (`81 05 48 65 6c 6c 6f`), handles and actions have names (`client`, `action 3`). */
export type TraceValue =
  | null
  | boolean
  | number
  | string
  | readonly TraceValue[]
  | { readonly [key: string]: TraceValue };

/** How a call ended. */
export type Outcome =
  | { readonly status: 'returned'; readonly value?: TraceValue }
  | {
      readonly status: 'failed';
      /** The error's `code`, else its name; with `hresult` it is what is compared. */
      readonly code: string;
      readonly hresult?: number;
      /** For readers; not compared. */
      readonly message: string;
    }
  /** A promise that had not settled when the script ended. */
  | { readonly status: 'pending' };

/** Bytes that crossed the network with a step, as their protocol reads them. */
export interface WireNote {
  /** Seen from who is tested. */
  readonly direction: 'out' | 'in';
  /** `TEXT, 5 bytes, masked "Hello"`, `GET /path`. */
  readonly text: string;
}

/**
 * One step. `call`: a function or member was called. `event`: the subject told something. `request`: the scenario's
 * server received a request. `observation`: the script looked at something that no call returns. `end`: how the script
 * itself ended.
 */
export interface TraceStep {
  readonly kind: 'call' | 'event' | 'request' | 'observation' | 'end';
  /** Whose step it is: `client`, `server 2`, `component`, `request`, `http server`, `script`. */
  readonly actor: string;
  /** The function, member, event or request line. */
  readonly name: string;
  readonly args: { readonly [name: string]: TraceValue };
  readonly outcome: Outcome;
  /** For readers; not compared, since `args` and `outcome` hold the bytes. */
  readonly wire?: readonly WireNote[];
}

/** A scenario as one subject played it. */
export interface Trace {
  readonly scenario: string;
  readonly subject: string;
  readonly steps: readonly TraceStep[];
  /** A function or member that the script called and the subject does not offer. */
  readonly notOffered?: string;
}
