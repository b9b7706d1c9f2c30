// A frame that announces more than the message limit is rejected when its header arrives.
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { frame, handshake, handshakeAnswer, Opcode, ofServer } from '../../interop/raw-peer.ts';
import { acceptedOver, connectedOver, cuttingPair } from './in-memory.ts';

const limits = { messageSize: 1000 };
const WHOLE = [Number.POSITIVE_INFINITY];

/** Returns the frame's header and the first bytes of its payload. */
const beginning = (bytes: Buffer, payload: number) => bytes.subarray(0, 8 + payload);

describe.each(availableBackends)('the limit of a message (%s)', (backend) => {
  async function accepted(): Promise<{ peer: Duplex; connection: WebSocketConnection }> {
    const [peer, far] = cuttingPair(WHOLE);
    const accepting = acceptedOver(far, { backend, limits });
    peer.resume().write(handshake());
    return { peer, connection: await accepting };
  }

  it.each([0, 1, 500])('rejects a frame that announces too much after %i bytes of its payload', async (payload) => {
    const { peer, connection } = await accepted();
    peer.write(beginning(frame(Opcode.BINARY, Buffer.alloc(1001)), payload));
    await expect(connection.receive()).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_LIMIT' });
  });

  it('answers it with 1009', async () => {
    const [near, far] = cuttingPair(WHOLE);
    const written: Buffer[] = [];
    near.on('data', (chunk: Buffer) => written.push(chunk));
    const accepting = acceptedOver(far, { backend, limits });
    near.write(handshake());
    const connection = await accepting;
    near.write(beginning(frame(Opcode.TEXT, 'x'.repeat(1001)), 0));
    await connection.closed;
    const close = Buffer.concat(written).subarray(Buffer.concat(written).indexOf('\r\n\r\n') + 4);
    expect([close[0], close.readUInt16BE(2)]).toEqual([0x80 | Opcode.CLOSE, 1009]);
  });

  it('counts earlier fragments, whether or not the frame is the last', async () => {
    for (const fin of [false, true]) {
      const { peer, connection } = await accepted();
      peer.write(frame(Opcode.BINARY, Buffer.alloc(600), { fin: false }));
      peer.write(beginning(frame(Opcode.CONTINUATION, Buffer.alloc(401), { fin }), 3));
      await expect(connection.receive()).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_LIMIT' });
    }
  });

  it('rejects the maximum length that a frame can announce', async () => {
    const { peer, connection } = await accepted();
    peer.write(Buffer.from('82FF7FFFFFFFFFFFFFFF00000000', 'hex'));
    await expect(connection.receive()).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_LIMIT' });
  });

  it('accepts a message of exactly the limit, in one frame or in two, and the next one', async () => {
    const { peer, connection } = await accepted();
    const whole = frame(Opcode.BINARY, Buffer.alloc(1000, 1));
    const second = frame(Opcode.CONTINUATION, Buffer.alloc(400, 3));
    for (const bytes of [whole.subarray(0, 8), whole.subarray(8)]) peer.write(bytes);
    for (const bytes of [whole.subarray(0, 500), whole.subarray(500)]) peer.write(bytes);
    peer.write(frame(Opcode.BINARY, Buffer.alloc(600, 2), { fin: false }));
    for (const bytes of [second.subarray(0, 9), second.subarray(9)]) peer.write(bytes);
    expect(await connection.receive()).toEqual(Buffer.alloc(1000, 1));
    expect(await connection.receive()).toEqual(Buffer.alloc(1000, 1));
    expect(await connection.receive()).toEqual(Buffer.concat([Buffer.alloc(600, 2), Buffer.alloc(400, 3)]));
    connection.abort();
  });

  it('rejects what a server announces too', async () => {
    const [near, far] = cuttingPair(WHOLE);
    far.once('data', (request: Buffer) => {
      far.write(handshakeAnswer(request.toString('latin1')));
      far.write(ofServer(frame(Opcode.BINARY, Buffer.alloc(1001))).subarray(0, 4));
    });
    const connection = await connectedOver(near, { backend, limits });
    await expect(connection.receive()).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_LIMIT' });
  });
});
