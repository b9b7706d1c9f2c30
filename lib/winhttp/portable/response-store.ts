/** The body of a response: in memory, or above a limit in a temporary file. */
import { Readable } from 'node:stream';
import { tooLarge } from '../winhttp-errors.ts';
import { SpoolFile } from './spool-file.ts';

export class ResponseStore {
  readonly #memoryLimit: number;
  #chunks: Buffer[] = [];
  #size = 0;
  #file: SpoolFile | undefined;
  #error: Error | undefined;

  constructor(memoryLimit: number) {
    this.#memoryLimit = memoryLimit;
  }

  get isInMemory(): boolean {
    return this.#file === undefined;
  }

  /** The error that prevented storing a part. */
  get error(): Error | undefined {
    return this.#error ?? this.#file?.error;
  }

  /** Announces the length, so that a body that does not fit into memory goes to the file at once. */
  expect(length: number): void {
    if (length > this.#memoryLimit) this.#openFile();
  }

  /** Stores a chunk, in memory or copied to a file. Returns false if the next one must wait until `onDrain`. */
  append(chunk: Buffer, onDrain: () => void): boolean {
    this.#size += chunk.length;
    if (!this.#file && this.#size <= this.#memoryLimit) {
      this.#chunks.push(chunk);
      return true;
    }
    const file = this.#file ?? this.#openFile();
    if (!file) return true;
    file.append(chunk);
    return !file.isFull(onDrain);
  }

  /** Resolves when everything is stored; rejects if it could not be written. */
  async complete(): Promise<void> {
    await this.#file?.complete();
  }

  /** Returns a copy of the whole body. `member` and `limitName` are for the error. */
  async bytes(member: string, limitName: string, limit: number): Promise<Buffer> {
    if (this.#size > limit) throw tooLarge(member, limitName, limit);
    return this.#file ? this.#file.bytes(this.#size) : Buffer.concat(this.#chunks, this.#size);
  }

  /** Returns a stream over the whole body, independent of this object and other streams. */
  stream(): Readable {
    return this.#file ? this.#file.stream(this.#size) : memoryStream(this.#chunks);
  }

  /** Releases the body. Existing streams keep what they need. */
  dispose(): void {
    this.#chunks = [];
    this.#size = 0;
    this.#file?.dispose();
    this.#file = undefined;
  }

  #openFile(): SpoolFile | undefined {
    try {
      this.#file = new SpoolFile(this.#chunks.splice(0));
    } catch (error) {
      this.#error = error as Error;
    }
    return this.#file;
  }
}

/** Copies the bytes, because a reader may change them. */
function memoryStream(chunks: readonly Buffer[]): Readable {
  let index = 0;
  return new Readable({
    read() {
      const chunk = chunks[index++];
      this.push(chunk === undefined ? null : Buffer.from(chunk));
    },
  });
}
