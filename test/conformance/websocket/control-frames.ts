// Control frames out: WS-162 to WS-182.
import assert from 'node:assert/strict';
import { indications, type WebSocketEndpoint } from '../../../lib/parity/websocket-endpoint.ts';
import { decodeOnly, hex } from '../../../lib/parity/websocket-frames.ts';
import { OPERATION, type StatementContext } from './context.ts';
import { bothRoles, type StatementSection } from './statement.ts';
import { Action, ActionQueue, BufferType } from './subject.ts';

type SendData = Parameters<WebSocketEndpoint['send']>[1];

/** Returns the bytes that a new server writes for one send. */
function wire(t: StatementContext, bufferType: number, data?: SendData): Buffer {
  const server = t.open('server');
  server.send(bufferType, data);
  server.pump();
  return server.takeOutgoing();
}

function refusesClose(t: StatementContext, close: { status: number; reason?: string }, preferred?: string): void {
  const server = t.open('server');
  const failure = preferred === undefined ? {} : { preferred };
  t.fails('WebSocketSend', () => server.send(BufferType.CLOSE, close), failure);
  server.idle();
  server.sendClose(1000, 'after all');
}

/** Returns an endpoint that has sent its close. */
function closing(t: StatementContext, role: 'client' | 'server' = 'server'): WebSocketEndpoint {
  const endpoint = t.open(role);
  endpoint.sendClose(1000);
  endpoint.pump();
  endpoint.takeOutgoing();
  return endpoint;
}

export const controlFrames: StatementSection = {
  'WS-162': (t) => {
    assert.deepEqual(wire(t, BufferType.CLOSE), hex('88 00'));
  },

  'WS-163': (t) => {
    assert.deepEqual(wire(t, BufferType.CLOSE, { status: 1000 }), hex('88 02 03 E8'));
  },

  'WS-164': (t) => {
    assert.deepEqual(wire(t, BufferType.CLOSE, { status: 1001, reason: 'bye' }), hex('88 05 03 E9 62 79 65'));
  },

  'WS-165': (t) => {
    const reason = 'r'.repeat(123);
    const { payload } = decodeOnly(wire(t, BufferType.CLOSE, { status: 1000, reason }));
    assert.equal(payload.length, 125);
    assert.equal(payload.subarray(2).toString(), reason);
  },

  'WS-166': (t) => refusesClose(t, { status: 1000, reason: 'r'.repeat(124) }),

  'WS-167': (t) => {
    assert.deepEqual(wire(t, BufferType.CLOSE, { status: 1005 }), hex('88 00'));
  },

  'WS-168': (t) => refusesClose(t, { status: 1005, reason: 'why' }),

  'WS-169': (t) => {
    refusesClose(t, { status: 1006 });
    refusesClose(t, { status: 1006, reason: 'why' });
  },

  'WS-170': (t) => {
    refusesClose(t, { status: 1015 });
    refusesClose(t, { status: 1015, reason: 'why' });
  },

  'WS-171': (t) => {
    for (const status of [0, 999]) refusesClose(t, { status });
  },

  'WS-172': (t) => {
    assert.deepEqual(wire(t, BufferType.CLOSE, { status: 65535, reason: 'odd' }), hex('88 05 FF FF 6F 64 64'));
  },

  'WS-173': (t) => {
    assert.deepEqual(wire(t, BufferType.CLOSE, { status: 3000 }), hex('88 02 0B B8'));
    assert.deepEqual(wire(t, BufferType.CLOSE, { status: 4999 }), hex('88 02 13 87'));
  },

  'WS-174': (t) => {
    assert.deepEqual(wire(t, BufferType.CLOSE, { status: 1000, reason: '' }), hex('88 02 03 E8'));
  },

  'WS-175': (t) => {
    const server = t.open('server');
    server.send(BufferType.PING_PONG);
    const action = server.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK);
    assert.equal(action.bufferType, BufferType.PING_PONG);
    assert.deepEqual(server.write(action), hex('89 00'));
  },

  'WS-176': (t) => {
    assert.deepEqual(wire(t, BufferType.UNSOLICITED_PONG), hex('8A 00'));
  },

  'WS-177': (t) => {
    const server = t.open('server');
    t.fails('WebSocketSend', () => server.send(BufferType.PING_PONG, Buffer.from('abc')));
    t.assumed(() => t.fails('WebSocketSend', () => server.send(BufferType.PING_PONG, Buffer.alloc(0))));
    server.send(BufferType.PING_PONG);
  },

  'WS-178': (t) => {
    const server = t.open('server');
    t.fails('WebSocketSend', () => server.send(BufferType.UNSOLICITED_PONG, Buffer.from('abc')));
    t.assumed(() => t.fails('WebSocketSend', () => server.send(BufferType.UNSOLICITED_PONG, Buffer.alloc(0))));
    server.send(BufferType.UNSOLICITED_PONG);
  },

  'WS-179': (t) => {
    for (const role of ['client', 'server'] as const) {
      const endpoint = t.open(role);
      endpoint.sendText('before');
      endpoint.sendClose(1000);
      t.fails('WebSocketSend', () => endpoint.sendText('while queued'), { code: OPERATION });
      endpoint.pump();
      t.fails('WebSocketSend', () => endpoint.sendText('after'), { code: OPERATION });
    }
  },

  'WS-180': (t) => {
    const endpoint = closing(t);
    t.fails('WebSocketSend', () => endpoint.sendClose(1000), { preferred: OPERATION });
  },

  'WS-181': (t) => {
    const endpoint = closing(t);
    endpoint.send(BufferType.PING_PONG);
    endpoint.pump();
    assert.deepEqual(endpoint.takeOutgoing(), hex('89 00'));
  },

  'WS-182': bothRoles((t) => {
    const { client, server } = t.pair();
    client.sendClose(1000, 'bye');
    client.receive();
    server.receive();
    t.exchange(client, server);
    server.sendClose(1000, 'bye too');
    const [indication] = indications(t.exchange(client, server).a);
    assert.equal(indication?.bufferType, BufferType.CLOSE);
    assert.deepEqual(indication?.close, { status: 1000, reason: 'bye too' });
  }),
};
