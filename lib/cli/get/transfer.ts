/** One transfer: a request whose body goes to an output. */
import { WinwireError } from '../../errors.ts';
import { WinHttpRequest } from '../../winhttp/request/winhttp-request.ts';
import { shortBody } from '../../winhttp/response-length.ts';
import { Exit } from '../exit.ts';
import { millisecondsSince } from '../format.ts';
import { isServer, proxySourceOf } from '../proxy-options.ts';
import { GetExitCode } from './exit-code.ts';
import { bodyOf, type GetOptions, methodOf } from './get-options.ts';
import { FileOutput, NoOutput, type Output, StdoutOutput } from './output.ts';
import { prepare } from './prepare.ts';
import { NO_PROGRESS, type Progress } from './progress.ts';
import { continuationOf, type ResumePoint, rangeHeaders } from './resume.ts';
import { lengthOf, readHead, type ShownHead } from './shown-head.ts';

/** The state of a transfer, also of a failed one. */
interface TransferState {
  head: ShownHead | undefined;
  /** The final URL after redirects. */
  url: string;
  /** Received bytes of the body. */
  received: number;
  /** Bytes kept from an earlier transfer. */
  kept: number;
  /** Milliseconds from the start to the head. */
  firstByte: number | undefined;
  backend: string | undefined;
  /** The file was already complete. */
  isComplete: boolean;
}

interface TransferSurroundings {
  /** The position to resume from. */
  readonly point?: ResumePoint | undefined;
  readonly progress?: Progress | undefined;
  /** Prints a remark. */
  readonly remark: (text: string) => void;
}

export class Transfer {
  readonly state: TransferState;
  readonly #options: GetOptions;
  readonly #point: ResumePoint | undefined;
  readonly #progress: Progress;
  readonly #remark: (text: string) => void;
  readonly #abort = new AbortController();
  readonly #start = performance.now();
  #output: Output | undefined;
  /** Parts that arrived before their destination was known. */
  #early: Buffer[] | undefined = [];
  #begun: Promise<void> | undefined;

  constructor(url: string, options: GetOptions, { point, progress = NO_PROGRESS, remark }: TransferSurroundings) {
    this.#options = options;
    this.#point = point;
    this.#progress = progress;
    this.#remark = remark;
    this.state = {
      head: undefined,
      url,
      received: 0,
      kept: 0,
      firstByte: undefined,
      backend: undefined,
      isComplete: false,
    };
  }

  /** Whether the body goes to a file that can be resumed: not a device or pipe. */
  get isResumable(): boolean {
    return this.#output instanceof FileOutput && this.#output.isRegular;
  }

  async run(interrupt: AbortSignal): Promise<void> {
    const body = bodyOf(this.#options);
    const { backend } = this.#options;
    const source = isServer(this.#options.proxy) ? undefined : proxySourceOf(this.#options);
    const request = await WinHttpRequest.create({ backend, proxy: source, environmentProxy: true });
    this.state.backend = request.backend;
    const timer = this.#startMaxTime();
    const signal = AbortSignal.any([interrupt, this.#abort.signal]);
    try {
      await prepare(request, this.state.url, this.#options, this.#point ? rangeHeaders(this.#point) : []);
      this.#listen(request);
      await request.send(body, { signal });
      await this.#begun;
      signal.throwIfAborted();
      await this.#finish(request, signal);
      signal.throwIfAborted();
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      clearTimeout(timer);
      await this.#begun;
      this.#progress.stop();
      this.#output?.close();
      await request[Symbol.asyncDispose]();
    }
  }

  #startMaxTime(): NodeJS.Timeout | undefined {
    const { maxTime } = this.#options;
    if (maxTime === undefined) return undefined;
    const message = `not finished after ${maxTime / 1000} s (--max-time): the request was aborted`;
    return setTimeout(() => this.#abort.abort(new Exit(GetExitCode.TIMEOUT, message)), maxTime);
  }

  #listen(request: WinHttpRequest): void {
    request.on('responseStart', (status) => {
      this.state.firstByte = millisecondsSince(this.#start);
      this.#begun = this.#begin(request, status).catch((error) => this.#abort.abort(error));
    });
    request.on('responseDataAvailable', (chunk) => {
      this.state.received += chunk.length;
      if (this.#early) this.#early.push(chunk);
      else this.#write(chunk);
    });
  }

  async #begin(request: WinHttpRequest, status: number): Promise<void> {
    const head = await readHead(request, status);
    this.state.head = head;
    this.state.url = await request.getOption('URL').catch(whereNotImplemented(this.state.url));
    this.#output = this.#outputFor(head);
    if (!this.state.isComplete) {
      const length = methodOf(this.#options) === 'HEAD' ? undefined : lengthOf(head);
      const { kept } = this.state;
      this.#progress.start(kept, length === undefined ? undefined : kept + length);
    }
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const chunk of early) this.#write(chunk);
  }

  /** Returns the output for the body of this response. */
  #outputFor(head: ShownHead): Output {
    const { output, fail, head: headOnly, include, json } = this.#options;
    if (this.#point && output !== undefined) return this.#continued(head, output, this.#point);
    if (fail && head.status >= 400) {
      throw new Exit(GetExitCode.HTTP_STATUS, `the server answered ${head.status} ${head.statusText}`.trimEnd());
    }
    const target = this.#newOutput(output);
    if ((include || headOnly) && !json) target.print(head.text);
    return target;
  }

  #continued(head: ShownHead, file: string, point: ResumePoint): Output {
    const continuation = continuationOf(head, point);
    this.state.isComplete = continuation === 'complete';
    if (continuation === 'complete') return new NoOutput();
    if (continuation === 'append') {
      this.state.kept = point.offset;
      return new FileOutput(file, point.offset);
    }
    this.#remark('the server sent the whole file, since it knows no ranges or the file has changed: begun anew');
    return new FileOutput(file);
  }

  #newOutput(file: string | undefined): Output {
    if (file !== undefined && file !== '-') return new FileOutput(file);
    if (this.#options.json) return new NoOutput();
    const refusesBinary = file === undefined && process.stdout.isTTY === true;
    return new StdoutOutput((error) => this.#abort.abort(error), { refusesBinary });
  }

  #write(chunk: Buffer): void {
    try {
      this.#output?.write(chunk);
    } catch (error) {
      this.#abort.abort(error);
    }
    this.#progress.update(this.state.kept + this.state.received);
  }

  /**
   * The object still has what the output has not accepted, because its reader is slow or the object reports no parts.
   */
  async #finish(request: WinHttpRequest, signal: AbortSignal): Promise<void> {
    const { received } = this.state;
    const output = this.#output;
    if (!output) return;
    const hasAll = received > 0 && received === output.taken;
    if (!hasAll) await output.rest(await request.responseStream, signal);
    await output.flush(signal);
    this.state.received = Math.max(received, output.taken);
    // The system's object may report success for a truncated body (RQ-153).
    const failure = this.state.head && shortBody(methodOf(this.#options), this.state.head, this.state.received);
    if (failure && !this.state.isComplete) throw failure;
  }
}

/** Wine's object does not report the final URL. */
function whereNotImplemented(url: string): (error: unknown) => string {
  return (error) => {
    if (error instanceof WinwireError && error.code === 'E_NOTIMPL') return url;
    throw error;
  };
}
