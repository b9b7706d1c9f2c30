// Both parts of the package over real sockets, by `import`. Prints the results as JSON.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { backends, resolveProxy, WebSocketConnection, WebSocketServer, WinHttpRequest } from 'winwire';
import { PropertyType, WebSocketGetGlobalProperty } from 'winwire/sys';

async function echo() {
  const server = new WebSocketServer({ port: 0 });
  server.on('connection', (connection) => connection.on('message', (message) => void connection.send(message)));
  await once(server, 'listening');
  const connection = await WebSocketConnection.connect(`ws://127.0.0.1:${server.address().port}/`);
  await connection.send('Grüße');
  const message = await connection.receive();
  await connection.close();
  await server.close();
  return message;
}

async function get() {
  const server = createServer((_request, response) => response.end('Hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { status, body } = await WinHttpRequest.request(`http://127.0.0.1:${server.address().port}/`);
  server.close();
  server.closeAllConnections?.();
  return `${status} ${body}`;
}

async function findProxy() {
  const pac =
    'data:,function FindProxyForURL(url, host) { return isPlainHostName(host) ? "DIRECT" : "PROXY proxy:8080" }';
  return String(await resolveProxy('https://example.org/', { from: { pac }, backend: 'portable' }));
}

async function use() {
  assert.deepEqual(WebSocketGetGlobalProperty(PropertyType.SUPPORTED_VERSIONS, { backend: 'portable' }), [13]);
  return { message: await echo(), response: await get(), proxy: await findProxy(), ...backends() };
}

// No top-level await, which CommonJS bundles cannot contain.
use()
  .catch(({ code, message }) => ({ code, message }))
  .then((seen) => console.log(JSON.stringify(seen)));
