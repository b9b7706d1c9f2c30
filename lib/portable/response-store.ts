/** The body of a response: in memory, or beyond a limit in a temporary file without a name. */

import { randomUUID } from 'node:crypto';
import { close, openSync, read, unlinkSync, write } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { tooLarge } from '../winhttp/failure.ts';

const readAt = promisify(read);
const writeAt = promisify(write);

/** How much may wait to be written before the sender is held up. */
const MAX_WAITING = 1024 * 1024;
const READ_SIZE = 64 * 1024;

/** A file that is gone with its last user. */
class SpoolFile {
  readonly fd: number;
  #users = 1;

  constructor() {
    const path = join(tmpdir(), `winwire-${randomUUID()}`);
    this.fd = openSync(path, 'wx+', 0o600);
    // Nobody else can open it, and it goes with the process at the latest.
    unlinkSync(path);
    lost.register(this, this.fd, this);
  }

  use(): this {
    this.#users++;
    return this;
  }

  release(): void {
    if (--this.#users > 0) return;
    lost.unregister(this);
    close(this.fd, () => {});
  }
}

/** Closes the files of streams that nobody has read to their end. */
const lost = new FinalizationRegistry<number>((fd) => close(fd, () => {}));

export class ResponseStore {
  readonly #memoryLimit: number;
  #chunks: Buffer[] = [];
  #size = 0;
  #file: SpoolFile | undefined;
  #waiting = 0;
  #written: Promise<void> = Promise.resolve();
  #error: Error | undefined;
  #onDrain: (() => void) | undefined;

  constructor(memoryLimit: number) {
    this.#memoryLimit = memoryLimit;
  }

  get size(): number {
    return this.#size;
  }

  /** Keeps a chunk. False if the next has to wait until `onDrain`. */
  append(chunk: Buffer, onDrain: () => void): boolean {
    this.#size += chunk.length;
    if (!this.#file && this.#size <= this.#memoryLimit) {
      this.#chunks.push(chunk);
      return true;
    }
    this.#spool(chunk);
    if (this.#waiting <= MAX_WAITING) return true;
    this.#onDrain = onDrain;
    return false;
  }

  /** Resolves when everything is where it belongs; rejects if it could not be written. */
  async complete(): Promise<void> {
    await this.#written;
    if (this.#error) throw this.#error;
  }

  /** Why a part could not be written. */
  get error(): Error | undefined {
    return this.#error;
  }

  get isInMemory(): boolean {
    return this.#file === undefined;
  }

  /** All of it, as bytes of the caller's own. `member` and `limitName` are for the error. */
  async bytes(member: string, limitName: string, limit: number): Promise<Buffer> {
    if (this.#size > limit) throw tooLarge(member, limitName, limit);
    if (!this.#file) return Buffer.concat(this.#chunks, this.#size);
    const all = Buffer.allocUnsafe(this.#size);
    const file = this.#file.use();
    try {
      await readFully(file.fd, all, 0);
    } finally {
      file.release();
    }
    return all;
  }

  /** A single use of what is in memory, without a copy. */
  takeBytes(): Buffer {
    const [first = Buffer.alloc(0)] = this.#chunks;
    return this.#chunks.length > 1 ? Buffer.concat(this.#chunks, this.#size) : first;
  }

  /** A stream over everything, from the beginning, independent of this object and of other streams. */
  stream(): Readable {
    return this.#file ? fileStream(this.#file.use(), this.#size) : memoryStream(this.#chunks);
  }

  /** Nobody asks any more. Streams keep what they need. */
  dispose(): void {
    this.#chunks = [];
    this.#size = 0;
    this.#onDrain = undefined;
    const file = this.#file;
    this.#file = undefined;
    void this.#written.then(() => file?.release());
  }

  #spool(chunk: Buffer): void {
    const file = this.#file ?? this.#openFile();
    if (!file) return;
    const chunks = [...this.#chunks.splice(0), chunk];
    for (const part of chunks) {
      this.#waiting += part.length;
      this.#written = this.#written.then(() => this.#write(file.fd, part));
    }
  }

  #openFile(): SpoolFile | undefined {
    try {
      this.#file = new SpoolFile();
    } catch (error) {
      this.#error ??= error as Error;
    }
    return this.#file;
  }

  async #write(fd: number, part: Buffer): Promise<void> {
    try {
      for (let done = 0; done < part.length && !this.#error; ) {
        done += (await writeAt(fd, part, done, part.length - done, null)).bytesWritten;
      }
    } catch (error) {
      this.#error ??= error as Error;
    }
    this.#waiting -= part.length;
    if (this.#waiting > MAX_WAITING / 2) return;
    const onDrain = this.#onDrain;
    this.#onDrain = undefined;
    onDrain?.();
  }
}

async function readFully(fd: number, target: Buffer, position: number): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await readAt(fd, target, done, target.length - done, position + done);
    if (bytesRead === 0) throw new Error('the temporary file is shorter than it was written');
    done += bytesRead;
  }
}

/** Copies, since what a reader does with its bytes is its own affair. */
function memoryStream(chunks: readonly Buffer[]): Readable {
  let index = 0;
  return new Readable({
    read() {
      const chunk = chunks[index++];
      this.push(chunk === undefined ? null : Buffer.from(chunk));
    },
  });
}

function fileStream(file: SpoolFile, size: number): Readable {
  let position = 0;
  return new Readable({
    highWaterMark: READ_SIZE,
    read() {
      const part = Buffer.allocUnsafe(Math.min(READ_SIZE, size - position));
      if (part.length === 0) return void this.push(null);
      readFully(file.fd, part, position).then(
        () => {
          position += part.length;
          this.push(part);
        },
        (error) => this.destroy(error),
      );
    },
    destroy(error, callback) {
      file.release();
      callback(error);
    },
  });
}
