// Causes one of each event that NODE_DEBUG=winwire logs, with secrets in every possible place.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { resolveProxy, WebSocketConnection, WebSocketServer, WinHttpRequest } from 'winwire';

const backend = process.argv[2];
const http = createServer((request, response) => {
  if (request.url?.startsWith('/never')) return;
  response.setHeader('Set-Cookie', 'session=top-secret');
  response.end('hello');
});
const server = new WebSocketServer({ server: http, subprotocols: ['chat'], backend });
http.listen(0, '127.0.0.1');
await once(http, 'listening');
const host = `127.0.0.1:${http.address().port}`;
const headers = { Authorization: 'Bearer top-secret', Cookie: 'id=top-secret' };

const url = `ws://user:top-secret@${host}/room?access_token=top-secret&page=1`;
const connection = await WebSocketConnection.connect(url, { subprotocols: ['chat'], headers, backend });
await connection.send('hello');
const [accepted] = server.clients;
await accepted.receive();
await connection.close(1000, 'enough\r\nof it');
await accepted.closed;

const other = await WebSocketConnection.connect(`ws://${host}/`, { subprotocols: ['chat'], backend });
other.abort(new Error('changed my mind'));
await WebSocketConnection.connect(`http:user:top-secret@//${host}`, { backend }).catch(() => {});

await WinHttpRequest.request(`http://user:top-secret@${host}/page?sig=top-secret`, { headers, backend });
const request = await WinHttpRequest.create({ backend });
await request.open('POST', `http://${host}/never`);
await request.setRequestHeader('Authorization', 'Basic top-secret');
const sent = request.send('a body').catch(() => {});
await request.waitForResponse(0);
await request.abort();
await sent;
await request[Symbol.asyncDispose]();

const secrets = { proxy: 'http://user:top-secret@proxy.example:8080' };
await resolveProxy('https://user:top-secret@example.org/path?sig=top-secret', { from: secrets, backend });
const pac = `http://user:top-secret@${host}/never.pac?key=top-secret`;
await resolveProxy('http://example.org/', { from: { pac }, backend: 'portable', timeout: 1 }).catch(() => {});

await server.close();
http.closeAllConnections();
http.close();
