/** Records calls of the 13 functions, and names the handles and actions of a run. */
import type { WebSocketFunctions } from '../websocket/functions/websocket-types.ts';
import { FrameStream, type StablePiece } from './frame-stream.ts';
import type { TraceValue, WireNote } from './trace.ts';
import { failureOf, NotOfferedError, type TraceRecorder } from './trace-recorder.ts';

/** What is recorded of a call beside its arguments. */
export interface CallResult {
  readonly value?: TraceValue;
  readonly wire?: readonly WireNote[];
}

interface Call<T> {
  readonly name: keyof WebSocketFunctions;
  readonly actor: string;
  readonly args: Record<string, TraceValue>;
  readonly wire?: readonly WireNote[];
  readonly make: (functions: WebSocketFunctions) => T;
  /** Returns what is recorded of the result. */
  readonly tell?: (result: T) => CallResult;
}

/** One handle of the run: both directions of its connection, and its actions. */
export class HandleTrace {
  readonly outgoing = new FrameStream();
  readonly incoming = new FrameStream();
  readonly #actions = new Map<unknown, string>();
  #count = 0;

  /** Numbers actions in the order of GetAction. */
  nameAction(context: unknown): string {
    this.#count += 1;
    const name = `action ${this.#count}`;
    this.#actions.set(context, name);
    return name;
  }

  actionName(context: unknown): TraceValue {
    if (context === undefined || context === null) return null;
    return this.#actions.get(context) ?? 'an unknown action';
  }
}

export class CallRecorder {
  readonly recorder: TraceRecorder;
  readonly #target: Partial<WebSocketFunctions>;
  readonly #handles = new Map<unknown, HandleTrace>();

  constructor(target: Partial<WebSocketFunctions>, recorder: TraceRecorder) {
    this.#target = target;
    this.recorder = recorder;
  }

  /** Makes the call and returns its result or throws its error. */
  call<T>({ name, actor, args, wire = [], make, tell }: Call<T>): T {
    const step = { kind: 'call', actor, name, args } as const;
    try {
      if (typeof this.#target[name] !== 'function') throw this.#notOffered(name);
      const result = make(this.#target as WebSocketFunctions);
      const { wire: more = [], ...told } = tell?.(result) ?? {};
      this.recorder.add({ ...step, outcome: { status: 'returned', ...told }, ...notes([...wire, ...more]) });
      return result;
    } catch (error) {
      const outcome = failureOf(error, (text) => this.recorder.stable(text));
      this.recorder.add({ ...step, outcome, ...notes(wire) });
      throw error;
    }
  }

  nameOf(handle: unknown): string {
    return this.recorder.knownName(handle) ?? 'no handle';
  }

  traceOf(handle: unknown): HandleTrace {
    const trace = this.#handles.get(handle) ?? new HandleTrace();
    this.#handles.set(handle, trace);
    return trace;
  }

  /** An application context: plain data unchanged, anything else by identity. */
  contextName(context: unknown): TraceValue {
    if (context === undefined || context === null) return null;
    if (typeof context === 'object' || typeof context === 'function' || typeof context === 'symbol') {
      return this.recorder.nameOf(context, 'context');
    }
    return typeof context === 'bigint' ? `${context}n` : (context as TraceValue);
  }

  #notOffered(name: string): NotOfferedError {
    this.recorder.notOffered ??= name;
    return new NotOfferedError(name);
  }
}

function notes(wire: readonly WireNote[]): { wire?: readonly WireNote[] } {
  return wire.length > 0 ? { wire } : {};
}

/** Returns the frames of a piece as notes. */
export function frameNotes(direction: 'out' | 'in', pieces: readonly StablePiece[]): WireNote[] {
  return pieces.flatMap(({ frames }) => frames.map((text) => ({ direction, text })));
}
