/**
 * Frames as strings with a character for each byte (latin1), which Node's sockets copy when they are written. A string
 * is a young object of V8's heap. A Buffer has memory outside, which counts, from Node.js 22 on, towards the limit that
 * starts a full collection, while it gives no reason for a collection of young objects, which would free it as well as
 * the memory of what was read (bench/README.md).
 */
import { Socket } from 'node:net';
import { type Duplex, Writable } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** Whether the transport writes strings without making Buffers of them. */
export function copiesStrings(transport: Duplex): boolean {
  const kind = Object.getPrototypeOf(transport);
  return (kind === Socket.prototype || kind === TLSSocket.prototype) && transport.write === Writable.prototype.write;
}
