/** HAR export: records the requests of `WinHttpRequest` by the channels. */
import { tracingChannel } from 'node:diagnostics_channel';
import { validateBoolean, validateLimits, validateNumber, validateObject } from '../options.ts';
import { VERSION } from '../version.ts';
import { type EntryOptions, entryOf, type Observation } from './har-entry.ts';
import type { Har, HarEntry } from './har-types.ts';
import { subscribeTo } from './typed-channel.ts';
import type {
  ConnectedMessage,
  RequestSentMessage,
  RequestTrace,
  ResponseDataMessage,
  ResponseStartMessage,
} from './winhttp-channels.ts';

/** Options of {@link recordHar}. */
export interface HarOptions {
  /**
   * Write everything as it is. Without it the values of Authorization, cookies and headers of like names, credentials in
   * URLs, and query, form and JSON fields whose names speak of secrets are replaced by `***`. Other bodies are kept as
   * they are: look at a file before you give it away, or leave them out.
   */
  readonly keepSecrets?: boolean | undefined;
  /** `false` leaves out all bodies. Default `true`. */
  readonly bodies?: boolean | undefined;
  readonly limits?:
    | {
        /** Bytes of a body; a longer one is left out, and its size is told. Default 1 MiB. */
        readonly bodySize?: number | undefined;
        /** Requests that are kept; beyond it the oldest are dropped. Default 1,000. */
        readonly entries?: number | undefined;
      }
    | undefined;
}

const DEFAULT_LIMITS = { bodySize: 1024 * 1024, entries: 1000 };

/** Records until it is stopped. */
export class HarRecorder implements Disposable {
  readonly #options: EntryOptions;
  readonly #limit: number;
  readonly #pending = new Map<RequestTrace, Observation>();
  #entries: HarEntry[] = [];
  #dropped = 0;
  #ends: (() => void)[] = [];

  /** @internal Use {@link recordHar}. */
  constructor(options: EntryOptions, limit: number) {
    this.#options = options;
    this.#limit = limit;
    this.#listen();
  }

  /** How many requests were dropped for the limit. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Records nothing more; what was recorded stays. */
  stop(): void {
    for (const end of this.#ends.splice(0)) end();
    this.#pending.clear();
  }

  /** The requests that have ended, in the order of their ends: `JSON.stringify(recorder)` is the file. */
  toJSON(): Har {
    const creator = { name: 'winwire', version: VERSION };
    return { log: { version: '1.2', creator, entries: [...this.#entries] } };
  }

  /** As {@link stop}. */
  [Symbol.dispose](): void {
    this.stop();
  }

  #listen(): void {
    const requests = tracingChannel<unknown, RequestTrace>('winwire:winhttp:request');
    const start = (trace: unknown) => this.#begin(trace as RequestTrace);
    const asyncEnd = (trace: unknown) => this.#finish(trace as RequestTrace);
    requests.start.subscribe(start);
    requests.asyncEnd.subscribe(asyncEnd);
    this.#ends.push(
      () => requests.start.unsubscribe(start),
      () => requests.asyncEnd.unsubscribe(asyncEnd),
      subscribeTo<ConnectedMessage>('winwire:winhttp:connected', (message) => this.#connected(message)),
      subscribeTo<RequestSentMessage>('winwire:winhttp:requestSent', ({ trace, sent, total }) => {
        if (sent === total) this.#note(trace, { sent: performance.now() });
      }),
      subscribeTo<ResponseStartMessage>('winwire:winhttp:responseStart', ({ trace }) => {
        this.#note(trace, { responseStart: performance.now(), size: trace.request && this.#options.bodies ? 0 : -1 });
      }),
    );
    if (!this.#options.bodies) return;
    this.#ends.push(
      subscribeTo<ResponseDataMessage>('winwire:winhttp:responseData', ({ trace, chunk }) => {
        this.#add(trace, chunk);
      }),
    );
  }

  #begin(trace: RequestTrace): void {
    const start = performance.now();
    this.#pending.set(trace, { trace, date: new Date(), start, end: start, chunks: [], size: -1 });
  }

  #note(trace: RequestTrace, moments: Partial<Observation>): void {
    const seen = this.#pending.get(trace);
    if (seen) Object.assign(seen, moments);
  }

  #connected({ trace, address, lookup, connect, tls }: ConnectedMessage): void {
    const seen = this.#pending.get(trace);
    if (!seen) return;
    seen.address = address;
    if (lookup !== undefined) seen.lookup = (seen.lookup ?? 0) + lookup;
    seen.connect = (seen.connect ?? 0) + connect;
    if (tls !== undefined) seen.tls = (seen.tls ?? 0) + tls;
    seen.connected = performance.now();
  }

  /** Listeners get the same bytes and may change them. */
  #add(trace: RequestTrace, chunk: Buffer): void {
    const seen = this.#pending.get(trace);
    if (!seen) return;
    seen.size += chunk.length;
    if (seen.size > this.#options.bodySize) seen.chunks = [];
    else seen.chunks.push(Buffer.from(chunk));
  }

  #finish(trace: RequestTrace): void {
    const seen = this.#pending.get(trace);
    if (!seen) return;
    this.#pending.delete(trace);
    seen.end = performance.now();
    if (trace.result) {
      seen.chunks = [Buffer.from(trace.result.body)];
      seen.size = trace.result.body.length;
    }
    this.#entries.push(entryOf(seen, this.#options));
    const excess = this.#entries.length - this.#limit;
    if (excess <= 0) return;
    this.#entries = this.#entries.slice(excess);
    this.#dropped += excess;
  }
}

/**
 * Records the requests of every `WinHttpRequest` of this thread that begin from now on, for a file in HAR format.
 *
 * @example
 * ```ts
 * using recorder = recordHar();
 * await WinHttpRequest.request('http://example.org/');
 * await writeFile('requests.har', JSON.stringify(recorder));
 * ```
 *
 * @throws {TypeError | RangeError} for options that are none. Source: W3C Web Performance Working Group, HTTP Archive
 * (HAR) format.
 */
export function recordHar(options?: HarOptions): HarRecorder {
  const given = validateObject(options, 'options', { names: ['keepSecrets', 'bodies', 'limits'] });
  const keepSecrets = validateBoolean(given.keepSecrets, 'keepSecrets');
  const bodies = validateBoolean(given.bodies, 'bodies', true);
  const { bodySize, entries } = validateLimits(given.limits, DEFAULT_LIMITS, (value, name) =>
    validateNumber(value, name, 1),
  );
  return new HarRecorder({ keepSecrets, bodies, bodySize }, entries);
}
