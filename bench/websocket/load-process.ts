// The other side, in a separate process without a WebSocket library, so that its cost is the same for each subject:
// frames are created in advance, and replies are counted by their bytes.

import { createHash } from 'node:crypto';
import net, { type AddressInfo } from 'node:net';
import type { LoadRequest, LoadResult } from './protocol.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const REQUEST =
  'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

const kept: net.Socket[] = [];

process.on('message', (request: LoadRequest | 'sink') => {
  if (request === 'sink') serveSink();
  else void load(request).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());

async function load(request: LoadRequest): Promise<LoadResult> {
  for (const socket of kept.splice(0)) socket.destroy();
  const times: number[] = [];
  const share = Math.ceil(request.messages / request.connections);
  const sockets: net.Socket[] = [];
  // In groups, because the backlog of a listener is short.
  while (sockets.length < request.connections) {
    const group = Math.min(100, request.connections - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: group }, () => open(request.port)))));
  }
  await Promise.all(sockets.map((socket) => echo(socket, request, share, times)));
  if (request.keep) kept.push(...sockets);
  else for (const socket of sockets) socket.destroy();
  return { times };
}

function open(port: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(REQUEST));
    socket.setNoDelay(true);
    let head = '';
    socket.once('error', reject);
    socket.on('data', function onData(chunk) {
      head += chunk.toString('latin1');
      if (!head.endsWith('\r\n\r\n')) return;
      socket.off('data', onData).off('error', reject);
      resolve(socket);
    });
  });
}

/** A masked frame, with the key 1 2 3 4. */
function frameOf(size: number): Buffer {
  const key = [1, 2, 3, 4];
  const head = size < 126 ? [0x82, 0x80 | size] : [0x82, 0xfe, size >> 8, size & 0xff];
  return Buffer.from([...head, ...key, ...Array.from({ length: size }, (_, i) => (i & 0xff) ^ (key[i & 3] as number))]);
}

function echo(socket: net.Socket, request: LoadRequest, share: number, times: number[]): Promise<void> {
  const frame = frameOf(request.size);
  const replySize = request.size + (request.size < 126 ? 2 : 4);
  const batches = Array.from({ length: request.inFlight + 1 }, (_, count) => Buffer.concat(Array(count).fill(frame)));
  let sent = Math.min(request.inFlight, share);
  let received = 0;
  let bytes = 0;
  let started = process.hrtime.bigint();
  return new Promise((resolve, reject) => {
    socket.on('error', reject).on('close', () => reject(new Error('the server closed')));
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      const complete = Math.floor(bytes / replySize);
      const fresh = complete - received;
      received = complete;
      if (request.times && fresh > 0) times.push(Number(process.hrtime.bigint() - started) / 1000);
      if (received >= share) {
        socket.removeAllListeners();
        socket.on('error', () => {});
        resolve();
        return;
      }
      const more = Math.min(fresh, share - sent);
      sent += more;
      if (request.times) started = process.hrtime.bigint();
      if (more > 0) socket.write(batches[more] as Buffer);
    });
    socket.write(batches[sent] as Buffer);
  });
}

/** Accepts connections and discards their data. */
function serveSink(): void {
  const server = net.createServer((socket) => {
    let head = '';
    socket.on('error', () => {});
    socket.on('data', function onData(chunk) {
      head += chunk.toString('latin1');
      if (!head.endsWith('\r\n\r\n')) return;
      socket.off('data', onData).resume();
      const key = /sec-websocket-key: (\S+)/i.exec(head)?.[1];
      const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
    });
  });
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
}
