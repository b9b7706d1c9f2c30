/** Ends a connection so that the peer notices that what it received is incomplete. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** Destroys a socket with a reset. TLS has none: an end without close_notify is not an orderly one (RFC 8446 section 6.1). */
export function breakOff(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
