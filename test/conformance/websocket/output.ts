// Outputs and the rest: WS-270 to WS-282.
import assert from 'node:assert/strict';
import {
  dataParts,
  isFinalPart,
  messages,
  names,
  type SeenAction,
  type WebSocketEndpoint,
} from '../../../lib/parity/websocket-endpoint.ts';
import { Opcode, patterned } from '../../../lib/parity/websocket-frames.ts';
import { ROLES, type StatementContext } from './context.ts';
import { receiveBuffer } from './properties.ts';
import { bothRoles, type StatementSection } from './statement.ts';
import { Action, ActionQueue, BufferType } from './subject.ts';

const QUEUES = [ActionQueue.SEND, ActionQueue.RECEIVE, ActionQueue.ALL];
const POLLS = 10_000;
const IDLE_SECONDS = 35;

/** Set by `npm run conformance -- --real-time`: WS-279 then waits its 35 seconds. */
const realTime = process.env.WINWIRE_CONFORMANCE_REAL_TIME === '1';

const SENDS: readonly (readonly [number, Parameters<WebSocketEndpoint['send']>[1]])[] = [
  [BufferType.UTF8_FRAGMENT, Buffer.from('He')],
  [BufferType.UTF8_MESSAGE, Buffer.from('llo')],
  [BufferType.BINARY_FRAGMENT, Buffer.from('He')],
  [BufferType.BINARY_MESSAGE, Buffer.from('llo')],
  [BufferType.PING_PONG, undefined],
  [BufferType.UNSOLICITED_PONG, undefined],
  [BufferType.CLOSE, { status: 1000 }],
];

/** Sends one of each type and returns the types of these actions. */
function typesOf(endpoint: WebSocketEndpoint, action: number): number[] {
  return SENDS.map(([bufferType, data]) => {
    endpoint.send(bufferType, data);
    const [seen, ...more] = endpoint.pump().filter((one) => one.action === action);
    assert.equal(more.length, 0);
    return seen?.bufferType ?? -1;
  });
}

/** Passes one message on and returns it; its parts need several receives. */
function passOn(
  t: StatementContext,
  from: WebSocketEndpoint,
  to: WebSocketEndpoint,
): { bufferType: number; payload: Buffer } {
  const seen: SeenAction[] = [];
  for (;;) {
    const more = t.exchange(from, to).b;
    assert.notEqual(more.length, 0, 'the next part arrives');
    seen.push(...more);
    const parts = dataParts(more);
    if (parts.some(({ bufferType }) => isFinalPart(bufferType))) return messages(seen)[0] as ReturnType<typeof passOn>;
    if (parts.length > 0) to.receive();
  }
}

/** The client sends, the server echoes; returns what the client receives. */
function echo(
  t: StatementContext,
  client: WebSocketEndpoint,
  server: WebSocketEndpoint,
  bufferType: number,
  payload: Buffer,
) {
  client.send(bufferType, payload);
  server.receive();
  const there = passOn(t, client, server);
  server.send(there.bufferType, there.payload);
  client.receive();
  return passOn(t, server, client);
}

export const output: StatementSection = {
  'WS-272': (t) => {
    const expected = SENDS.map(([bufferType]) => bufferType);
    for (const role of ROLES) assert.deepEqual(typesOf(t.open(role), Action.INDICATE_SEND_COMPLETE), expected);
  },

  'WS-273': (t) => {
    const expected = SENDS.map(([bufferType]) => bufferType);
    for (const role of ROLES) assert.deepEqual(typesOf(t.open(role), Action.SEND_TO_NETWORK), expected);
  },

  'WS-276': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.receive();
      endpoint.feedFrames({ opcode: Opcode.PING, payload: 'abc' });
      const seen = [...endpoint.pump(ActionQueue.RECEIVE), ...endpoint.pump(ActionQueue.SEND)];
      assert.ok(names(seen).includes('SEND_TO_NETWORK'));
      assert.ok(!names(seen).includes('INDICATE_SEND_COMPLETE'));
      endpoint.sendText('Hello');
      assert.ok(names(endpoint.pump(ActionQueue.SEND)).includes('INDICATE_SEND_COMPLETE'));
    }
  },

  'WS-277': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      for (const text of ['A', 'B', 'C']) endpoint.sendText(text);
      endpoint.abort();
      assert.deepEqual(names(endpoint.drain()), Array(3).fill('INDICATE_SEND_COMPLETE'));
    }
  },

  'WS-278': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.receive(2);
      endpoint.abort();
      assert.deepEqual(names(endpoint.drain()), Array(2).fill('INDICATE_RECEIVE_COMPLETE'));
    }
  },

  'WS-279': (t) => {
    const endpoints = ROLES.map((role) => t.open(role));
    const poll = () => {
      for (const endpoint of endpoints) for (const queue of QUEUES) endpoint.idle(queue);
    };
    for (let count = 0; count < POLLS; count += 1) poll();
    if (realTime) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, IDLE_SECONDS * 1000);
      poll();
    }
    for (const endpoint of endpoints) {
      endpoint.sendText('Hello');
      endpoint.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK);
    }
  },

  'WS-281': bothRoles((t) => {
    const properties = [receiveBuffer(256)];
    const { client, server } = t.pair({ client: properties, server: properties });
    const payload = patterned(1 << 20);
    const back = echo(t, client, server, BufferType.BINARY_MESSAGE, payload);
    assert.equal(back.bufferType, BufferType.BINARY_MESSAGE);
    assert.ok(back.payload.equals(payload));
  }),

  'WS-282': bothRoles((t) => {
    const { client, server } = t.pair();
    for (let index = 0; index < 1000; index += 1) {
      const bufferType = index % 2 === 0 ? BufferType.UTF8_MESSAGE : BufferType.BINARY_MESSAGE;
      const payload = Buffer.from(`message ${index}`);
      assert.deepEqual(echo(t, client, server, bufferType, payload), { bufferType, payload });
    }
  }),
};
