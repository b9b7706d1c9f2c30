/** The destinations of a body. Data that cannot be written now stays in the request object until later. */
import { once } from 'node:events';
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { Exit } from '../exit.ts';
import { GetExitCode } from './exit-code.ts';

export interface Output {
  /** Number of bytes of the body that were accepted. */
  readonly taken: number;
  /** Writes a part of the body, unless it or an earlier part cannot be written now; {@link rest} writes those. */
  write(chunk: Buffer): void;
  /** Writes the body, except the bytes that were already accepted. */
  rest(body: Readable, signal: AbortSignal): Promise<void>;
  /** Prints text that is not part of the body. */
  print(text: string): void;
  /** Resolves when all accepted data is written; earlier if the signal aborts. */
  flush(signal: AbortSignal): Promise<void>;
  /** Called after the last byte, or after a failure. */
  close(): void;
}

const failedWrite = (message: string): Exit => new Exit(GetExitCode.WRITE, message);

abstract class BodyOutput implements Output {
  taken = 0;

  /** Returns false if the chunk was not accepted. */
  protected abstract put(chunk: Buffer): boolean;

  /** Resolves when more data is accepted. */
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

/** A file, written synchronously: a slow disk slows the network down, and no data piles up. */
export class FileOutput extends BodyOutput {
  /** Whether the transfer can be resumed later: not for a device or pipe. */
  readonly isRegular: boolean;
  readonly #path: string;
  readonly #fd: number;

  /** Starts at an offset; the rest of the file is dropped. */
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

/** Maximum amount of data that waits for the reader of stdout, in bytes. */
const BACKLOG = 1024 * 1024;

/** Stdout. If its reader is slow, the rest waits in the request object. */
export class StdoutOutput extends BodyOutput {
  readonly #refusesBinary: boolean;
  #isBehind = false;

  /** `onBroken` is called when the reader has closed the pipe. */
  constructor(onBroken: (error: Exit) => void, { refusesBinary = false } = {}) {
    super();
    this.#refusesBinary = refusesBinary;
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      // Without a message: the reader has seen enough.
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
      // The event reports a failure.
      process.stdout.write('', () => resolve());
    });
  }
}

/** Discards the body and counts its bytes. */
export class NoOutput extends BodyOutput {
  protected put(): boolean {
    return true;
  }

  protected async drained(): Promise<void> {}
}
