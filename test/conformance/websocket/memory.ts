// Memory: WS-265 to WS-269.
import assert from 'node:assert/strict';
import { requestHeaders, responseHeaders } from '../../../lib/parity/handshake-headers.ts';
import { messages } from '../../../lib/parity/websocket-endpoint.ts';
import { patterned } from '../../../lib/parity/websocket-frames.ts';
import type { StatementContext } from './context.ts';
import { assertNoGrowth } from './growth.ts';
import { bothRoles, measuresMemory, type StatementSection } from './statement.ts';
import { BufferType } from './subject.ts';

/** Opens and closes a connection with a message in each direction. */
function connection(t: StatementContext) {
  const { client, server } = t.pair();
  client.receive(2);
  server.receive(2);
  client.sendText('to the server');
  server.send(BufferType.BINARY_MESSAGE, patterned(500));
  client.sendClose(1000, 'done');
  const { a, b } = t.exchange(client, server);
  server.sendClose(1000, 'done');
  const end = t.exchange(client, server);
  assert.equal(messages(a).length, 1);
  assert.equal(b.at(-1)?.close?.reason, 'done');
  assert.equal(end.a.at(-1)?.close?.reason, 'done');
  return { client, server };
}

export const memory: StatementSection = {
  'WS-268': (t) => {
    const { handle, request } = t.begunClient({ subprotocols: ['a'] });
    const before = JSON.stringify(request);
    t.sys.WebSocketEndClientHandshake(handle, responseHeaders(request, { 'Sec-WebSocket-Protocol': 'a' }));
    assert.equal(JSON.stringify(request), before);
    t.delete(handle);
    assert.equal(JSON.stringify(request), before);

    const server = t.create('server');
    const response = t.sys.WebSocketBeginServerHandshake(server, undefined, undefined, requestHeaders());
    const answer = JSON.stringify(response);
    t.sys.WebSocketEndServerHandshake(server);
    t.delete(server);
    assert.equal(JSON.stringify(response), answer);
  },

  'WS-269': measuresMemory(
    bothRoles((t) =>
      assertNoGrowth(2_000, () => {
        const { client, server } = connection(t);
        t.delete(client.handle);
        t.delete(server.handle);
      }),
    ),
  ),
};
