/** HAR export: records requests through the channels `winwire:winhttp:…` and `winwire:http:…`. */
import { tracingChannel } from 'node:diagnostics_channel';
import { validateBoolean, validateLimits, validateNumber, validateObject } from '../options.ts';
import { VERSION } from '../version.ts';
import { type EntryOptions, entryOf, type HarTrace, type Observation } from './har-entry.ts';
import type { Har, HarEntry } from './har-types.ts';
import { factsOf, type HttpTrace } from './http-channels.ts';
import { subscribeTo } from './typed-channel.ts';
import type { ConnectedMessage, RequestTrace, ResponseDataMessage } from './winhttp-channels.ts';

/** Options of {@link recordHar}. */
export interface HarOptions {
  /**
   * `true` writes secrets. By default `***` replaces the values of Authorization, cookies and similar headers,
   * credentials in URLs, and fields of queries, forms and JSON with names of secrets. Other bodies are written
   * unchanged: check a file before you share it, or set `bodies: false`.
   */
  readonly keepSecrets?: boolean | undefined;
  /** `false` omits all bodies. Default `true`. */
  readonly bodies?: boolean | undefined;
  readonly limits?:
    | {
        /** Maximum size of a written body in bytes; of a longer one only the size is written. Default 1 MiB. */
        readonly bodySize?: number | undefined;
        /** Maximum number of recorded requests; beyond it the oldest are dropped. Default 1,000. */
        readonly entries?: number | undefined;
      }
    | undefined;
}

const DEFAULT_LIMITS = { bodySize: 1024 * 1024, entries: 1000 };

type AnyConnected = Pick<ConnectedMessage<object>, 'trace' | 'address' | 'connect'> & Partial<ConnectedMessage<object>>;
interface AnySent {
  readonly trace: object;
  readonly chunk?: Uint8Array;
  readonly sent: number;
  readonly total: number | undefined;
}

const DOORS = { dispatcher: 'ProxyDispatcher', agent: 'ProxyAgent' } as const;

function harTraceOf(trace: HttpTrace): HarTrace {
  const { url, headers, responseHeaders } = factsOf(trace);
  const text = responseHeaders?.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return {
    ...trace,
    request: undefined,
    door: DOORS[trace.door],
    url,
    headers,
    body: undefined,
    ...(text === undefined ? {} : { responseHeaders: text }),
  } as HarTrace;
}

/** Records requests until `stop`. */
export class HarRecorder implements Disposable {
  readonly #options: EntryOptions;
  readonly #limit: number;
  readonly #pending = new Map<object, Observation>();
  #entries: HarEntry[] = [];
  #dropped = 0;
  #ends: (() => void)[] = [];

  /** @internal Use {@link recordHar}. */
  constructor(options: EntryOptions, limit: number) {
    this.#options = options;
    this.#limit = limit;
    this.#listen();
  }

  /** Number of requests that were dropped because of the limit. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Stops recording; the recorded requests remain. */
  stop(): void {
    for (const end of this.#ends.splice(0)) end();
    this.#pending.clear();
  }

  /** Returns the completed requests, in order of completion: `JSON.stringify(recorder)` is the HAR file. */
  toJSON(): Har {
    const creator = { name: 'winwire', version: VERSION };
    return { log: { version: '1.2', creator, entries: [...this.#entries] } };
  }

  /** Calls {@link stop}. */
  [Symbol.dispose](): void {
    this.stop();
  }

  #listen(): void {
    this.#listenTo<RequestTrace>('winwire:winhttp', (trace) => trace);
    this.#listenTo<HttpTrace>('winwire:http', harTraceOf);
  }

  /** The channels of both have messages of the same form. */
  #listenTo<Trace extends RequestTrace | HttpTrace>(prefix: string, describe: (trace: Trace) => HarTrace): void {
    const requests = tracingChannel<unknown, Trace>(`${prefix}:request`);
    const start = (trace: unknown) => this.#begin(trace as Trace, describe(trace as Trace));
    const asyncEnd = (trace: unknown) => this.#finish(trace as Trace, describe(trace as Trace));
    requests.start.subscribe(start);
    requests.asyncEnd.subscribe(asyncEnd);
    this.#ends.push(
      () => requests.start.unsubscribe(start),
      () => requests.asyncEnd.unsubscribe(asyncEnd),
      subscribeTo<AnyConnected>(`${prefix}:connected`, (message) => this.#connected(message)),
      subscribeTo<AnySent>(`${prefix}:requestSent`, (message) => this.#sent(message)),
      subscribeTo<{ trace: Trace }>(`${prefix}:responseStart`, ({ trace }) => {
        const hasBody = this.#options.bodies && (!('backend' in trace) || trace.request);
        this.#note(trace, { responseStart: performance.now(), size: hasBody ? 0 : -1 });
      }),
    );
    if (!this.#options.bodies) return;
    this.#ends.push(
      subscribeTo<ResponseDataMessage<Trace>>(`${prefix}:responseData`, ({ trace, chunk }) => {
        this.#add(trace, chunk);
      }),
    );
  }

  #begin(key: object, trace: HarTrace): void {
    const start = performance.now();
    this.#pending.set(key, { trace, date: new Date(), start, end: start, chunks: [], size: -1 });
  }

  #note(trace: object, moments: Partial<Observation>): void {
    const seen = this.#pending.get(trace);
    if (seen) Object.assign(seen, moments);
  }

  #connected({ trace, address, lookup, connect, tls }: AnyConnected): void {
    const seen = this.#pending.get(trace);
    if (!seen) return;
    seen.address = address;
    if (lookup !== undefined) seen.lookup = (seen.lookup ?? 0) + lookup;
    seen.connect = (seen.connect ?? 0) + connect;
    if (tls !== undefined) seen.tls = (seen.tls ?? 0) + tls;
    seen.connected = performance.now();
  }

  #sent({ trace, chunk, sent, total }: AnySent): void {
    const seen = this.#pending.get(trace);
    if (!seen) return;
    if (sent === total || total === undefined) seen.sent = performance.now();
    if (chunk === undefined) return;
    // It is sent again from its start.
    if (sent === chunk.byteLength) seen.sentChunks = [];
    seen.sentSize = sent;
    if (!this.#options.bodies || sent > this.#options.bodySize) seen.sentChunks = [];
    else seen.sentChunks?.push(Buffer.from(chunk));
  }

  /** Copied, because listeners get the same bytes and may change them. */
  #add(trace: object, chunk: Uint8Array): void {
    const seen = this.#pending.get(trace);
    if (!seen) return;
    seen.size += chunk.length;
    if (seen.size > this.#options.bodySize) seen.chunks = [];
    else seen.chunks.push(Buffer.from(chunk));
  }

  #finish(key: object, trace: HarTrace): void {
    const seen = this.#pending.get(key);
    if (!seen) return;
    this.#pending.delete(key);
    seen.end = performance.now();
    // One of `winwire:http` is described anew: its head is known now.
    seen.trace = trace;
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
 * Records the requests that `WinHttpRequest`, `fetch`, `ProxyDispatcher` and `ProxyAgent` start in this thread from now on,
 * for a file in HAR format.
 *
 * @example
 * ```ts
 * using recorder = recordHar();
 * await WinHttpRequest.request('http://example.org/');
 * await writeFile('requests.har', JSON.stringify(recorder));
 * ```
 *
 * @throws {TypeError | RangeError} for invalid options. Source: W3C Web Performance Working Group, HTTP Archive (HAR)
 *   format.
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
