// Client handshake, the request: WS-044 to WS-057.
import assert from 'node:assert/strict';
import { allValues, headersOf, listElements, onlyValue } from '../../../lib/parity/handshake-headers.ts';
import { OPERATION, type StatementContext } from './context.ts';
import { assertNoGrowth } from './growth.ts';
import { measuresMemory, type StatementSection } from './statement.ts';

function newRequest(t: StatementContext) {
  return t.begunClient().request;
}

export const handshakeClient: StatementSection = {
  'WS-044': (t) => {
    assert.ok(newRequest(t).length > 0);
  },

  'WS-045': (t) => {
    const request = newRequest(t);
    for (const name of ['Connection', 'Upgrade', 'Sec-WebSocket-Version', 'Sec-WebSocket-Key']) {
      assert.equal(allValues(request, name).length, 1, name);
    }
  },

  'WS-046': (t) => {
    assert.equal(onlyValue(newRequest(t), 'Sec-WebSocket-Version'), '13');
  },

  'WS-047': (t) => {
    const key = onlyValue(newRequest(t), 'Sec-WebSocket-Key');
    assert.equal(key.length, 24);
    const bytes = Buffer.from(key, 'base64');
    assert.equal(bytes.length, 16);
    assert.equal(bytes.toString('base64'), key);
  },

  'WS-048': (t) => {
    const keys = Array.from({ length: 16 }, () => onlyValue(newRequest(t), 'Sec-WebSocket-Key'));
    assert.equal(new Set(keys).size, keys.length);
  },

  'WS-049': (t) => {
    const request = newRequest(t);
    assert.equal(onlyValue(request, 'Upgrade').toLowerCase(), 'websocket');
    assert.ok(listElements(request, 'Connection').some((token) => token.toLowerCase() === 'upgrade'));
  },

  'WS-050': (t) => {
    const headers = headersOf({ Connection: 'Upgrade', Upgrade: 'websocket' });
    const { request } = t.begunClient({ headers });
    assert.equal(onlyValue(request, 'Sec-WebSocket-Version'), '13');
    assert.equal(onlyValue(request, 'Sec-WebSocket-Key').length, 24);
  },

  'WS-051': (t) => {
    const { request } = t.begunClient({ subprotocols: ['a', 'b'] });
    assert.deepEqual(listElements(request, 'Sec-WebSocket-Protocol'), ['a', 'b']);
  },

  'WS-052': (t) => {
    assert.deepEqual(allValues(newRequest(t), 'Sec-WebSocket-Protocol'), []);
    assert.equal(allValues(t.begunClient({ subprotocols: ['a'] }).request, 'Sec-WebSocket-Protocol').length, 1);
  },

  'WS-053': (t) => {
    const { request } = t.begunClient({ extensions: ['x', 'y'] });
    assert.deepEqual(listElements(request, 'Sec-WebSocket-Extensions'), ['x', 'y']);
  },

  'WS-054': (t) => {
    assert.deepEqual(allValues(newRequest(t), 'Sec-WebSocket-Extensions'), []);
    assert.equal(allValues(t.begunClient({ extensions: ['x'] }).request, 'Sec-WebSocket-Extensions').length, 1);
  },

  'WS-055': measuresMemory((t) =>
    assertNoGrowth(10_000, () => t.delete(t.begunClient({ subprotocols: ['a', 'b'], extensions: ['x'] }).handle)),
  ),

  'WS-056': (t) => {
    const { handle } = t.begunClient();
    t.fails('WebSocketBeginClientHandshake', () => t.sys.WebSocketBeginClientHandshake(handle), {
      preferred: OPERATION,
    });
  },

  'WS-057': (t) => {
    const server = t.create('server');
    t.fails('WebSocketBeginClientHandshake', () => t.sys.WebSocketBeginClientHandshake(server), {
      preferred: OPERATION,
    });
    assert.ok(t.sys.WebSocketBeginClientHandshake(t.create('client')).length > 0);
  },
};
