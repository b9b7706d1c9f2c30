// Queue basics: WS-114 to WS-133.
import assert from 'node:assert/strict';
import { messages, names, type WebSocketEndpoint } from '../../../lib/parity/websocket-endpoint.ts';
import { Opcode } from '../../../lib/parity/websocket-frames.ts';
import { OPERATION, ROLES } from './context.ts';
import { bothRoles, type StatementSection } from './statement.ts';
import { Action, ActionQueue, BufferType } from './subject.ts';

const QUEUES = [ActionQueue.SEND, ActionQueue.RECEIVE, ActionQueue.ALL];
const HELLO = { opcode: Opcode.TEXT, payload: 'Hello' };

/** Returns an endpoint with an outstanding read. */
function reading(endpoint: WebSocketEndpoint) {
  endpoint.receive();
  return endpoint.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK);
}

export const queues: StatementSection = {
  'WS-114': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      for (const queue of QUEUES) assert.equal(endpoint.getAction(queue).action, Action.NO_ACTION);
      endpoint.sendText('Hello');
      assert.notEqual(endpoint.getAction(ActionQueue.SEND).action, Action.NO_ACTION);
    }
  },

  'WS-115': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      for (const queue of QUEUES) assert.equal(endpoint.getAction(queue).actionContext, undefined);
      endpoint.sendText('Hello');
      assert.notEqual(endpoint.getAction(ActionQueue.SEND).actionContext, undefined);
    }
  },

  'WS-116': (t) => {
    const server = t.open('server');
    server.complete(server.expect(ActionQueue.ALL, Action.NO_ACTION), 0);
    server.sendText('Hello');
    const outstanding = server.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK);
    server.complete(server.expect(ActionQueue.SEND, Action.NO_ACTION), 0);
    server.idle(ActionQueue.SEND);
    server.write(outstanding);
    server.expect(ActionQueue.SEND, Action.INDICATE_SEND_COMPLETE);
  },

  'WS-117': (t) => {
    for (const role of ROLES) {
      const handle = t.create(role);
      const send = () => t.sys.WebSocketSend(handle, BufferType.UTF8_MESSAGE, Buffer.from('Hello'));
      t.fails('WebSocketSend', send, { preferred: OPERATION });
      t.open(role).sendText('Hello');
    }
  },

  'WS-118': (t) => {
    for (const role of ROLES) {
      const handle = t.create(role);
      t.fails('WebSocketReceive', () => t.sys.WebSocketReceive(handle), { preferred: OPERATION });
      t.open(role).receive();
    }
  },

  'WS-119': (t) => {
    const { handle } = t.begunClient();
    const send = () => t.sys.WebSocketSend(handle, BufferType.UTF8_MESSAGE, Buffer.from('Hello'));
    t.fails('WebSocketSend', send, { preferred: OPERATION });
  },

  'WS-120': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      for (const queue of [0, 4]) {
        t.fails('WebSocketGetAction', () => endpoint.getAction(queue), { preferred: 'E_INVALIDARG' });
      }
      endpoint.idle();
    }
  },

  'WS-122': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      const context = { of: 'the send' };
      endpoint.sendText('Hello', context);
      const seen = endpoint.pump();
      assert.deepEqual(names(seen), ['SEND_TO_NETWORK', 'INDICATE_SEND_COMPLETE']);
      for (const action of seen) assert.equal(action.context, context);
    }
  },

  'WS-123': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      const context = { of: 'the receive' };
      endpoint.receiveWith(context);
      endpoint.feedFrames(HELLO);
      const seen = endpoint.pump();
      assert.deepEqual(names(seen), ['RECEIVE_FROM_NETWORK', 'INDICATE_RECEIVE_COMPLETE']);
      for (const action of seen) assert.equal(action.context, context);
    }
  },

  'WS-124': (t) => {
    const server = t.open('server');
    server.sendText('Hello');
    server.idle(ActionQueue.RECEIVE);
    server.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK);
  },

  'WS-125': (t) => {
    const server = t.open('server');
    server.receive();
    server.idle(ActionQueue.SEND);
    server.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK);
  },

  'WS-126': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.sendText('Hello');
      endpoint.receive();
      endpoint.feedFrames(HELLO);
      assert.deepEqual(names(endpoint.pump(ActionQueue.ALL)).toSorted(), [
        'INDICATE_RECEIVE_COMPLETE',
        'INDICATE_SEND_COMPLETE',
        'RECEIVE_FROM_NETWORK',
        'SEND_TO_NETWORK',
      ]);
    }
  },

  'WS-127': (t) => {
    const server = t.open('server');
    server.sendText('Hello');
    const action = server.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK);
    server.idle(ActionQueue.SEND);
    server.write(action);
    server.expect(ActionQueue.SEND, Action.INDICATE_SEND_COMPLETE);
  },

  'WS-128': (t) => {
    const server = t.open('server');
    const action = reading(server);
    server.idle(ActionQueue.RECEIVE);
    server.complete(action, server.peerFrame(HELLO));
    server.expect(ActionQueue.RECEIVE, Action.INDICATE_RECEIVE_COMPLETE);
  },

  'WS-129': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      reading(endpoint);
      endpoint.sendText('Hello');
      endpoint.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK);
    }
  },

  'WS-130': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      for (const context of ['A', 'B']) endpoint.sendText('Hello', context);
      const order = endpoint.pump().map((action) => `${names([action])[0]}(${action.context})`);
      assert.deepEqual(order, [
        'SEND_TO_NETWORK(A)',
        'INDICATE_SEND_COMPLETE(A)',
        'SEND_TO_NETWORK(B)',
        'INDICATE_SEND_COMPLETE(B)',
      ]);
    }
  },

  'WS-131': (t) => {
    const server = t.open('server');
    for (const context of ['A', 'B']) server.sendText('Hello', context);
    server.write(server.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK));
    const next = server.expect(ActionQueue.SEND, Action.INDICATE_SEND_COMPLETE);
    assert.equal(next.applicationContext, 'A');
  },

  'WS-132': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.feedFrames(HELLO);
      const waiting = endpoint.unread;
      for (const queue of QUEUES) assert.deepEqual(names(endpoint.pump(queue)), []);
      assert.equal(endpoint.unread, waiting);
      endpoint.receive();
      assert.equal(names(endpoint.pump())[0], 'RECEIVE_FROM_NETWORK');
    }
  },

  'WS-133': bothRoles((t) => {
    const { client, server } = t.pair();
    for (const [sender, receiver] of [
      [client, server],
      [server, client],
    ] as const) {
      const expected = Array.from({ length: 1000 }, (_, index) => `message ${index}`);
      for (const text of expected) sender.sendText(text);
      // A message that arrives in two reads is indicated in two parts.
      receiver.receive(2 * expected.length);
      const { b } = t.exchange(sender, receiver);
      assert.deepEqual(
        messages(b).map(({ payload }) => payload.toString()),
        expected,
      );
    }
  }),
};
