/** `winwire ws --listen PORT`: an echo server. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebSocketConnection } from '../../websocket/connection/websocket-connection.ts';
import { WebSocketServer } from '../../websocket/server/websocket-server.ts';
import { errorColors } from '../colors.ts';
import { withoutControls } from '../format.ts';
import { interruptible } from '../interrupt.ts';
import type { WsOptions } from './ws-options.ts';

/** Serves until Ctrl-C, then closes every connection. */
export async function listen({ listen: port, host, backend, subprotocol }: WsOptions): Promise<void> {
  // Whatever a client offers is spoken by an echo, unless the user has said what is.
  const subprotocols = subprotocol ?? ((offered: readonly string[]) => offered[0]);
  const server = new WebSocketServer({ port, host, backend, subprotocols });
  await once(server, 'listening');
  const { address, port: chosen, family } = server.address() as AddressInfo;
  process.stdout.write(`listening on ws://${family === 'IPv6' ? `[${address}]` : address}:${chosen}/\n`);
  server.on('error', (error) => log((error as Error).message));
  server.on('refused', (error, request) => log(`${peerOf(request)} refused: ${(error as Error).message}`));
  server.on('connection', (connection, request) => void serve(connection, peerOf(request)));
  await interruptible(async (signal) => {
    if (!signal.aborted) await once(signal, 'abort');
    const { size } = server.clients;
    if (size > 0) log(`closing ${size} connection${size === 1 ? '' : 's'}`);
    await server.close();
  });
}

async function serve(connection: WebSocketConnection, peer: string): Promise<void> {
  log(`${peer} connected`);
  try {
    // One at a time: a peer that does not read is not read from either.
    for await (const message of connection) await connection.send(message);
  } catch (error) {
    log(`${peer} failed: ${(error as Error).message}`);
  }
  const { code } = await connection.closed;
  const { messagesReceived: count } = connection.statistics;
  log(`${peer} closed with ${code}, ${count} message${count === 1 ? '' : 's'}`);
}

const peerOf = ({ socket }: IncomingMessage): string => `${socket.remoteAddress} ${socket.remotePort}`;

function log(text: string): void {
  process.stderr.write(`${errorColors.dim(withoutControls(text))}\n`);
}
