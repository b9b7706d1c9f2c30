// Close in: WS-218 to WS-229.
import assert from 'node:assert/strict';
import { indications, messages, type WebSocketEndpoint } from '../../../lib/parity/websocket-endpoint.ts';
import { closePayload, hex, Opcode } from '../../../lib/parity/websocket-frames.ts';
import { FORMAT, OPERATION, ROLES, type Role, type StatementContext } from './context.ts';
import { bothRoles, type StatementSection } from './statement.ts';
import { Action, ActionQueue, BufferType } from './subject.ts';

/** Returns an endpoint that has received this close frame, and its indication. */
function closed(t: StatementContext, role: Role, payload: Uint8Array = closePayload(1000)) {
  const endpoint = t.open(role);
  endpoint.receive();
  endpoint.feedFrames({ opcode: Opcode.CLOSE, payload });
  const [indication, ...more] = indications(endpoint.pump());
  assert.equal(more.length, 0);
  assert.equal(indication?.bufferType, BufferType.CLOSE);
  return { endpoint, indication };
}

function said(t: StatementContext, role: Role, payload?: Uint8Array): unknown {
  return closed(t, role, payload).indication?.close;
}

/** Returns an endpoint that has received and then sent a close. */
function bothClosed(t: StatementContext, role: Role): WebSocketEndpoint {
  const { endpoint } = closed(t, role);
  endpoint.sendClose(1000);
  endpoint.pump();
  return endpoint;
}

export const closeIn: StatementSection = {
  'WS-218': (t) => {
    assert.deepEqual(said(t, 'client', hex('')), { status: 1005, reason: undefined });
    assert.deepEqual(said(t, 'server', hex('')), { status: 1005, reason: undefined });
  },

  'WS-219': (t) => {
    for (const role of ROLES) assert.deepEqual(said(t, role, closePayload(1001)), { status: 1001, reason: '' });
  },

  'WS-220': (t) => {
    for (const role of ROLES) {
      const { indication } = closed(t, role, closePayload(1010, 'StatusDescription'));
      assert.deepEqual(indication?.close, { status: 1010, reason: 'StatusDescription' });
      assert.equal(indication?.bytes.length, 17);
    }
  },

  'WS-221': (t) => {
    for (const role of ROLES) {
      const { endpoint } = closed(t, role);
      assert.equal(endpoint.takeOutgoing().length, 0);
      for (const queue of [ActionQueue.SEND, ActionQueue.RECEIVE, ActionQueue.ALL]) endpoint.idle(queue);
      endpoint.sendClose(1000);
      endpoint.pump();
      assert.equal(endpoint.takeFrames()[0]?.opcode, Opcode.CLOSE);
    }
  },

  'WS-222': (t) => {
    const { endpoint } = closed(t, 'server');
    endpoint.sendClose(1000);
    endpoint.pump();
    assert.deepEqual(endpoint.takeOutgoing(), hex('88 02 03 E8'));
  },

  'WS-223': (t) => {
    for (const role of ROLES) {
      const { endpoint } = closed(t, role);
      endpoint.sendText('last words');
      endpoint.pump();
      assert.equal(endpoint.takeFrames()[0]?.payload.toString(), 'last words');
    }
  },

  'WS-224': (t) => {
    for (const role of ROLES) {
      const endpoint = bothClosed(t, role);
      t.fails('WebSocketSend', () => endpoint.sendText('too late'), { code: OPERATION });
    }
  },

  'WS-225': bothRoles((t) => {
    const { client, server } = t.pair();
    client.sendClose(1000, 'from the client');
    server.sendClose(1001, 'from the server');
    client.receive();
    server.receive();
    const { a, b } = t.exchange(client, server);
    assert.deepEqual(indications(a)[0]?.close, { status: 1001, reason: 'from the server' });
    assert.deepEqual(indications(b)[0]?.close, { status: 1000, reason: 'from the client' });
  }),

  'WS-226': (t) => {
    for (const role of ROLES) {
      // The second one is not rejected for its status, which would be valid with any second byte.
      for (const payload of [hex('03'), hex('FF')]) {
        t.refusesFrame(t.open(role), { opcode: Opcode.CLOSE, payload }, { preferred: FORMAT });
      }
      closed(t, role, closePayload(1000));
    }
  },

  'WS-227': (t) => {
    for (const role of ROLES) assert.deepEqual(said(t, role, closePayload(65535)), { status: 65535, reason: '' });
  },

  'WS-228': (t) => {
    for (const role of ROLES) {
      t.refusesFrame(t.open(role), { opcode: Opcode.CLOSE, payload: closePayload(1005) }, { preferred: FORMAT });
      closed(t, role, closePayload(1007));
    }
  },

  'WS-229': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.receive(2);
      endpoint.feedTogether(
        { opcode: Opcode.CLOSE, payload: closePayload(1000) },
        { opcode: Opcode.TEXT, payload: 'too late' },
      );
      assert.equal(endpoint.step(ActionQueue.RECEIVE)?.action, Action.RECEIVE_FROM_NETWORK);
      assert.equal(endpoint.step(ActionQueue.RECEIVE)?.bufferType, BufferType.CLOSE);
      t.fails('WebSocketGetAction', () => endpoint.step(ActionQueue.RECEIVE), { preferred: OPERATION });
      const control = t.takesFrames(t.open(role), { opcode: Opcode.TEXT, payload: 'in time' });
      assert.equal(messages(control).length, 1);
    }
  },
};
