// A WebSocket echo server behind a gate that asks for authentication.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { WebSocketServer } from '../../lib/index.ts';
import * as certificates from './certificates.ts';

/** Answers the head of a request, the number `count` of the server; undefined passes it to the echo server. */
export type Gate = (head: string, count: number, socket: Socket) => string | undefined;

/** Starts the server on 127.0.0.1. */
export async function guardedServer(gate: Gate, isSecure = false) {
  const echo = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  echo.on('connection', (peer) => peer.on('message', (message) => void peer.send(message).catch(() => {})));
  await once(echo, 'listening');
  const sockets = new Set<Socket>();
  const heads: string[] = [];
  let connections = 0;
  const onSocket = (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    const onData = (bytes: Buffer) => {
      const head = String(bytes);
      heads.push(head);
      const answer = gate(head, heads.length, socket);
      if (answer !== undefined)
        return void (answer.includes('Connection: close') ? socket.end(answer) : socket.write(answer));
      socket.off('data', onData);
      const target = connect((echo.address() as AddressInfo).port, '127.0.0.1');
      target.on('error', () => socket.destroy());
      target.write(bytes);
      socket.pipe(target).pipe(socket);
    };
    socket.on('data', onData);
  };
  const server = isSecure ? createTls(certificates.selfSigned(), onSocket) : createServer(onSocket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    heads,
    origin: `${isSecure ? 'https' : 'http'}://127.0.0.1:${port}`,
    url: `${isSecure ? 'wss' : 'ws'}://127.0.0.1:${port}/chat?a=1`,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await echo.close();
    },
  };
}
