/** The channels `winwire:winhttp:…` of node:diagnostics_channel: a request asks once whether anybody subscribes. */
import { tracingChannel } from 'node:diagnostics_channel';
import type { ConnectTimes } from '../winhttp/request-object.ts';
import { typedChannel } from './typed-channel.ts';
import type {
  WinHttpAbortMessage,
  WinHttpConnectedMessage,
  WinHttpRequestSentMessage,
  WinHttpRequestTrace,
  WinHttpResponseDataMessage,
  WinHttpResponseStartMessage,
} from './winhttp-messages.ts';

const requests = tracingChannel<unknown, WinHttpRequestTrace>('winwire:winhttp:request');
const connected = typedChannel<WinHttpConnectedMessage>('winwire:winhttp:connected');
const requestSent = typedChannel<WinHttpRequestSentMessage>('winwire:winhttp:requestSent');
const responseStart = typedChannel<WinHttpResponseStartMessage>('winwire:winhttp:responseStart');
const responseData = typedChannel<WinHttpResponseDataMessage>('winwire:winhttp:responseData');
const abort = typedChannel<WinHttpAbortMessage>('winwire:winhttp:abort');
const others = [connected, requestSent, responseStart, responseData, abort];

/** What is known with the end of a response. */
interface TracedHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: string;
  readonly url?: string | undefined;
}

/** Tells of one request. */
export class RequestTracer {
  readonly #trace: { -readonly [Key in keyof WinHttpRequestTrace]: WinHttpRequestTrace[Key] };

  /** `undefined` if nobody subscribes. */
  static begin(describe: () => WinHttpRequestTrace): RequestTracer | undefined {
    if (!requests.hasSubscribers && !others.some((channel) => channel.hasSubscribers)) return undefined;
    return new RequestTracer(describe());
  }

  private constructor(trace: WinHttpRequestTrace) {
    this.#trace = trace;
  }

  /** Whether the parts of the body are wanted. */
  get wantsData(): boolean {
    return responseData.hasSubscribers;
  }

  /** The whole of a request whose promise tells its end. */
  span<T>(run: () => Promise<T>): Promise<T> {
    return requests.tracePromise(run, this.#trace);
  }

  /** The beginning of a request whose end is told by {@link end}. */
  start<T>(run: () => T): T {
    try {
      return requests.start.runStores(this.#trace, run);
    } finally {
      requests.end.publish(this.#trace);
    }
  }

  end(error: Error | undefined): void {
    if (error) {
      this.#trace.error = error;
      requests.error.publish(this.#trace);
    }
    requests.asyncStart.publish(this.#trace);
    requests.asyncEnd.publish(this.#trace);
  }

  connected(times: ConnectTimes): void {
    connected.publish({ trace: this.#trace, ...times });
  }

  sent(sent: number, total: number): void {
    requestSent.publish({ trace: this.#trace, sent, total });
  }

  started(status: number, contentType: string, length: number | undefined): void {
    this.#trace.status = status;
    responseStart.publish({ trace: this.#trace, status, contentType, length });
  }

  data(chunk: Buffer): void {
    responseData.publish({ trace: this.#trace, chunk });
  }

  complete({ status, statusText, headers, url }: TracedHead): void {
    Object.assign(this.#trace, { status, statusText, responseHeaders: headers, responseUrl: url });
  }

  abort(reason: unknown): void {
    abort.publish({ trace: this.#trace, reason });
  }
}
