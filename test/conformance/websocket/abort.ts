// Abort: WS-249 to WS-264.
import assert from 'node:assert/strict';
import { responseHeaders } from '../../../lib/parity/handshake-headers.ts';
import { messages, names, type WebSocketEndpoint } from '../../../lib/parity/websocket-endpoint.ts';
import { Opcode, patterned } from '../../../lib/parity/websocket-frames.ts';
import { OPERATION, ROLES, type Role } from './context.ts';
import { assertNoGrowth } from './growth.ts';
import { bothRoles, measuresMemory, type StatementSection } from './statement.ts';
import { Action, ActionQueue, BufferType } from './subject.ts';

const QUEUES = [ActionQueue.SEND, ActionQueue.RECEIVE, ActionQueue.ALL];
const CONTEXTS = ['A', 'B', 'C'];

/** Returns the drained actions as "ACTION(context)". */
function drained(endpoint: WebSocketEndpoint, queue: number): string[] {
  return endpoint.drain(queue).map((action) => `${names([action])[0]}(${action.context})`);
}

function assertExchange(
  client: WebSocketEndpoint,
  server: WebSocketEndpoint,
  exchange: (a: WebSocketEndpoint, b: WebSocketEndpoint) => unknown,
): void {
  client.receive();
  server.receive();
  client.sendText('to the server');
  server.sendText('to the client');
  const { a, b } = exchange(client, server) as { a: Parameters<typeof messages>[0]; b: Parameters<typeof messages>[0] };
  assert.equal(messages(a)[0]?.payload.toString(), 'to the client');
  assert.equal(messages(b)[0]?.payload.toString(), 'to the server');
}

function queueEverything(endpoint: WebSocketEndpoint): void {
  for (const context of CONTEXTS) endpoint.sendText('Hello', context);
  endpoint.receive(2);
}

export const abort: StatementSection = {
  'WS-249': bothRoles((t) => {
    const { client, server } = t.pair({
      beforeHandshake: (...handles) => {
        for (const handle of handles) t.sys.WebSocketAbortHandle(handle);
      },
    });
    assertExchange(client, server, t.exchange);
  }),

  'WS-250': (t) => {
    const { handle, request } = t.begunClient();
    t.sys.WebSocketAbortHandle(handle);
    t.sys.WebSocketEndClientHandshake(handle, responseHeaders(request));
    t.sys.WebSocketSend(handle, BufferType.UTF8_MESSAGE, Buffer.from('Hello'));
    assert.equal(t.sys.WebSocketGetAction(handle, ActionQueue.SEND).action, Action.SEND_TO_NETWORK);
  },

  'WS-251': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.sendText('before');
      endpoint.abort();
      t.fails('WebSocketSend', () => endpoint.sendText('after'), { preferred: OPERATION });
      t.fails('WebSocketSend', () => endpoint.sendClose(1000), { preferred: OPERATION });
    }
  },

  'WS-252': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.receive();
      endpoint.abort();
      t.fails('WebSocketReceive', () => endpoint.receive(), { preferred: OPERATION });
    }
  },

  'WS-253': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.abort();
      for (const queue of QUEUES) endpoint.idle(queue);
    }
  },

  'WS-254': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      for (const context of CONTEXTS) endpoint.sendText('Hello', context);
      endpoint.abort();
      assert.deepEqual(
        drained(endpoint, ActionQueue.SEND),
        CONTEXTS.map((context) => `INDICATE_SEND_COMPLETE(${context})`),
      );
    }
  },

  'WS-255': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      for (const context of ['A', 'B']) endpoint.receiveWith(context);
      endpoint.abort();
      assert.deepEqual(drained(endpoint, ActionQueue.RECEIVE), [
        'INDICATE_RECEIVE_COMPLETE(A)',
        'INDICATE_RECEIVE_COMPLETE(B)',
      ]);
    }
  },

  'WS-256': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.sendText('Hello', 'A');
      const write = endpoint.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK);
      endpoint.abort();
      endpoint.write(write);
      assert.deepEqual(drained(endpoint, ActionQueue.SEND), ['INDICATE_SEND_COMPLETE(A)']);
    }
  },

  'WS-257': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.receiveWith('A');
      const read = endpoint.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK);
      endpoint.abort();
      endpoint.complete(read, 0);
      assert.deepEqual(drained(endpoint, ActionQueue.RECEIVE), ['INDICATE_RECEIVE_COMPLETE(A)']);
    }
  },

  'WS-258': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.receiveWith('A');
      const read = endpoint.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK);
      endpoint.abort();
      endpoint.complete(read, endpoint.peerFrame({ opcode: Opcode.TEXT, payload: 'too late' }));
      const seen = endpoint.drain(ActionQueue.RECEIVE);
      assert.deepEqual(names(seen), ['INDICATE_RECEIVE_COMPLETE']);
      assert.equal(seen[0]?.bytes.length, 0);
    }
  },

  'WS-259': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      for (const context of ['A', 'B']) endpoint.sendText('Hello', context);
      const write = endpoint.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK);
      endpoint.abort();
      endpoint.idle(ActionQueue.SEND);
      endpoint.complete(write, 0);
      assert.deepEqual(drained(endpoint, ActionQueue.SEND), ['INDICATE_SEND_COMPLETE(A)', 'INDICATE_SEND_COMPLETE(B)']);
    }
  },

  'WS-260': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      queueEverything(endpoint);
      endpoint.abort();
      assert.equal(endpoint.drain().length, 5);
      endpoint.abort();
      for (const queue of QUEUES) endpoint.idle(queue);
      t.fails('WebSocketSend', () => endpoint.sendText('after'));
      t.fails('WebSocketReceive', () => endpoint.receive());
    }
  },

  'WS-262': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      queueEverything(endpoint);
      endpoint.abort();
      assert.deepEqual(
        names(endpoint.drain()).filter((name) => name.endsWith('_NETWORK')),
        [],
      );
      const control = t.open(role);
      queueEverything(control);
      assert.ok(names(control.drain()).some((name) => name.endsWith('_NETWORK')));
    }
  },

  'WS-263': measuresMemory((t) => {
    const aborted = (role: Role) => {
      const endpoint = t.open(role);
      endpoint.send(BufferType.BINARY_MESSAGE, patterned(2000));
      queueEverything(endpoint);
      endpoint.abort();
      endpoint.drain();
      return endpoint.handle;
    };
    return assertNoGrowth(2_000, () => {
      for (const role of ROLES) t.delete(aborted(role));
    });
  }),

  'WS-264': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.receive();
      endpoint.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK);
      endpoint.abort();
      endpoint.drain();
      t.delete(endpoint.handle);
      const control = t.open(role);
      control.sendText('the process is well');
      control.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK);
    }
  },
};
