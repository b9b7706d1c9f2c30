// Client handshake, the response: WS-058 to WS-080.
import assert from 'node:assert/strict';
import {
  acceptFor,
  type HeaderChanges,
  lowerCaseNames,
  onlyValue,
  responseHeaders,
} from '../../../lib/parity/handshake-headers.ts';
import { type Failure, FORMAT, OPERATION, type StatementContext } from './context.ts';
import type { StatementSection } from './statement.ts';

interface Offer {
  subprotocols?: string[];
  extensions?: string[];
}

const SUBPROTOCOL = 'E_SUBPROTOCOL_NOT_SUPPORTED';
const EXTENSION = 'E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED';

/** Completes a new client's handshake with the right answer and changes to it. */
function answer(t: StatementContext, changes: HeaderChanges = {}, offer: Offer = {}) {
  const { handle, request } = t.begunClient(offer);
  return t.sys.WebSocketEndClientHandshake(handle, responseHeaders(request, changes));
}

/** The changed answer is rejected; the unchanged one, or `control`, is accepted. */
function refuses(t: StatementContext, changes: HeaderChanges, failure: Failure, offer: Offer = {}, control = {}): void {
  t.fails('WebSocketEndClientHandshake', () => answer(t, changes, offer), failure);
  answer(t, control, offer);
}

export const handshakeClientResponse: StatementSection = {
  'WS-059': (t) => {
    answer(t, { Server: 'example', Date: 'Mon, 01 Jan 2024 00:00:00 GMT', 'X-Powered-By': 'tests', Vary: '' });
  },

  'WS-060': (t) => {
    refuses(t, { 'Sec-WebSocket-Accept': acceptFor('another key') }, { code: FORMAT });
  },

  'WS-061': (t) => refuses(t, { 'Sec-WebSocket-Accept': undefined }, { code: FORMAT }),

  'WS-062': (t) => refuses(t, { Upgrade: undefined }, { code: FORMAT }),

  'WS-063': (t) => refuses(t, { Connection: undefined }, { code: FORMAT }),

  'WS-064': (t) => refuses(t, { Connection: 'keep-alive' }, { code: FORMAT }),

  'WS-065': (t) => {
    answer(t, { Upgrade: 'WebSocket' });
  },

  'WS-066': (t) => {
    const { handle, request } = t.begunClient();
    t.sys.WebSocketEndClientHandshake(handle, lowerCaseNames(responseHeaders(request)));
  },

  'WS-067': (t) => {
    answer(t, { Connection: 'keep-alive, Upgrade' });
  },

  'WS-068': (t) => {
    const { handle } = t.begunClient();
    t.fails('WebSocketEndClientHandshake', () => t.sys.WebSocketEndClientHandshake(handle, []));
    answer(t);
  },

  'WS-069': (t) => {
    const withAccepts = (count: number) => {
      const { handle, request } = t.begunClient();
      const accept = acceptFor(onlyValue(request, 'Sec-WebSocket-Key'));
      const changes = { 'Sec-WebSocket-Accept': Array<string>(count).fill(accept) };
      t.sys.WebSocketEndClientHandshake(handle, responseHeaders(request, changes));
    };
    t.fails('WebSocketEndClientHandshake', () => withAccepts(2), { preferred: FORMAT });
    withAccepts(1);
  },

  'WS-070': (t) => {
    const { selectedSubprotocol } = answer(t, { 'Sec-WebSocket-Protocol': 'b' }, { subprotocols: ['a', 'b'] });
    assert.equal(selectedSubprotocol, 1);
  },

  'WS-071': (t) => {
    const offer = { subprotocols: ['a', 'b'] };
    refuses(t, { 'Sec-WebSocket-Protocol': 'c' }, { code: SUBPROTOCOL }, offer, { 'Sec-WebSocket-Protocol': 'a' });
  },

  'WS-072': (t) => {
    refuses(t, {}, { code: SUBPROTOCOL }, { subprotocols: ['a', 'b'] }, { 'Sec-WebSocket-Protocol': 'a' });
  },

  'WS-073': (t) => refuses(t, { 'Sec-WebSocket-Protocol': 'a' }, { preferred: SUBPROTOCOL }),

  'WS-074': (t) => {
    refuses(
      t,
      { 'Sec-WebSocket-Protocol': 'a, b' },
      {},
      { subprotocols: ['a', 'b'] },
      { 'Sec-WebSocket-Protocol': 'b' },
    );
  },

  'WS-075': (t) => {
    const { selectedExtensions } = answer(t, { 'Sec-WebSocket-Extensions': 'y' }, { extensions: ['x', 'y'] });
    assert.deepEqual(selectedExtensions, [1]);
  },

  'WS-076': (t) => {
    const control = { 'Sec-WebSocket-Extensions': 'x' };
    refuses(t, { 'Sec-WebSocket-Extensions': 'z' }, { code: EXTENSION }, { extensions: ['x'] }, control);
  },

  'WS-078': (t) => {
    assert.deepEqual(answer(t, {}, { extensions: ['x'] }).selectedExtensions, []);
  },

  'WS-079': (t) => {
    const client = t.create('client');
    const headers = responseHeaders([{ name: 'Sec-WebSocket-Key', value: 'AAAAAAAAAAAAAAAAAAAAAA==' }]);
    t.fails('WebSocketEndClientHandshake', () => t.sys.WebSocketEndClientHandshake(client, headers), {
      preferred: OPERATION,
    });
  },

  'WS-080': (t) => {
    const { handle, request } = t.begunClient();
    const headers = responseHeaders(request);
    t.sys.WebSocketEndClientHandshake(handle, headers);
    t.fails('WebSocketEndClientHandshake', () => t.sys.WebSocketEndClientHandshake(handle, headers), {
      preferred: OPERATION,
    });
  },
};
