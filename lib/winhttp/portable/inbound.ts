/**
 * Where a socket's bytes are read into. Node's own way is a new block of 64 KiB for every packet, and a gigabyte of them
 * is garbage for longer than it need be: here all sockets read into one block and hand on copies. For the rest of a
 * large body even that is saved: the parts are lent, in blocks that are used again.
 */
import type { ConnectOpts, Socket } from 'node:net';

const BLOCK = 64 * 1024;

// Reading is one call of the system, after which the callback runs: no two sockets are ever in the middle of it.
let common: Buffer | undefined;

const inbounds = new WeakMap<Socket, Inbound>();

/** The reading side of one socket. */
export class Inbound {
  #socket: Socket | undefined;
  /** Two blocks for lending: one may still be looked at while the other is filled. */
  #blocks: [Buffer, Buffer] | undefined;

  /** For `net.connect`. */
  readonly onread: NonNullable<ConnectOpts['onread']> = {
    buffer: () => this.#next(),
    callback: (length, block) => this.#push((block as Buffer).subarray(0, length)),
  };

  attach(socket: Socket): void {
    this.#socket = socket;
    inbounds.set(socket, this);
  }

  /** From now on parts are lent (or are copies again): who gets one must not keep it. */
  setLending(isLending: boolean): void {
    if (!isLending) this.#blocks = undefined;
    else this.#blocks ??= [Buffer.allocUnsafeSlow(BLOCK), Buffer.allocUnsafeSlow(BLOCK)];
  }

  #next(): Buffer {
    const [block] = this.#blocks?.reverse() ?? [];
    if (block) return block;
    common ??= Buffer.allocUnsafeSlow(BLOCK);
    return common;
  }

  #push(bytes: Buffer): boolean {
    const socket = this.#socket as Socket;
    // While something has not been looked at, its block may be the next to be filled.
    const isLent = this.#blocks?.some(({ buffer }) => buffer === bytes.buffer) && socket.readableLength === 0;
    return socket.push(isLent ? bytes : Buffer.from(bytes));
  }
}

/** The reading side of a socket that has one of ours: one without TLS and tunnel. */
export const inboundOf = (socket: Socket): Inbound | undefined => inbounds.get(socket);
