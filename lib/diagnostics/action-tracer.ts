/** Records the calls of one pump. While there is a listener, the pump uses a function table that records each call. */
import type { NativeBinding, NativeHandle } from '../native.ts';
import { type TracedCall, TraceReader } from './trace-records.ts';

/** Receives the calls. */
export interface TraceListener {
  calls(calls: readonly TracedCall[], lost: number): void;
  /** The connection has ended; no calls follow. */
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

  /** Passes every further call to the listener; the returned function stops that. */
  add(listener: TraceListener): () => void {
    if (this.#listeners.size === 0) this.#native.startTrace(this.#handle);
    this.#listeners.add(listener);
    return () => this.#remove(listener);
  }

  /**
   * Fetches the recorded calls. It runs between the pump and the transport, so the listeners, which may be user code,
   * run later.
   */
  collect(): void {
    if (this.#listeners.size === 0) return;
    const records = this.#native.takeTrace(this.#handle);
    if (typeof records === 'number' || records.byteLength === 0) return;
    const { calls, lost } = this.#reader.read(records);
    for (const listener of this.#listeners) process.nextTick(() => listener.calls(calls, lost));
  }

  /** Reports the last calls: WebSocketAbortHandle and the drain. */
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
