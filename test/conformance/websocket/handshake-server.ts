// Server handshake: WS-081 to WS-113.
import assert from 'node:assert/strict';
import {
  allValues,
  EXAMPLE_HANDSHAKE_ACCEPT,
  EXAMPLE_HANDSHAKE_KEY,
  type HeaderChanges,
  listElements,
  lowerCaseNames,
  onlyValue,
  requestHeaders,
} from '../../../lib/parity/handshake-headers.ts';
import { messages, WebSocketEndpoint } from '../../../lib/parity/websocket-endpoint.ts';
import { type Failure, FORMAT, OPERATION, type StatementContext } from './context.ts';
import { bothRoles, type StatementSection } from './statement.ts';
import { BufferType, type HttpHeader } from './subject.ts';

interface Selection {
  subprotocol?: string;
  extensions?: string[];
}

const HOST: HttpHeader = { name: 'Host', value: 'server.example.com' };
const ACCEPT = 'Sec-WebSocket-Accept';
const PROTOCOL = 'Sec-WebSocket-Protocol';
const EXTENSIONS = 'Sec-WebSocket-Extensions';

function beginWith(t: StatementContext, headers: readonly HttpHeader[], selection: Selection = {}): HttpHeader[] {
  const server = t.create('server');
  return t.sys.WebSocketBeginServerHandshake(server, selection.subprotocol, selection.extensions, headers);
}

/** Begins a new server's handshake with the request of RFC 6455 section 1.3 and changes to it. */
function begin(t: StatementContext, changes: HeaderChanges = {}, selection: Selection = {}): HttpHeader[] {
  return beginWith(t, requestHeaders(changes), selection);
}

/** The changed request is rejected; the unchanged one is accepted. */
function refuses(t: StatementContext, changes: HeaderChanges, failure: Failure): void {
  t.fails('WebSocketBeginServerHandshake', () => begin(t, changes), failure);
  begin(t);
}

/** Returns a server that has answered a client's request, and the answer. */
function answered(t: StatementContext): HttpHeader[] {
  return beginWith(t, [HOST, ...t.begunClient().request]);
}

/** Returns a server between Begin and End. */
function begunServer(t: StatementContext): WebSocketEndpoint {
  const server = t.create('server');
  t.sys.WebSocketBeginServerHandshake(server, undefined, undefined, requestHeaders());
  return new WebSocketEndpoint(t.sys, server, 'server');
}

export const handshakeServer: StatementSection = {
  'WS-081': bothRoles((t) => {
    assert.ok(answered(t).length > 0);
  }),

  'WS-082': bothRoles((t) => {
    const response = answered(t);
    assert.equal(onlyValue(response, 'Upgrade').toLowerCase(), 'websocket');
    assert.deepEqual(
      listElements(response, 'Connection').map((token) => token.toLowerCase()),
      ['upgrade'],
    );
    assert.equal(onlyValue(response, ACCEPT).length, 28);
  }),

  'WS-083': (t) => {
    assert.equal(onlyValue(begin(t, { 'Sec-WebSocket-Key': EXAMPLE_HANDSHAKE_KEY }), ACCEPT), EXAMPLE_HANDSHAKE_ACCEPT);
  },

  'WS-084': (t) => {
    const response = begin(t, { 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==' });
    assert.equal(onlyValue(response, ACCEPT), 'ICX+Yqv66kxgM0FcWaLWlFLwTAI=');
  },

  'WS-085': bothRoles((t) => {
    const { handle, request } = t.begunClient();
    t.sys.WebSocketEndClientHandshake(handle, beginWith(t, [HOST, ...request]));
  }),

  'WS-086': (t) => {
    assert.ok(begin(t, { Host: '' }).length > 0);
  },

  'WS-087': (t) => refuses(t, { Host: undefined }, { preferred: FORMAT }),

  'WS-088': (t) => refuses(t, { 'Sec-WebSocket-Key': undefined }, { code: FORMAT }),

  'WS-089': (t) => refuses(t, { 'Sec-WebSocket-Version': undefined }, { preferred: FORMAT }),

  'WS-090': (t) => refuses(t, { 'Sec-WebSocket-Version': '8' }, { preferred: 'E_PROTOCOL_VERSION_NOT_SUPPORTED' }),

  'WS-091': (t) => refuses(t, { Upgrade: undefined }, { code: FORMAT }),

  'WS-092': (t) => refuses(t, { Connection: undefined }, { code: FORMAT }),

  'WS-093': (t) => refuses(t, { Connection: 'keep-alive' }, { code: FORMAT }),

  'WS-094': (t) => refuses(t, { Upgrade: 'h2c' }, { code: FORMAT }),

  'WS-095': (t) => {
    assert.equal(onlyValue(begin(t, { Connection: 'keep-alive, Upgrade' }), ACCEPT), EXAMPLE_HANDSHAKE_ACCEPT);
  },

  'WS-096': (t) => {
    const response = beginWith(t, lowerCaseNames(requestHeaders()));
    assert.equal(onlyValue(response, ACCEPT), EXAMPLE_HANDSHAKE_ACCEPT);
  },

  'WS-097': (t) => {
    const response = begin(t, {
      Origin: 'http://server.example.com',
      Cookie: 'session=0123456789; theme=dark',
      'Accept-Language': 'en-GB,en;q=0.9',
      'Accept-Encoding': 'gzip, deflate, br',
      'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64)',
      Pragma: 'no-cache',
      'Cache-Control': 'no-cache',
      'X-Forwarded-For': '192.0.2.1',
    });
    assert.equal(onlyValue(response, ACCEPT), EXAMPLE_HANDSHAKE_ACCEPT);
  },

  'WS-098': (t) => {
    t.fails('WebSocketBeginServerHandshake', () => beginWith(t, []));
    begin(t);
  },

  'WS-099': (t) => {
    const twice = [EXAMPLE_HANDSHAKE_KEY, EXAMPLE_HANDSHAKE_KEY];
    refuses(t, { 'Sec-WebSocket-Key': twice }, { preferred: FORMAT });
  },

  'WS-100': (t) => {
    refuses(t, { 'Sec-WebSocket-Key': Buffer.alloc(15).toString('base64') }, { preferred: FORMAT });
    refuses(t, { 'Sec-WebSocket-Key': Buffer.alloc(17).toString('base64') }, { preferred: FORMAT });
    refuses(t, { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25j*Q==' }, { preferred: FORMAT });
  },

  'WS-101': (t) => {
    assert.equal(onlyValue(begin(t, { [PROTOCOL]: 'a, b' }, { subprotocol: 'b' }), PROTOCOL), 'b');
  },

  'WS-102': (t) => {
    assert.deepEqual(allValues(begin(t, { [PROTOCOL]: 'a, b' }), PROTOCOL), []);
  },

  'WS-103': (t) => {
    const select = (subprotocol: string) => begin(t, { [PROTOCOL]: 'a' }, { subprotocol });
    t.fails('WebSocketBeginServerHandshake', () => select('c'), { preferred: 'E_SUBPROTOCOL_NOT_SUPPORTED' });
    select('a');
  },

  'WS-104': (t) => {
    t.fails('WebSocketBeginServerHandshake', () => begin(t, {}, { subprotocol: 'a' }), {
      preferred: 'E_SUBPROTOCOL_NOT_SUPPORTED',
    });
    begin(t, { [PROTOCOL]: 'a' }, { subprotocol: 'a' });
  },

  'WS-105': (t) => {
    assert.deepEqual(listElements(begin(t, { [EXTENSIONS]: 'x' }, { extensions: ['x'] }), EXTENSIONS), ['x']);
  },

  'WS-106': (t) => {
    const response = begin(t, { [EXTENSIONS]: 'permessage-deflate; client_max_window_bits' });
    assert.equal(onlyValue(response, ACCEPT), EXAMPLE_HANDSHAKE_ACCEPT);
    assert.deepEqual(allValues(response, EXTENSIONS), []);
  },

  'WS-107': (t) => {
    const select = (extension: string) => begin(t, { [EXTENSIONS]: 'x' }, { extensions: [extension] });
    t.fails('WebSocketBeginServerHandshake', () => select('z'), { preferred: 'E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED' });
    select('x');
  },

  'WS-108': (t) => {
    const server = begunServer(t);
    t.sys.WebSocketEndServerHandshake(server.handle);
    server.sendText('Hello');
    assert.equal(server.takeOutgoing().length, 0);
    server.pump();
    assert.equal(server.takeOutgoing().length, 7);
  },

  'WS-109': bothRoles((t) => {
    const { client, server } = t.pair({ endServer: false });
    server.sendText('before End');
    client.receive();
    assert.deepEqual(messages(t.exchange(client, server).a), [
      { bufferType: BufferType.UTF8_MESSAGE, payload: Buffer.from('before End') },
    ]);
  }),

  'WS-110': bothRoles((t) => {
    const { client, server } = t.pair({ endServer: false });
    server.receive();
    client.sendText('before End');
    assert.deepEqual(messages(t.exchange(client, server).b), [
      { bufferType: BufferType.UTF8_MESSAGE, payload: Buffer.from('before End') },
    ]);
  }),

  'WS-111': (t) => {
    const server = t.create('server');
    t.fails('WebSocketEndServerHandshake', () => t.sys.WebSocketEndServerHandshake(server), { preferred: OPERATION });
    t.sys.WebSocketEndServerHandshake(begunServer(t).handle);
  },

  'WS-112': (t) => {
    const beginAs = (role: 'client' | 'server') =>
      t.sys.WebSocketBeginServerHandshake(t.create(role), undefined, undefined, requestHeaders());
    t.fails('WebSocketBeginServerHandshake', () => beginAs('client'), { preferred: OPERATION });
    beginAs('server');
  },

  'WS-113': (t) => {
    const server = t.create('server');
    const attempt = (headers: HttpHeader[]) =>
      t.sys.WebSocketBeginServerHandshake(server, undefined, undefined, headers);
    t.fails('WebSocketBeginServerHandshake', () => attempt(requestHeaders({ 'Sec-WebSocket-Key': undefined })));
    assert.equal(onlyValue(attempt(requestHeaders()), ACCEPT), EXAMPLE_HANDSHAKE_ACCEPT);
  },
};
