/** Relays the bytes of a tunnel both ways, with backpressure and half-closes. */
import type { Socket } from 'node:net';
import { breakOff } from './break-off.ts';

/** How long the rest of a tunnel may take to flush after one side has closed, in milliseconds. */
const FLUSH_TIME = 30_000;

/**
 * Relays until both directions have ended or one side breaks. `early` are bytes of the client that belong into the
 * tunnel. Resolves when both sockets are closed.
 */
export async function relayTunnel(client: Socket, server: Socket, early: Buffer): Promise<void> {
  // The end of one direction must not end the other one.
  server.allowHalfOpen = true;
  const closed = Promise.all([follow(client, server), follow(server, client)]);
  if (early.length > 0) server.write(early);
  client.pipe(server);
  server.pipe(client);
  await closed;
}

/** Ends `other` when `socket` has closed: it breaks off if the direction has not ended in order. */
function follow(socket: Socket, other: Socket): Promise<void> {
  return new Promise((resolve) => {
    const onClose = () => {
      resolve();
      if (other.destroyed) return;
      // pipe() has ended the other one if this one has ended.
      if (!other.writableEnded) return breakOff(other);
      other.setTimeout(FLUSH_TIME, () => other.destroy());
    };
    socket.on('error', () => {});
    if (socket.destroyed) onClose();
    else socket.once('close', onClose);
  });
}
