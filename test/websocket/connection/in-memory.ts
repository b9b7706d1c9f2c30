// Connections over a transport within the process, which delivers at once and splits data at given sizes.
import http from 'node:http';
import { Duplex } from 'node:stream';
import type { AcceptOptions } from '../../../lib/websocket/connection/accept.ts';
import type { ConnectOptions } from '../../../lib/websocket/connection/connect.ts';
import { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';

/**
 * Returns two ends of a transport in memory; data written to one is read from the other in pieces of these sizes, in
 * turn.
 */
export function cuttingPair(cuts: readonly number[]): [Duplex, Duplex] {
  let turn = 0;
  const end = (other: () => Duplex): Duplex => {
    let hasEnded = false;
    const endOther = () => {
      if (!hasEnded) other().push(null);
      hasEnded = true;
    };
    return new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        for (let at = 0; at < chunk.length; turn++) {
          const size = cuts[turn % cuts.length] as number;
          other().push(Buffer.from(chunk.subarray(at, at + size)));
          at += size;
        }
        done();
      },
      final(done) {
        endOther();
        done();
      },
      destroy(error, done) {
        endOther();
        done(error);
      },
    });
  };
  const left: Duplex = end(() => right);
  const right: Duplex = end(() => left);
  return [left, right];
}

/** The connection that a node:http server accepts over a transport. */
export function acceptedOver(transport: Duplex, options: AcceptOptions): Promise<WebSocketConnection> {
  const server = http.createServer();
  const accepted = new Promise<WebSocketConnection>((resolve, reject) => {
    server.on('upgrade', (request, socket, head) => {
      WebSocketConnection.accept(request, socket, head, options).then(resolve, reject);
    });
  });
  server.emit('connection', transport);
  return accepted;
}

/** A client's connection over a transport. */
export const connectedOver = (transport: Duplex, options: ConnectOptions): Promise<WebSocketConnection> =>
  WebSocketConnection.connect('ws://memory/', { ...options, createConnection: () => transport as never });
