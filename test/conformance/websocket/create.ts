// Create, delete, properties: WS-013 to WS-036.
import assert from 'node:assert/strict';
import { decodeOnly, Opcode, patterned } from '../../../lib/parity/websocket-frames.ts';
import { ROLES, type Role, type StatementContext } from './context.ts';
import { assertNoGrowth } from './growth.ts';
import { NO_MASKING, NO_UTF8_CHECK, receiveBuffer, sendBuffer } from './properties.ts';
import { bothRoles, measuresMemory, type StatementSection } from './statement.ts';
import { Action, ActionQueue, BufferType, PropertyType, type WebSocketProperty } from './subject.ts';

const creating = { client: 'WebSocketCreateClientHandle', server: 'WebSocketCreateServerHandle' } as const;

function refuses(t: StatementContext, roles: readonly Role[], properties: readonly WebSocketProperty[]): void {
  for (const role of roles) {
    t.fails(creating[role], () => t.create(role, properties), { preferred: 'E_INVALIDARG' });
  }
}

function accepts(t: StatementContext, roles: readonly Role[], properties: readonly WebSocketProperty[]): void {
  for (const role of roles) assert.equal(t.create(role, properties).role, role);
}

function ulong(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** Returns the visible effects of RBS 256, SBS 32, masking off and UTF-8 check off on a handle. */
function effectOfProperties(t: StatementContext, role: Role, properties: readonly WebSocketProperty[]): unknown {
  const endpoint = t.open(role, properties);
  endpoint.send(BufferType.BINARY_MESSAGE, patterned(10));
  const sent = endpoint.write(endpoint.expect(ActionQueue.SEND, Action.SEND_TO_NETWORK));
  endpoint.receive();
  const { room } = endpoint.expect(ActionQueue.RECEIVE, Action.RECEIVE_FROM_NETWORK);
  const other = t.open(role, properties);
  other.receive();
  other.feed(other.peerFrame({ opcode: Opcode.TEXT, payload: Uint8Array.of(0xff) }));
  let text: Buffer | undefined;
  try {
    text = other.pump().at(-1)?.bytes;
  } catch {
    text = undefined;
  }
  return { room, key: role === 'client' ? decodeOnly(sent).key : undefined, text };
}

export const create: StatementSection = {
  'WS-013': (t) => {
    const handle = t.create('client', undefined);
    assert.ok(handle);
    assert.equal(handle.role, 'client');
  },

  'WS-014': (t) => {
    const handle = t.create('server', undefined);
    assert.ok(handle);
    assert.equal(handle.role, 'server');
  },

  'WS-015': measuresMemory((t) =>
    assertNoGrowth(10_000, () => {
      for (const role of ROLES) t.delete(t.create(role));
    }),
  ),

  'WS-016': (t) => accepts(t, ROLES, [receiveBuffer(256)]),

  'WS-017': (t) => {
    refuses(t, ROLES, [receiveBuffer(255)]);
    accepts(t, ROLES, [receiveBuffer(256)]);
  },

  'WS-018': (t) => accepts(t, ROLES, [receiveBuffer(65536)]),

  'WS-019': (t) => accepts(t, ['server'], [sendBuffer(16)]),

  'WS-020': (t) => accepts(t, ['client'], [sendBuffer(16)]),

  'WS-021': (t) => {
    refuses(t, ROLES, [sendBuffer(15)]);
    accepts(t, ROLES, [sendBuffer(16)]);
  },

  'WS-022': (t) => accepts(t, ['client'], [sendBuffer(65536)]),

  'WS-023': (t) => {
    const type = PropertyType.RECEIVE_BUFFER_SIZE;
    refuses(t, ROLES, [{ type, value: ulong(4096).subarray(0, 2) }]);
    accepts(t, ROLES, [{ type, value: ulong(4096) }]);
  },

  'WS-024': (t) => {
    refuses(t, ROLES, [{ type: PropertyType.KEEPALIVE_INTERVAL, value: 30_000 }]);
    refuses(t, ROLES, [{ type: PropertyType.SUPPORTED_VERSIONS, value: 13 }]);
    accepts(t, ROLES, [{ type: PropertyType.RECEIVE_BUFFER_SIZE, value: 30_000 }]);
  },

  'WS-025': (t) => {
    refuses(t, ROLES, [{ type: 7, value: 1 }]);
    accepts(t, ROLES, [{ type: PropertyType.DISABLE_MASKING, value: 1 }]);
  },

  'WS-026': (t) => {
    accepts(t, ROLES, [NO_MASKING]);
    accepts(t, ROLES, [{ type: PropertyType.DISABLE_MASKING, value: ulong(1) }]);
  },

  'WS-027': (t) => accepts(t, ['server'], [receiveBuffer(4096), sendBuffer(64), NO_MASKING, NO_UTF8_CHECK]),

  'WS-034': (t) => {
    const properties = [receiveBuffer(256), sendBuffer(32), NO_MASKING, NO_UTF8_CHECK];
    for (const role of ROLES) {
      const effect = effectOfProperties(t, role, properties);
      assert.deepEqual(effectOfProperties(t, role, properties.toReversed()), effect);
      assert.notDeepEqual(effectOfProperties(t, role, []), effect);
    }
  },

  'WS-036': bothRoles((t) => {
    const [first, second] = [t.pair(), t.pair()];
    assert.notEqual(first.client.handle, second.client.handle);
    assert.notEqual(first.server.handle, second.server.handle);
    for (const { server } of [first, second]) server.receive();
    first.client.sendText('first');
    second.client.sendText('second');
    for (const [{ client, server }, text] of [
      [first, 'first'],
      [second, 'second'],
    ] as const) {
      const { b } = t.exchange(client, server);
      assert.equal(b.at(-1)?.bytes.toString(), text);
    }
  }),
};
