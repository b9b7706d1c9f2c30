/** The body of a request on its way to the server, kept in part so that it can be sent again. */
import type { Socket } from 'node:net';
import { type BodyReader, LengthReader } from '../http1/body-reader.ts';
import { ChunkReader } from '../http1/chunk-reader.ts';
import type { Inbound } from './client-bytes.ts';
import { badRequest } from './refusal.ts';
import type { Framing } from './request-plan.ts';

/** Maximum size of a trailer in bytes; it is not forwarded. */
const MAX_TRAILER = 16 * 1024;
const LAST_CHUNK = '0\r\n\r\n';
const NOTHING = Buffer.alloc(0);

export class RequestBody {
  /** Whether the whole body has arrived. */
  isComplete = false;
  readonly #inbound: Inbound;
  readonly #framing: Framing;
  readonly #reader: BodyReader;
  readonly #limit: number;
  #kept: Buffer[] | undefined = [];
  #keptSize = 0;
  #socket: Socket | undefined;
  #onError: (error: Error) => void = () => {};

  /** `replayLimit`: how many bytes are kept to be sent again. */
  constructor(inbound: Inbound, framing: Framing, replayLimit: number) {
    this.#inbound = inbound;
    this.#framing = framing;
    this.#reader = framing === 'chunked' ? new ChunkReader(MAX_TRAILER, true) : new LengthReader(framing);
    this.#limit = replayLimit;
    this.isComplete = framing === 0;
  }

  /** Returns the line that describes the body; `isAnnounced`: the request has one. */
  fieldFor(isAnnounced: boolean): string | undefined {
    if (this.#framing === 'chunked') return 'Transfer-Encoding: chunked';
    return isAnnounced ? `Content-Length: ${this.#framing}` : undefined;
  }

  get isEmpty(): boolean {
    return this.#framing === 0;
  }

  /** Whether the whole body can be sent again. */
  get isShort(): boolean {
    return this.#framing !== 'chunked' && this.#framing <= this.#limit;
  }

  /** Whether everything that was received can be sent again. */
  get isReplayable(): boolean {
    return this.#kept !== undefined;
  }

  /** Sends what is kept, then what arrives. `onError` gets a {@link Refusal} for an invalid body. */
  sendTo(socket: Socket, onError: (error: Error) => void): void {
    this.#socket = socket;
    this.#onError = onError;
    for (const part of this.#kept ?? []) this.#write(part);
    if (this.isComplete) return void this.#finish();
    socket.on('drain', this.#onDrain);
    this.#inbound.start(this.#onBytes);
  }

  /** Sends no more to the current socket; what arrives is for the next one. */
  stop(): void {
    this.#socket?.off('drain', this.#onDrain);
    this.#socket = undefined;
    if (!this.isComplete) this.#inbound.stop();
  }

  readonly #onDrain = (): void => this.#inbound.resume();

  readonly #onBytes = (bytes: Buffer): void => {
    let end: number;
    try {
      end = this.#reader.read(bytes, (part) => {
        this.#keep(part);
        this.#write(part);
      });
    } catch (error) {
      this.stop();
      this.#onError(badRequest(`The body of the request is invalid: ${(error as Error).message}.`));
      return;
    }
    if (end < 0) return;
    this.isComplete = true;
    this.#socket?.off('drain', this.#onDrain);
    this.#inbound.stop(end < bytes.length ? bytes.subarray(end) : NOTHING);
    this.#finish();
  };

  #keep(part: Buffer): void {
    this.#keptSize += part.length;
    if (this.#keptSize > this.#limit) this.#kept = undefined;
    this.#kept?.push(part);
  }

  #write(part: Buffer): void {
    const socket = this.#socket;
    if (!socket || socket.destroyed) return;
    if (this.#framing === 'chunked') {
      socket.cork();
      socket.write(`${part.length.toString(16)}\r\n`, 'latin1');
      socket.write(part);
      socket.write('\r\n', 'latin1');
      socket.uncork();
    } else socket.write(part);
    if (socket.writableNeedDrain && !this.isComplete) this.#inbound.pause();
  }

  #finish(): void {
    if (this.#framing === 'chunked') this.#socket?.write(LAST_CHUNK, 'latin1');
  }
}
