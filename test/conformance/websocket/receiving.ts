// Receiving: WS-183 to WS-202.
import assert from 'node:assert/strict';
import {
  dataParts,
  indications,
  isFinalPart,
  messages,
  names,
  type WebSocketEndpoint,
} from '../../../lib/parity/websocket-endpoint.ts';
import { type FrameOptions, hex, Opcode, patterned } from '../../../lib/parity/websocket-frames.ts';
import { ROLES } from './context.ts';
import { receiveBuffer } from './properties.ts';
import type { StatementSection } from './statement.ts';
import { Action, ActionQueue, BufferType, type WebSocketAction } from './subject.ts';

const HELLO = { opcode: Opcode.TEXT, payload: 'Hello' };
const WORLD = { opcode: Opcode.TEXT, payload: 'World' };

/** Queues a receive, feeds the frames in one read, and returns the indication without completing it. */
function indicated(endpoint: WebSocketEndpoint, ...frames: FrameOptions[]): WebSocketAction {
  endpoint.receive();
  const read = endpoint.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK);
  endpoint.complete(read, Buffer.concat(frames.map((frame) => endpoint.peerFrame(frame))));
  return endpoint.expect(ActionQueue.RECEIVE, Action.INDICATE_RECEIVE_COMPLETE);
}

/** Asserts the types of one message's parts: fragments, then the final one. */
function assertFragmentsThenFinal(types: readonly number[], fragment: number, final: number): void {
  assert.deepEqual(types, [...Array<number>(types.length - 1).fill(fragment), final]);
}

export const receiving: StatementSection = {
  'WS-183': (t) => {
    const server = t.open('server');
    server.receive();
    server.feed(hex('81 85 37 FA 21 3D 7F 9F 4D 51 58'));
    const seen = server.pump();
    assert.deepEqual(names(seen), ['RECEIVE_FROM_NETWORK', 'INDICATE_RECEIVE_COMPLETE']);
    assert.deepEqual(messages(seen), [{ bufferType: BufferType.UTF8_MESSAGE, payload: Buffer.from('Hello') }]);
    server.idle();
  },

  'WS-185': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.complete(indicated(endpoint, HELLO), 0);
      for (const queue of [ActionQueue.SEND, ActionQueue.RECEIVE, ActionQueue.ALL]) endpoint.idle(queue);
    }
  },

  'WS-186': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.complete(indicated(endpoint, HELLO), 'Hello'.length);
      for (const queue of [ActionQueue.SEND, ActionQueue.RECEIVE, ActionQueue.ALL]) endpoint.idle(queue);
      assert.equal(indicated(endpoint, WORLD).buffers[0]?.toString(), 'World');
    }
  },

  'WS-188': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      const text = 'one byte at a time';
      const frame = endpoint.peerFrame({ opcode: Opcode.TEXT, payload: text });
      for (const byte of frame) endpoint.feed(Uint8Array.of(byte));
      const seen = endpoint.pumpAll();
      const parts = dataParts(seen);
      assert.deepEqual(messages(seen), [{ bufferType: BufferType.UTF8_MESSAGE, payload: Buffer.from(text) }]);
      assertFragmentsThenFinal(
        parts.map(({ bufferType }) => bufferType),
        BufferType.UTF8_FRAGMENT,
        BufferType.UTF8_MESSAGE,
      );
    }
  },

  'WS-189': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      const frame = endpoint.peerFrame(HELLO);
      endpoint.receive();
      for (const at of [0, 1]) {
        const read = endpoint.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK);
        endpoint.complete(read, frame.subarray(at, at + 1));
      }
      const read = endpoint.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK);
      endpoint.complete(read, frame.subarray(2));
      const indication = endpoint.expect(ActionQueue.RECEIVE, Action.INDICATE_RECEIVE_COMPLETE);
      assert.equal(indication.buffers[0]?.toString(), 'Hello');
    }
  },

  'WS-190': (t) => {
    for (const role of ROLES) {
      const indication = indicated(t.open(role), { opcode: Opcode.TEXT });
      assert.equal(indication.bufferType, BufferType.UTF8_MESSAGE);
      assert.equal(indication.buffers[0]?.length, 0);
    }
  },

  'WS-191': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role, [receiveBuffer(256)]);
      const payload = patterned(1000);
      const seen = t.takesFrames(endpoint, { opcode: Opcode.BINARY, payload });
      const types = dataParts(seen).map(({ bufferType }) => bufferType);
      assertFragmentsThenFinal(types, BufferType.BINARY_FRAGMENT, BufferType.BINARY_MESSAGE);
      assert.ok(types.length > 1);
      assert.deepEqual(messages(seen), [{ bufferType: BufferType.BINARY_MESSAGE, payload }]);
    }
  },

  'WS-192': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role, [receiveBuffer(256)]);
      const seen = t.takesFrames(
        endpoint,
        { opcode: Opcode.BINARY, payload: patterned(10) },
        { opcode: Opcode.BINARY, payload: patterned(257) },
        { opcode: Opcode.BINARY, payload: patterned(5000) },
      );
      assert.deepEqual(
        messages(seen).map(({ payload }) => payload.length),
        [10, 257, 5000],
      );
      for (const { bytes } of indications(seen)) assert.ok(bytes.length <= 256, `${bytes.length} bytes`);
    }
  },

  'WS-193': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      const seen = t.takesFrames(
        endpoint,
        { opcode: Opcode.BINARY, fin: false, payload: 'He' },
        { opcode: Opcode.CONTINUATION, fin: false, payload: 'll' },
        { opcode: Opcode.CONTINUATION, payload: 'o' },
      );
      const types = dataParts(seen).map(({ bufferType }) => bufferType);
      assertFragmentsThenFinal(types, BufferType.BINARY_FRAGMENT, BufferType.BINARY_MESSAGE);
      assert.ok(types.length > 1);
      assert.equal(messages(seen)[0]?.payload.toString(), 'Hello');
    }
  },

  'WS-194': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      const seen = t.takesFrames(
        endpoint,
        { opcode: Opcode.TEXT, fin: false, payload: 'Hel' },
        { opcode: Opcode.PING, payload: 'between' },
        { opcode: Opcode.CONTINUATION, payload: 'lo' },
      );
      assert.deepEqual(messages(seen), [{ bufferType: BufferType.UTF8_MESSAGE, payload: Buffer.from('Hello') }]);
      assert.equal(endpoint.takeFrames()[0]?.payload.toString(), 'between');
    }
  },

  'WS-195': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.receive();
      endpoint.feedTogether(HELLO, WORLD);
      assert.deepEqual(messages(endpoint.pump()), [
        { bufferType: BufferType.UTF8_MESSAGE, payload: Buffer.from('Hello') },
      ]);
      assert.equal(endpoint.unread, 0);
    }
  },

  'WS-196': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.complete(indicated(endpoint, HELLO, WORLD));
      endpoint.receive();
      const next = endpoint.expect(ActionQueue.RECEIVE, Action.INDICATE_RECEIVE_COMPLETE);
      assert.equal(next.buffers[0]?.toString(), 'World');
    }
  },

  'WS-197': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      for (const context of [1, 2]) endpoint.receiveWith(context);
      endpoint.feedTogether(HELLO, WORLD);
      const parts = dataParts(endpoint.pump());
      assert.deepEqual(
        parts.map(({ context, bytes }) => [context, bytes.toString()]),
        [
          [1, 'Hello'],
          [2, 'World'],
        ],
      );
    }
  },

  'WS-198': (t) => {
    const server = t.open('server');
    for (const context of [1, 2]) server.receiveWith(context);
    const read = server.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK);
    server.complete(read, Buffer.concat([server.peerFrame(HELLO), server.peerFrame(WORLD)]));
    const first = server.expect(ActionQueue.RECEIVE, Action.INDICATE_RECEIVE_COMPLETE);
    server.idle(ActionQueue.RECEIVE);
    server.complete(first);
    assert.equal(server.expect(ActionQueue.RECEIVE, Action.INDICATE_RECEIVE_COMPLETE).applicationContext, 2);
  },

  'WS-199': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.receive();
      endpoint.complete(endpoint.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK), 0);
      const indication = endpoint.expect(ActionQueue.RECEIVE, Action.INDICATE_RECEIVE_COMPLETE);
      assert.equal(Buffer.concat(indication.buffers).length, 0);
    }
  },

  'WS-201': (t) => {
    const server = t.open('server');
    const buffers = Array.from({ length: 8 }, () => Buffer.alloc(10));
    for (const [index, buffer] of buffers.entries()) server.receiveWith(index, buffer);
    const payload = patterned(25);
    server.feedFrames({ opcode: Opcode.BINARY, payload });
    const seen = server.pump();
    const parts = dataParts(seen);
    for (const { bytes, context } of parts) {
      assert.ok(bytes.length <= 10, `${bytes.length} bytes`);
      assert.deepEqual(buffers[context as number]?.subarray(0, bytes.length), bytes);
    }
    assert.deepEqual(
      parts.map(({ bufferType }) => isFinalPart(bufferType)),
      parts.map((_, index) => index === parts.length - 1),
    );
    assert.deepEqual(messages(seen), [{ bufferType: BufferType.BINARY_MESSAGE, payload }]);
  },

  'WS-202': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      const payload = patterned(70_000);
      const seen = t.takesFrames(endpoint, { opcode: Opcode.BINARY, payload, lengthForm: 64 });
      assert.deepEqual(messages(seen), [{ bufferType: BufferType.BINARY_MESSAGE, payload }]);
    }
  },
};
