// Ping and pong in: WS-203 to WS-217.
import assert from 'node:assert/strict';
import { indications, messages, names, type WebSocketEndpoint } from '../../../lib/parity/websocket-endpoint.ts';
import { decodeOnly, hex, Opcode, patterned } from '../../../lib/parity/websocket-frames.ts';
import { ROLES } from './context.ts';
import { bothRoles, type StatementSection } from './statement.ts';
import { Action, ActionQueue, BufferType, type WebSocketAction } from './subject.ts';

const HELLO = { opcode: Opcode.TEXT, payload: 'Hello' };

/** Queues a receive, feeds bytes, and returns the next pong without completing it. */
function pongDue(endpoint: WebSocketEndpoint, bytes: Uint8Array, context?: unknown): WebSocketAction {
  endpoint.receiveWith(context);
  const read = endpoint.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK);
  endpoint.complete(read, bytes);
  const pong = endpoint.expect(ActionQueue.RECEIVE, Action.SEND_TO_NETWORK);
  assert.equal(pong.bufferType, BufferType.PING_PONG);
  return pong;
}

function ping(endpoint: WebSocketEndpoint, payload: Uint8Array | string = ''): Buffer {
  return endpoint.peerFrame({ opcode: Opcode.PING, payload });
}

export const pingPong: StatementSection = {
  'WS-203': (t) => {
    const client = t.open('client');
    const bytes = client.write(pongDue(client, hex('89 00')));
    assert.deepEqual(bytes.subarray(0, 2), hex('8A 80'));
    assert.equal(bytes.length, 6);
  },

  'WS-204': (t) => {
    const server = t.open('server');
    assert.deepEqual(server.write(pongDue(server, ping(server, 'abc'))), hex('8A 03 61 62 63'));
  },

  'WS-205': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      const pong = decodeOnly(endpoint.write(pongDue(endpoint, ping(endpoint, patterned(125)))));
      assert.equal(pong.opcode, Opcode.PONG);
      assert.deepEqual(pong.payload, patterned(125));
    }
  },

  'WS-208': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.write(pongDue(endpoint, ping(endpoint), 'the receive'));
      const read = endpoint.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK);
      assert.equal(read.applicationContext, 'the receive');
      const other = t.open(role);
      other.write(pongDue(other, Buffer.concat([ping(other), other.peerFrame(HELLO)]), 'the receive'));
      const indication = other.expect(ActionQueue.RECEIVE, Action.INDICATE_RECEIVE_COMPLETE);
      assert.equal(indication.applicationContext, 'the receive');
    }
  },

  'WS-209': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.complete(pongDue(endpoint, ping(endpoint), 'the receive'), 0);
      endpoint.feedFrames(HELLO);
      const [indication] = indications(endpoint.pump());
      assert.equal(indication?.bytes.toString(), 'Hello');
      assert.equal(indication?.context, 'the receive');
      assert.deepEqual(endpoint.takeFrames(), []);
    }
  },

  'WS-210': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.receive();
      endpoint.feedFrames({ opcode: Opcode.PING, payload: 'abc' });
      assert.deepEqual(names(endpoint.pump()), ['RECEIVE_FROM_NETWORK', 'SEND_TO_NETWORK', 'RECEIVE_FROM_NETWORK']);
      endpoint.feedFrames(HELLO);
      assert.deepEqual(names(endpoint.pump()), ['INDICATE_RECEIVE_COMPLETE']);
    }
  },

  'WS-211': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      const pong = pongDue(endpoint, ping(endpoint));
      endpoint.sendText('Hello');
      endpoint.idle(ActionQueue.SEND);
      endpoint.write(pong);
      const next = endpoint.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK);
      assert.equal(next.bufferType, BufferType.UTF8_MESSAGE);
    }
  },

  'WS-212': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.sendText('Hello');
      const write = endpoint.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK);
      endpoint.receiveWith('the receive');
      endpoint.complete(endpoint.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK), ping(endpoint, 'abc'));
      const next = endpoint.getAction(ActionQueue.RECEIVE);
      assert.notEqual(next.action, Action.INDICATE_RECEIVE_COMPLETE);
      if (next.action === Action.SEND_TO_NETWORK) endpoint.write(next);
      endpoint.write(write);
      if (next.action === Action.RECEIVE_FROM_NETWORK) endpoint.complete(next, endpoint.peerFrame(HELLO));
      else endpoint.feedFrames(HELLO);
      const [indication] = indications(endpoint.pump());
      assert.equal(indication?.context, 'the receive');
      const pongs = endpoint.takeFrames().filter(({ opcode }) => opcode === Opcode.PONG);
      assert.deepEqual(
        pongs.map(({ payload }) => payload.toString()),
        ['abc'],
      );
    }
  },

  'WS-213': bothRoles((t) => {
    const { client, server } = t.pair();
    client.send(BufferType.PING_PONG);
    client.receive();
    server.receive();
    const { a } = t.exchange(client, server);
    assert.deepEqual(
      indications(a).map(({ bufferType }) => bufferType),
      [BufferType.PING_PONG],
    );
  }),

  'WS-214': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.receive();
      endpoint.feedFrames({ opcode: Opcode.PONG, payload: 'abc' });
      const [indication, ...more] = indications(endpoint.pump());
      assert.equal(indication?.bufferType, BufferType.PING_PONG);
      assert.equal(more.length, 0);
      t.assumed(() => assert.equal(indication?.bytes.toString(), 'abc'));
    }
  },

  'WS-215': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.receive();
      endpoint.feedFrames({ opcode: Opcode.PONG });
      endpoint.pump();
      endpoint.feedFrames(HELLO);
      assert.deepEqual(names(endpoint.pump()), []);
      endpoint.receive();
      assert.equal(messages(endpoint.pump())[0]?.payload.toString(), 'Hello');
    }
  },

  'WS-216': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.feedFrames({ opcode: Opcode.PING, payload: 'abc' });
      assert.deepEqual(names(endpoint.pump()), []);
      assert.equal(endpoint.takeOutgoing().length, 0);
      endpoint.receive();
      endpoint.pump();
      assert.equal(endpoint.takeFrames()[0]?.opcode, Opcode.PONG);
    }
  },

  'WS-217': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.sendClose(1000);
      endpoint.pump();
      endpoint.takeOutgoing();
      const pong = decodeOnly(endpoint.write(pongDue(endpoint, ping(endpoint, 'abc'))));
      assert.equal(pong.opcode, Opcode.PONG);
      assert.equal(pong.payload.toString(), 'abc');
    }
  },
};
