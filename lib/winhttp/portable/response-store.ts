/** The body of a response: in memory, or beyond a limit in a temporary file. */
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

  /** Why a part could not be kept. */
  get error(): Error | undefined {
    return this.#error ?? this.#file?.error;
  }

  /** So many bytes are to come: what will not fit into memory need not go there first. */
  expect(length: number): void {
    if (length > this.#memoryLimit) this.#openFile();
  }

  /** Keeps a chunk: itself in memory, a copy of it in a file. False if the next has to wait until `onDrain`. */
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

  /** Resolves when everything is where it belongs; rejects if it could not be written. */
  async complete(): Promise<void> {
    await this.#file?.complete();
  }

  /** All of it, as bytes of the caller's own. `member` and `limitName` are for the error. */
  async bytes(member: string, limitName: string, limit: number): Promise<Buffer> {
    if (this.#size > limit) throw tooLarge(member, limitName, limit);
    return this.#file ? this.#file.bytes(this.#size) : Buffer.concat(this.#chunks, this.#size);
  }

  /** A stream over everything, from the beginning, independent of this object and of other streams. */
  stream(): Readable {
    return this.#file ? this.#file.stream(this.#size) : memoryStream(this.#chunks);
  }

  /** Nobody asks any more. Streams keep what they need. */
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
