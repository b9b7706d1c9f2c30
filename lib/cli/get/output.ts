/** Where the body goes. What is written at once is never held: what cannot be taken now is left for later. */
import { once } from 'node:events';
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { Exit } from '../exit.ts';
import { GetExitCode } from './exit-code.ts';

export interface Output {
  /** Bytes of the body that were taken. */
  readonly taken: number;
  /** Takes a part of the body, unless it or one before it cannot be taken now; {@link rest} brings those. */
  write(chunk: Buffer): void;
  /** All of the body, of which what was taken is skipped. */
  rest(body: Readable, signal: AbortSignal): Promise<void>;
  /** What is no part of the body. */
  print(text: string): void;
  /** Resolves when everything that was taken is out; sooner if the signal says so. */
  flush(signal: AbortSignal): Promise<void>;
  /** After the last byte, or after a failure. */
  close(): void;
}

const failedWrite = (message: string): Exit => new Exit(GetExitCode.WRITE, message);

abstract class BodyOutput implements Output {
  taken = 0;

  /** False if it was not taken. */
  protected abstract put(chunk: Buffer): boolean;

  /** Resolves when more can be taken. */
  protected abstract drained(signal: AbortSignal): Promise<unknown>;

  write(chunk: Buffer): void {
    if (this.put(chunk)) this.taken += chunk.length;
  }

  async rest(body: Readable, signal: AbortSignal): Promise<void> {
    let toSkip = this.taken;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      const skipped = Math.min(toSkip, chunk.length);
      toSkip -= skipped;
      if (skipped === chunk.length) continue;
      await this.drained(signal);
      this.write(chunk.subarray(skipped));
    }
  }

  print(text: string): void {
    this.put(Buffer.from(text, 'latin1'));
  }

  async flush(_signal: AbortSignal): Promise<void> {}

  close(): void {}
}

/** A file, written synchronously: a slow disk holds the network up, and nothing piles up in between. */
export class FileOutput extends BodyOutput {
  /** Whether it is one that can be continued later: no device, no pipe. */
  readonly isRegular: boolean;
  readonly #path: string;
  readonly #fd: number;

  /** Begins at an offset; what the file held from there on is dropped. */
  constructor(path: string, offset = 0) {
    super();
    this.#path = path;
    this.#fd = attempt(path, () => openSync(path, offset > 0 ? 'a' : 'w'));
    this.isRegular = fstatSync(this.#fd).isFile();
    if (offset > 0) attempt(path, () => ftruncateSync(this.#fd, offset));
  }

  protected put(chunk: Buffer): boolean {
    for (let done = 0; done < chunk.length; ) {
      done += attempt(this.#path, () => writeSync(this.#fd, chunk, done));
    }
    return true;
  }

  protected async drained(): Promise<void> {}

  override close(): void {
    closeSync(this.#fd);
  }
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw failedWrite(`cannot write ${path}: ${(error as Error).message}`);
  }
}

/** What may wait for the reader of stdout. */
const BACKLOG = 1024 * 1024;

/** Stdout. When its reader falls behind, the rest waits in the request object, and not here. */
export class StdoutOutput extends BodyOutput {
  readonly #refusesBinary: boolean;
  #isBehind = false;

  /** `onBroken` hears of a reader that went away. */
  constructor(onBroken: (error: Exit) => void, { refusesBinary = false } = {}) {
    super();
    this.#refusesBinary = refusesBinary;
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      // Quietly: whoever read has seen enough.
      onBroken(failedWrite(error.code === 'EPIPE' ? '' : `cannot write to stdout: ${error.message}`));
    });
  }

  protected put(chunk: Buffer): boolean {
    if (this.#isBehind) return false;
    if (this.#refusesBinary && chunk.includes(0)) {
      throw failedWrite('the body is binary: write it to a file by -o FILE, or to the terminal all the same by -o -');
    }
    process.stdout.write(chunk);
    this.#isBehind = process.stdout.writableLength > BACKLOG;
    return true;
  }

  protected async drained(signal: AbortSignal): Promise<void> {
    this.#isBehind = false;
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain', { signal });
  }

  override flush(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      // A failure is told by the event.
      process.stdout.write('', () => resolve());
    });
  }
}

/** Nowhere: only the number of bytes is of interest. */
export class NoOutput extends BodyOutput {
  protected put(): boolean {
    return true;
  }

  protected async drained(): Promise<void> {}
}
