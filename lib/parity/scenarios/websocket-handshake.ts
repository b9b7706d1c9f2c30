/** Scenarios: the handshake (RFC 6455 section 4) and the creation of handles. */
import { PropertyType } from '../../websocket/functions/websocket-types.ts';
import { type HeaderChanges, requestHeaders, responseHeaders } from '../handshake-headers.ts';
import { websocketScenarios } from '../scenario.ts';
import type { WebSocketStage } from '../websocket-stage.ts';

const OFFER = ['chat', 'superchat'];

function clientEnds(t: WebSocketStage, changes: HeaderChanges, subprotocols?: string[]): void {
  const { handle, request } = t.begunClient(subprotocols === undefined ? {} : { subprotocols });
  t.attempt(() => t.sys.WebSocketEndClientHandshake(handle, responseHeaders(request, changes)));
}

function serverBegins(t: WebSocketStage, changes: HeaderChanges, subprotocol?: string): void {
  const handle = t.create('server');
  t.attempt(() => t.sys.WebSocketBeginServerHandshake(handle, subprotocol, undefined, requestHeaders(changes)));
}

export const handshakeScenarios = websocketScenarios('handshake', {
  handshake: ['a client and a server do their handshake with each other', (t) => void t.pair()],
  'handshake-subprotocol': [
    'the server chooses the second of two sub-protocols',
    (t) => {
      const { handle, request } = t.begunClient({ subprotocols: OFFER });
      const server = t.create('server');
      const host = { name: 'Host', value: 'server.example.com' };
      const response = t.sys.WebSocketBeginServerHandshake(server, 'superchat', undefined, [host, ...request]);
      t.sys.WebSocketEndServerHandshake(server);
      t.sys.WebSocketEndClientHandshake(handle, response);
    },
  ],
  'handshake-extra-headers': [
    'headers of the caller do not come back from BeginClientHandshake',
    (t) => void t.begunClient({ headers: [{ name: 'Host', value: 'server.example.com' }] }),
  ],
  'handshake-extensions': [
    'a client offers extensions, and the server answers with one that was not offered',
    (t) => {
      const handle = t.create('client');
      const request = t.attempt(() => t.sys.WebSocketBeginClientHandshake(handle, undefined, ['x-one', 'x-two']));
      if (request === undefined) return;
      const response = responseHeaders(request, { 'Sec-WebSocket-Extensions': 'x-three' });
      t.attempt(() => t.sys.WebSocketEndClientHandshake(handle, response));
    },
  ],
  'handshake-wrong-accept': [
    'a client refuses an answer to another key',
    (t) => clientEnds(t, { 'Sec-WebSocket-Accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' }),
  ],
  'handshake-answer-incomplete': [
    'a client refuses an answer without Upgrade, Connection or Sec-WebSocket-Accept',
    (t) => {
      for (const name of ['Upgrade', 'Connection', 'Sec-WebSocket-Accept']) clientEnds(t, { [name]: undefined });
    },
  ],
  'handshake-answer-subprotocol': [
    'a client takes a sub-protocol that it offered, and refuses any other',
    (t) => {
      clientEnds(t, { 'Sec-WebSocket-Protocol': 'chat' }, OFFER);
      clientEnds(t, { 'Sec-WebSocket-Protocol': 'other' }, OFFER);
      clientEnds(t, { 'Sec-WebSocket-Protocol': 'chat' });
    },
  ],
  'handshake-request-incomplete': [
    'a server refuses a request that lacks a header',
    (t) => {
      for (const name of ['Host', 'Upgrade', 'Connection', 'Sec-WebSocket-Key', 'Sec-WebSocket-Version']) {
        serverBegins(t, { [name]: undefined });
      }
    },
  ],
  'handshake-request-version': [
    'a server refuses every version but 13',
    (t) => {
      for (const version of ['8', '13', '14', 'x']) serverBegins(t, { 'Sec-WebSocket-Version': version });
    },
  ],
  'handshake-request-lists': [
    'names are compared without regard to case, and Connection is a list',
    (t) => {
      serverBegins(t, { Upgrade: 'WebSocket', Connection: 'keep-alive, upgrade' });
      serverBegins(t, { Connection: 'keep-alive' });
    },
  ],
  'handshake-server-subprotocol': [
    'a server may only choose what was offered',
    (t) => {
      serverBegins(t, { 'Sec-WebSocket-Protocol': 'chat, superchat' }, 'chat');
      serverBegins(t, { 'Sec-WebSocket-Protocol': 'chat, superchat' }, 'other');
      serverBegins(t, {}, 'chat');
    },
  ],
  'handshake-order': [
    'functions of the other role, before their time or twice',
    (t) => {
      const client = t.create('client');
      t.attempt(() => t.sys.WebSocketEndClientHandshake(client, responseHeaders(requestHeaders())));
      t.attempt(() => t.sys.WebSocketBeginServerHandshake(client, undefined, undefined, requestHeaders()));
      t.attempt(() => t.sys.WebSocketReceive(client));
      t.sys.WebSocketBeginClientHandshake(client);
      t.attempt(() => t.sys.WebSocketBeginClientHandshake(client));
      const server = t.create('server');
      t.attempt(() => t.sys.WebSocketEndServerHandshake(server));
      t.attempt(() => t.sys.WebSocketBeginClientHandshake(server));
    },
  ],
});

const { RECEIVE_BUFFER_SIZE, SEND_BUFFER_SIZE, DISABLE_MASKING, DISABLE_UTF8_VERIFICATION } = PropertyType;

export const propertyScenarios = websocketScenarios('properties', {
  'properties-global': [
    'WebSocketGetGlobalProperty of each property',
    (t) => {
      for (const type of Object.values(PropertyType)) t.attempt(() => t.sys.WebSocketGetGlobalProperty(type));
    },
  ],
  'properties-sizes': [
    'buffer sizes at and around their limits',
    (t) => {
      for (const value of [0, 1, 15, 16, 255, 256, 4096]) {
        t.attempt(() => t.create('client', [{ type: RECEIVE_BUFFER_SIZE, value }]));
        t.attempt(() => t.create('server', [{ type: SEND_BUFFER_SIZE, value }]));
      }
    },
  ],
  'properties-wrong': [
    'properties that are only to be asked for, unknown, of the wrong size, or given twice',
    (t) => {
      const { KEEPALIVE_INTERVAL, SUPPORTED_VERSIONS } = PropertyType;
      for (const type of [KEEPALIVE_INTERVAL, SUPPORTED_VERSIONS, 7, 1000]) {
        t.attempt(() => t.create('client', [{ type, value: 4096 }]));
      }
      t.attempt(() => t.create('client', [{ type: RECEIVE_BUFFER_SIZE, value: Uint8Array.of(0, 16) }]));
      const twice = { type: RECEIVE_BUFFER_SIZE, value: 4096 };
      t.attempt(() => t.create('client', [twice, twice]));
    },
  ],
  'properties-masking': [
    'DISABLE_MASKING and DISABLE_UTF8_VERIFICATION, for both roles',
    (t) => {
      for (const type of [DISABLE_MASKING, DISABLE_UTF8_VERIFICATION]) {
        for (const role of ['client', 'server'] as const) t.attempt(() => t.create(role, [{ type, value: true }]));
      }
    },
  ],
});
