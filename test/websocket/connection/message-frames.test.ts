// The limit on the frames of a message: the number of frames, however they arrive.
import { describe, expect, it } from 'vitest';
import { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { frame, handshakeAnswer, Opcode, ofServer, ping } from '../../interop/raw-peer.ts';

const MOST = 3;

/** A message of so many frames with a ping after each; the peer's frames are as a server sends them. */
function message(frames: number): Buffer {
  const parts = Array.from({ length: frames }, (_, at) => {
    const opcode = at === 0 ? Opcode.TEXT : Opcode.CONTINUATION;
    return [ofServer(frame(opcode, 'x'.repeat(at), { fin: at === frames - 1 })), ofServer(ping())];
  });
  return Buffer.concat(parts.flat());
}

const splits: [string, (bytes: Buffer) => Buffer[]][] = [
  ['at once', (bytes) => [bytes]],
  ['byte by byte', (bytes) => [...bytes].map((byte) => Buffer.of(byte))],
  [
    'in twos',
    (bytes) => Array.from({ length: Math.ceil(bytes.length / 2) }, (_, at) => bytes.subarray(2 * at, 2 * at + 2)),
  ],
];

describe.each(availableBackends)('frames of a message on %s', (backend) => {
  async function withMessages(messages: Buffer[], split: (bytes: Buffer) => Buffer[]) {
    const server = await RawServer.start(async (socket, head) => {
      socket.setNoDelay(true);
      socket.write(handshakeAnswer(head));
      for (const bytes of split(Buffer.concat(messages))) {
        // A separate turn for each write, so that the bytes arrive apart.
        await new Promise((resolve) => socket.write(bytes, resolve));
        await new Promise(setImmediate);
      }
    });
    const connection = await WebSocketConnection.connect(server.url(), { backend, limits: { messageParts: MOST } });
    return { connection, server };
  }

  it.each(splits)('accepts as many as the limit, and not one more (%s)', async (_, split) => {
    const { connection, server } = await withMessages([message(MOST), message(1), message(MOST + 1)], split);
    expect(await connection.receive()).toBe('xxx');
    expect(await connection.receive()).toBe('');
    await expect(connection.receive()).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_LIMIT' });
    connection.abort();
    await server[Symbol.asyncDispose]();
  });
});
