/** The bytes of a client: for the current reader, or kept until there is one. */
import type { Socket } from 'node:net';

/** How many bytes are kept without a reader, before the socket pauses. */
const MAX_KEPT = 64 * 1024;

type Reader = (bytes: Buffer) => void;

export class Inbound {
  readonly #socket: Socket;
  #kept: Buffer[] = [];
  #size = 0;
  #reader: Reader | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#onData);
  }

  /** Passes kept and further bytes to a reader, until `stop`. */
  start(reader: Reader): void {
    this.#reader = reader;
    const kept = this.#take();
    if (kept.length > 0) this.#onData(kept);
    this.resume();
  }

  /** Ends the current reader; `rest` are bytes that it did not use. */
  stop(rest?: Buffer): void {
    this.#reader = undefined;
    if (rest && rest.length > 0) this.#keep(rest);
    // Without a reader the socket still flows, so that its end is noticed.
    if (this.#size < MAX_KEPT) this.#socket.resume();
  }

  /** Pauses the bytes for the current reader, until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    if (this.#reader || this.#size < MAX_KEPT) this.#socket.resume();
  }

  /** Leaves the socket to another owner, paused; returns the kept bytes. */
  release(): Buffer {
    this.#socket.off('data', this.#onData).pause();
    return this.#take();
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.#reader) this.#reader(bytes);
    else this.#keep(bytes);
  };

  #keep(bytes: Buffer): void {
    this.#kept.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= MAX_KEPT) this.#socket.pause();
  }

  #take(): Buffer {
    const kept = Buffer.concat(this.#kept);
    this.#kept = [];
    this.#size = 0;
    return kept;
  }
}
