/** Records the calls of one pump: while a listener is set, the pump calls a table that notes each call. */
import type { NativeBinding, NativeHandle } from '../native.ts';
import { type TracedCall, TraceReader } from './trace-records.ts';

/** Who is told of the calls. */
export interface TraceListener {
  calls(calls: readonly TracedCall[], lost: number): void;
  /** Nothing more comes: the connection has ended. */
  end(): void;
}

export class ActionTracer {
  readonly #native: NativeBinding;
  readonly #handle: NativeHandle;
  readonly #listeners = new Set<TraceListener>();
  #reader = new TraceReader();

  constructor(native: NativeBinding, handle: NativeHandle) {
    this.#native = native;
    this.#handle = handle;
  }

  /** Tells the listener of every call from now on; the result ends that. */
  add(listener: TraceListener): () => void {
    if (this.#listeners.size === 0) this.#native.startTrace(this.#handle);
    this.#listeners.add(listener);
    return () => this.#remove(listener);
  }

  /**
   * Takes what was written down. It is called between the pump and the transport, so that the listeners, who may be the
   * caller's code, are told later.
   */
  collect(): void {
    if (this.#listeners.size === 0) return;
    const records = this.#native.takeTrace(this.#handle);
    if (typeof records === 'number' || records.byteLength === 0) return;
    const { calls, lost } = this.#reader.read(records);
    for (const listener of this.#listeners) process.nextTick(() => listener.calls(calls, lost));
  }

  /** The last calls: WebSocketAbortHandle and the drain. */
  end(): void {
    if (this.#listeners.size === 0) return;
    this.#native.pumpAbort(this.#handle);
    this.collect();
    for (const listener of this.#listeners) process.nextTick(() => listener.end());
    this.#listeners.clear();
  }

  #remove(listener: TraceListener): void {
    this.collect();
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    this.#native.stopTrace(this.#handle);
    this.#reader = new TraceReader();
  }
}
