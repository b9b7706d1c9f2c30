/**
 * The read buffers of sockets. Node.js allocates 64 KiB per packet, which produces much garbage for large bodies. Here
 * all sockets read into one shared block and pass copies on. For the rest of a large body the copy is saved too: the
 * parts are lent, in blocks that are reused.
 */
import type { ConnectOpts, Socket } from 'node:net';

const BLOCK = 64 * 1024;

// A read is one system call, followed by its callback, so two sockets never use the block at once.
let common: Buffer | undefined;

const inbounds = new WeakMap<Socket, Inbound>();

/** The reading side of one socket. */
export class Inbound {
  #socket: Socket | undefined;
  /** Two blocks for lending: one may be in use while the other is filled. */
  #blocks: [Buffer, Buffer] | undefined;

  /** Option of `net.connect`. */
  readonly onread: NonNullable<ConnectOpts['onread']> = {
    buffer: () => this.#next(),
    callback: (length, block) => this.#push((block as Buffer).subarray(0, length)),
  };

  attach(socket: Socket): void {
    this.#socket = socket;
    inbounds.set(socket, this);
  }

  /** Switches between lending parts, which the receiver must not keep, and copying them. */
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
    // Its block must not be filled again before the part was processed.
    const isLent = this.#blocks?.some(({ buffer }) => buffer === bytes.buffer) && socket.readableLength === 0;
    return socket.push(isLent ? bytes : Buffer.from(bytes));
  }
}

/** Returns the reading side of a socket without TLS and tunnel. */
export const inboundOf = (socket: Socket): Inbound | undefined => inbounds.get(socket);
