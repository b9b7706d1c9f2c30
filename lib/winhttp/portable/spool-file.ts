/** A temporary file without a name: appended data is copied at once and not kept in memory. */
import { randomUUID } from 'node:crypto';
import { close, openSync, read, unlinkSync, write } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';

const readAt = promisify(read);
const writeAt = promisify(write);

const BLOCK = 256 * 1024;
const READ_SIZE = 64 * 1024;
/** Maximum number of blocks that wait to be written before the sender is paused. */
const MAX_WAITING = 4;

/** Closes the files of streams that were not read to their end. */
const lost = new FinalizationRegistry<number>((fd) => close(fd, () => {}));

/** The file, with a count of its users. */
class SharedFile {
  readonly fd: number;
  #users = 1;

  constructor() {
    const path = join(tmpdir(), `winwire-${randomUUID()}`);
    this.fd = openSync(path, 'wx+', 0o600);
    // Others cannot open it, and the system deletes it at the latest when the process ends.
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

  /** Fills the target from a position in the file. */
  async read(target: Buffer, position: number): Promise<void> {
    for (let done = 0; done < target.length; ) {
      const { bytesRead } = await readAt(this.fd, target, done, target.length - done, position + done);
      if (bytesRead === 0) throw new Error('the temporary file is shorter than it was written');
      done += bytesRead;
    }
  }
}

export class SpoolFile {
  readonly #file = new SharedFile();
  /** Blocks are written in turn, and reused. */
  #block: Buffer = Buffer.allocUnsafeSlow(BLOCK);
  #filled = 0;
  readonly #free: Buffer[] = [];
  #waiting = 0;
  #written: Promise<void> = Promise.resolve();
  #error: Error | undefined;
  #onDrain: (() => void) | undefined;

  /** The error that prevented writing a part. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** Starts with existing chunks, which must not change. */
  constructor(chunks: readonly Buffer[]) {
    for (const chunk of chunks) this.#enqueue(chunk);
  }

  append(chunk: Buffer): void {
    for (let start = 0; start < chunk.length; ) {
      const taken = chunk.copy(this.#block, this.#filled, start);
      start += taken;
      this.#filled += taken;
      if (this.#filled === BLOCK) this.#flush();
    }
  }

  /** Whether the next chunk must wait until `onDrain`. */
  isFull(onDrain: () => void): boolean {
    if (this.#waiting < MAX_WAITING) return false;
    this.#onDrain = onDrain;
    return true;
  }

  /** Resolves when everything is in the file; rejects if it could not be written. */
  async complete(): Promise<void> {
    if (this.#filled > 0) this.#flush();
    await this.#written;
    if (this.#error) throw this.#error;
    this.#free.length = 0;
  }

  async bytes(size: number): Promise<Buffer> {
    const all = Buffer.allocUnsafe(size);
    const file = this.#file.use();
    try {
      await file.read(all, 0);
    } finally {
      file.release();
    }
    return all;
  }

  stream(size: number): Readable {
    return fileStream(this.#file.use(), size);
  }

  /** Existing streams keep the file open. */
  dispose(): void {
    this.#onDrain = undefined;
    void this.#written.then(() => this.#file.release());
  }

  #flush(): void {
    const block = this.#block.subarray(0, this.#filled);
    this.#block = this.#free.pop() ?? Buffer.allocUnsafeSlow(BLOCK);
    this.#filled = 0;
    this.#enqueue(block);
  }

  #enqueue(block: Buffer): void {
    this.#waiting++;
    this.#written = this.#written.then(() => this.#write(block));
  }

  async #write(block: Buffer): Promise<void> {
    try {
      for (let done = 0; done < block.length && !this.#error; ) {
        done += (await writeAt(this.#file.fd, block, done, block.length - done, null)).bytesWritten;
      }
    } catch (error) {
      this.#error ??= error as Error;
    }
    this.#waiting--;
    if (isWholeBlock(block) && this.#free.length < MAX_WAITING) this.#free.push(block);
    if (this.#waiting > 1) return;
    const onDrain = this.#onDrain;
    this.#onDrain = undefined;
    onDrain?.();
  }
}

const isWholeBlock = ({ length, buffer }: Buffer): boolean => length === BLOCK && buffer.byteLength === BLOCK;

function fileStream(file: SharedFile, size: number): Readable {
  let position = 0;
  return new Readable({
    highWaterMark: READ_SIZE,
    read() {
      const part = Buffer.allocUnsafe(Math.min(READ_SIZE, size - position));
      if (part.length === 0) return void this.push(null);
      file.read(part, position).then(
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
