// Sending: WS-134 to WS-161.
import assert from 'node:assert/strict';
import { messages, names, type WebSocketEndpoint } from '../../../lib/parity/websocket-endpoint.ts';
import { decodeOnly, hex, Opcode, patterned, reassemble } from '../../../lib/parity/websocket-frames.ts';
import { OPERATION, type StatementContext } from './context.ts';
import { NO_MASKING, sendBuffer } from './properties.ts';
import { bothRoles, type StatementSection } from './statement.ts';
import { Action, ActionQueue, BufferType, type WebSocketAction } from './subject.ts';

/** Sends, and returns the following SEND_TO_NETWORK without completing it. */
function sent(endpoint: WebSocketEndpoint, bufferType: number, data?: Uint8Array): WebSocketAction {
  endpoint.send(bufferType, data);
  return endpoint.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK);
}

function bytesOf(action: WebSocketAction): Buffer {
  return Buffer.concat(action.buffers);
}

/** Sends the parts in order and returns the first byte of each frame. */
function firstBytes(endpoint: WebSocketEndpoint, parts: readonly (readonly [number, string])[]): number[] {
  return parts.map(([bufferType, text]) => {
    endpoint.send(bufferType, Buffer.from(text));
    endpoint.pump();
    return endpoint.takeOutgoing().readUInt8(0);
  });
}

/** Sends a binary message from a client with this send buffer and returns the size of each SEND_TO_NETWORK. */
function pieceSizes(t: StatementContext, size: number, length: number): number[] {
  const client = t.open('client', [sendBuffer(size)]);
  const payload = patterned(length);
  client.send(BufferType.BINARY_MESSAGE, payload);
  const writes = client.pump().filter(({ action }) => action === Action.SEND_TO_NETWORK);
  const frames = client.takeFrames();
  assert.deepEqual(reassemble(frames), [{ opcode: Opcode.BINARY, payload }]);
  assert.ok(frames.every(({ key }) => key !== undefined));
  return writes.map(({ bytes }) => bytes.length);
}

export const sending: StatementSection = {
  'WS-134': (t) => {
    const action = sent(t.open('server'), BufferType.UTF8_MESSAGE, Buffer.from('Hello'));
    assert.deepEqual(bytesOf(action), hex('81 05 48 65 6C 6C 6F'));
  },

  'WS-136': (t) => {
    const action = sent(t.open('server'), BufferType.UTF8_MESSAGE, Buffer.from('Hello'));
    assert.deepEqual(action.buffers[0], hex('81 05'));
  },

  'WS-137': (t) => {
    const server = t.open('server', [sendBuffer(16)]);
    const payload = patterned(100_000);
    const action = sent(server, BufferType.BINARY_MESSAGE, payload);
    assert.deepEqual(bytesOf(action), Buffer.concat([hex('82 7F 00 00 00 00 00 01 86 A0'), payload]));
    server.write(action);
    server.expect(ActionQueue.SEND, Action.INDICATE_SEND_COMPLETE);
  },

  'WS-138': (t) => {
    const server = t.open('server');
    const lengthField = (length: number) => {
      server.send(BufferType.BINARY_MESSAGE, patterned(length));
      server.pump();
      const bytes = server.takeOutgoing();
      return bytes.subarray(1, bytes.length - length);
    };
    assert.deepEqual(lengthField(126), hex('7E 00 7E'));
    assert.deepEqual(lengthField(125), hex('7D'));
    assert.deepEqual(lengthField(65535), hex('7E FF FF'));
    assert.deepEqual(lengthField(65536), hex('7F 00 00 00 00 00 01 00 00'));
  },

  'WS-139': (t) => {
    const action = sent(t.open('server'), BufferType.UTF8_MESSAGE, Buffer.alloc(0));
    assert.deepEqual(bytesOf(action), hex('81 00'));
  },

  'WS-142': (t) => {
    const action = sent(t.open('client'), BufferType.UTF8_MESSAGE, Buffer.from('Hello'));
    const bytes = bytesOf(action);
    assert.equal(bytes.length, 11);
    assert.deepEqual(bytes.subarray(0, 2), hex('81 85'));
    assert.equal(decodeOnly(bytes).payload.toString(), 'Hello');
  },

  'WS-143': (t) => {
    const client = t.open('client');
    const keys = Array.from({ length: 8 }, () => {
      client.sendText('Hello');
      client.pump();
      return decodeOnly(client.takeOutgoing()).key?.toString('hex');
    });
    assert.equal(new Set(keys).size, keys.length);
  },

  'WS-146': (t) => {
    // Includes lengths at which header and payload just fill the buffer and just do not.
    for (const length of [20_000, 4087, 4088, 4089, 4090, 4096]) {
      const sizes = pieceSizes(t, 4096, length);
      assert.ok(Math.max(...sizes) <= 4096, `pieces of ${sizes.join(', ')} bytes`);
    }
  },

  'WS-147': (t) => {
    for (const length of [100, 9, 10, 11, 12]) {
      const sizes = pieceSizes(t, 16, length);
      t.assumed(() => assert.ok(Math.max(...sizes) <= 16, `pieces of ${sizes.join(', ')} bytes`));
    }
  },

  'WS-148': (t) => {
    const bytes = bytesOf(sent(t.open('client', [NO_MASKING]), BufferType.UTF8_MESSAGE, Buffer.from('Hello')));
    assert.deepEqual(bytes, Buffer.concat([hex('81 85 00 00 00 00'), Buffer.from('Hello')]));
  },

  'WS-149': bothRoles((t) => {
    const { client, server } = t.pair({ client: [NO_MASKING] });
    server.receive();
    client.sendText('Hello');
    assert.deepEqual(messages(t.exchange(client, server).b), [
      { bufferType: BufferType.UTF8_MESSAGE, payload: Buffer.from('Hello') },
    ]);
  }),

  'WS-150': (t) => {
    const { UTF8_FRAGMENT, UTF8_MESSAGE } = BufferType;
    const parts = [
      [UTF8_FRAGMENT, 'He'],
      [UTF8_FRAGMENT, 'll'],
      [UTF8_MESSAGE, 'o'],
    ] as const;
    assert.deepEqual(firstBytes(t.open('server'), parts), [0x01, 0x00, 0x80]);
  },

  'WS-151': (t) => {
    const parts = [
      [BufferType.BINARY_FRAGMENT, 'He'],
      [BufferType.BINARY_MESSAGE, 'llo'],
    ] as const;
    assert.deepEqual(firstBytes(t.open('server'), parts), [0x02, 0x80]);
  },

  'WS-152': (t) => {
    const server = t.open('server');
    server.send(BufferType.UTF8_FRAGMENT, Buffer.from('He'));
    t.fails('WebSocketSend', () => server.send(BufferType.BINARY_MESSAGE, Buffer.from('llo')), {
      preferred: OPERATION,
    });
    server.send(BufferType.UTF8_MESSAGE, Buffer.from('llo'));
    server.send(BufferType.BINARY_MESSAGE, Buffer.from('another'));
  },

  'WS-153': (t) => {
    const server = t.open('server');
    server.send(BufferType.UTF8_FRAGMENT, Buffer.from('He'));
    t.fails('WebSocketSend', () => server.send(BufferType.BINARY_FRAGMENT, Buffer.from('ll')), {
      preferred: OPERATION,
    });
    server.send(BufferType.UTF8_FRAGMENT, Buffer.from('ll'));
  },

  'WS-154': (t) => {
    const server = t.open('server');
    server.send(BufferType.UTF8_FRAGMENT, Buffer.from('Hel'));
    server.send(BufferType.PING_PONG);
    server.send(BufferType.UTF8_MESSAGE, Buffer.from('lo'));
    server.pump();
    const frames = server.takeFrames();
    assert.deepEqual(
      frames.map(({ opcode }) => opcode),
      [Opcode.TEXT, Opcode.PING, Opcode.CONTINUATION],
    );
    assert.deepEqual(reassemble(frames), [{ opcode: Opcode.TEXT, payload: Buffer.from('Hello') }]);
  },

  'WS-155': (t) => {
    const server = t.open('server');
    t.fails('WebSocketSend', () => server.send(0x80000007, Buffer.from('x')));
    t.fails('WebSocketSend', () => server.send(0x80000007));
    server.idle();
    server.send(BufferType.BINARY_MESSAGE, Buffer.from('x'));
  },

  'WS-156': (t) => {
    const server = t.open('server');
    const action = sent(server, BufferType.UTF8_MESSAGE, Buffer.from('Hello'));
    server.complete(action, 7);
    server.expect(ActionQueue.SEND, Action.INDICATE_SEND_COMPLETE);
  },

  'WS-157': (t) => {
    for (const written of [0, 1, 2, 6]) {
      const server = t.open('server');
      const action = sent(server, BufferType.UTF8_MESSAGE, Buffer.from('Hello'));
      server.complete(action, written);
      server.complete(server.expect(ActionQueue.SEND, Action.INDICATE_SEND_COMPLETE));
      server.idle();
    }
    const client = t.open('client', [sendBuffer(64)]);
    client.complete(sent(client, BufferType.BINARY_MESSAGE, patterned(500)), 1);
    client.expect(ActionQueue.SEND, Action.INDICATE_SEND_COMPLETE);
  },

  'WS-158': (t) => {
    const server = t.open('server');
    server.complete(sent(server, BufferType.UTF8_MESSAGE, Buffer.from('lost')), 0);
    server.pump();
    server.sendText('Hello');
    server.pump();
    assert.deepEqual(server.takeOutgoing(), hex('81 05 48 65 6C 6C 6F'));
  },

  'WS-159': (t) => {
    const server = t.open('server');
    server.write(sent(server, BufferType.UTF8_MESSAGE, Buffer.from('Hello')));
    server.complete(server.expect(ActionQueue.SEND, Action.INDICATE_SEND_COMPLETE));
    for (const queue of [ActionQueue.SEND, ActionQueue.RECEIVE, ActionQueue.ALL]) server.idle(queue);
  },

  'WS-161': (t) => {
    const server = t.open('server');
    server.send(BufferType.UTF8_MESSAGE, Uint8Array.of(0xff, 0xc0, 0x80));
    assert.deepEqual(names(server.pump()), ['SEND_TO_NETWORK', 'INDICATE_SEND_COMPLETE']);
    assert.deepEqual(server.takeOutgoing(), hex('81 03 FF C0 80'));
  },
};
