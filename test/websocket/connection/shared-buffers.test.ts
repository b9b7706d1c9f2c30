import type { IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { availableBackends } from '../../helpers/backends.ts';

// Feeds connections during another connection's chunk: on `portable` all connections of a thread share their data
// buffers.
const REQUEST = {
  method: 'GET',
  rawHeaders: [
    ['Host', 'localhost'],
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ].flat(),
} as IncomingMessage;

async function openServer(backend: 'system' | 'portable') {
  const transport = new Duplex({ read() {}, write: (_chunk, _encoding, callback) => callback() });
  const connection = await WebSocketConnection.accept(REQUEST, transport, Buffer.alloc(0), {
    backend,
    keepAlive: false,
  });
  // It starts to listen on a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  return { connection, feed: (chunk: Buffer) => void transport.emit('data', chunk) };
}

/** Returns a masked binary frame of at most 65,535 bytes; the key is zero. */
function frame(payload: string): Buffer {
  const { length } = payload;
  const size = length < 126 ? [0x80 | length] : [0xfe, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([0x82, ...size, 0, 0, 0, 0]), Buffer.from(payload)]);
}

describe.each(availableBackends)('connections of one thread on %s', (backend) => {
  it('keep the rest of a chunk while another connection is fed', async () => {
    const outer = await openServer(backend);
    const inner = await openServer(backend);
    // More messages than one call reports, so that bytes wait in the handle meanwhile.
    const sent = Array.from({ length: 9000 }, (_, i) => String(i));
    const received: string[] = [];
    let innerCount = 0;
    inner.connection.on('message', (message) => {
      expect(String(message)).toBe('x'.repeat(20_000));
      innerCount++;
    });
    outer.connection.on('message', (message) => {
      received.push(String(message));
      if (received.length % 1000 === 1) inner.feed(frame('x'.repeat(20_000)));
      if (received.length % 1000 === 2) void inner.connection.send('y'.repeat(3000));
    });
    outer.feed(Buffer.concat(sent.map(frame)));
    expect(received).toEqual(sent);
    expect(innerCount).toBe(9);
    outer.connection.abort();
    inner.connection.abort();
  });

  it('continue a frame that was split', async () => {
    const servers = [await openServer(backend), await openServer(backend), await openServer(backend)];
    const wires = servers.map((_, i) =>
      Buffer.concat(['first', 'second', 'third'].map((word) => frame(`${word} ${i}`))),
    );
    const received = servers.map(() => [] as string[]);
    servers.forEach(({ connection }, i) => {
      connection.on('message', (message) => received[i]?.push(String(message)));
    });
    for (let at = 0; at < (wires[0] as Buffer).length; at++) {
      servers.forEach(({ feed }, i) => {
        feed(Buffer.from((wires[i] as Buffer).subarray(at, at + 1)));
      });
    }
    expect(received).toEqual(servers.map((_, i) => [`first ${i}`, `second ${i}`, `third ${i}`]));
    for (const { connection } of servers) connection.abort();
  });
});
