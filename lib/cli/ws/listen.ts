/** `winwire ws --listen PORT`: an echo server, which also answers HTTP requests. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebSocketConnection } from '../../websocket/connection/websocket-connection.ts';
import { WebSocketServer } from '../../websocket/server/websocket-server.ts';
import { errorColors } from '../colors.ts';
import { withoutControls } from '../format.ts';
import { interruptible } from '../interrupt.ts';
import type { WsOptions } from './ws-options.ts';

/** Serves until Ctrl-C, then closes every connection. */
export async function listen({ listen: port, host = '127.0.0.1', backend, subprotocol }: WsOptions): Promise<void> {
  const web = createServer((_request, response) => response.setHeader('Content-Type', 'text/plain').end('Hello'));
  // An echo server works with every sub-protocol: it accepts the first that a client offers.
  const subprotocols = subprotocol ?? ((offered: readonly string[]) => offered[0]);
  const server = new WebSocketServer({ server: web, backend, subprotocols });
  await once(web.listen(port, host), 'listening');
  process.stdout.write(`listening on ${addressOf(web)}\n`);
  web.on('error', (error) => log(error.message));
  server.on('error', (error) => log((error as Error).message));
  server.on('refused', (error, request) => log(`${peerOf(request)} refused: ${(error as Error).message}`));
  server.on('connection', (connection, request) => void serve(connection, peerOf(request)));
  await interruptible(async (signal) => {
    if (!signal.aborted) await once(signal, 'abort');
    const { size } = server.clients;
    if (size > 0) log(`closing ${size} connection${size === 1 ? '' : 's'}`);
    await server.close();
    web.close();
    web.closeAllConnections();
  });
}

function addressOf(web: Server): string {
  const { address, port, family } = web.address() as AddressInfo;
  return `ws://${family === 'IPv6' ? `[${address}]` : address}:${port}/`;
}

async function serve(connection: WebSocketConnection, peer: string): Promise<void> {
  log(`${peer} connected`);
  try {
    // One message at a time: the server stops reading if the peer does not read.
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
