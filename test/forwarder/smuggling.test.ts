// No request reaches a server that the client did not send with the password, whatever the bytes before it: requests are
// put together from pieces on which parsers disagree, and the server's parser is a lenient one.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createForwarder } from '../../lib/forwarder/create-forwarder.ts';
import type { Forwarder } from '../../lib/forwarder/forwarder-types.ts';
import { authorizationOf, RawClient } from './raw-client.ts';

const paths: string[] = [];
const server = createServer({ insecureHTTPParser: true }, (request, response) => {
  paths.push(`${request.method} ${request.url}`);
  request.resume().on('end', () => response.end('x'));
});
let forwarder: Forwarder;
let place: string;

beforeAll(async () => {
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  forwarder = await createForwarder({ proxy: 'direct', backend: 'portable' });
});

afterAll(async () => {
  await forwarder.close();
  server.closeAllConnections();
  await once(server.close(), 'close');
});

const EVIL = 'GET http://PLACE/evil HTTP/1.1\r\nHost: PLACE\r\n\r\n';
const EVIL_ORIGIN = 'GET /evil HTTP/1.1\r\nHost: PLACE\r\n\r\n';
const EVIL_LENGTH = String(EVIL_ORIGIN.length);

const line = fc.constantFrom(
  'POST http://PLACE/ok HTTP/1.1',
  'GET http://PLACE/ok HTTP/1.1',
  'HEAD http://PLACE/ok HTTP/1.1',
  'POST http://PLACE/ok HTTP/1.0',
  'OPTIONS http://PLACE HTTP/1.1',
  'POST http://PLACE/ok\tHTTP/1.1',
);
const end = fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n', '\r\n ', '\r\n\t', '\0\r\n');
const field = fc.constantFrom(
  ...['Content-Length: 0', 'Content-Length: 5', `Content-Length: ${EVIL_LENGTH}`, 'Content-Length: +5'],
  ...['Content-Length: 5, 5', 'Content-Length:5', 'Content-Length: 0x5', 'content-length : 5', 'Content_Length: 5'],
  ...['Transfer-Encoding: chunked', 'Transfer-Encoding:\tchunked', 'Transfer-Encoding: \x0bchunked'],
  ...['Transfer-Encoding: identity', 'Transfer-Encoding: chunked, identity', 'Transfer-Encoding : chunked'],
  ...[
    'transfer-encoding: CHUNKED',
    'Transfer-Encoding: chunked;x=1',
    'Transfer-Encoding: "chunked"',
    'Transfer-Encoding:',
  ],
  ...[
    'Connection: keep-alive',
    'Connection: close',
    'Connection: Content-Length',
    'Connection: Transfer-Encoding, Host',
  ],
  ...['X-A: b', 'X-A: \r b', ': x', 'X-A', 'Expect: 100-continue', 'Trailer: Content-Length', 'Host: PLACE'],
  ...['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__', `Proxy-Connection: close`, 'Keep-Alive: 1'],
);
const chunk = fc.constantFrom('0\r\n\r\n', '5\r\nhello\r\n', '5;a=b\r\nhello\r\n', '5\nhello\n', '05\r\nhello\r\n');
const oddChunk = fc.constantFrom(
  '0\r\n',
  '-1\r\n',
  '5 \r\nhello\r\n',
  '0x5\r\nhello\r\n',
  '5\r\nhello',
  '0\r\nA: b\r\n\r\n',
);
const rest = fc.oneof(chunk, oddChunk, fc.constantFrom('hello', EVIL, EVIL_ORIGIN, '\r\n', '\n', '0\r\n\r\n'));

/** A request with the password, and what its sender appends. */
const request = fc
  .tuple(line, fc.array(fc.tuple(field, end), { maxLength: 4 }), fc.array(rest, { maxLength: 4 }))
  .map(([first, fields, parts]) => {
    const head = `${first}\r\nHost: PLACE\r\nProxy-Authorization: AUTH\r\n${fields.flat().join('')}\r\n`;
    return head + parts.join('');
  });

it('no server sees a request that was not sent with the password', { timeout: 120_000 }, async () => {
  let forwarded = 0;
  const property = fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 3 }), fc.nat(50), async (all, cut) => {
    const bytes = all.join('').replaceAll('PLACE', place).replaceAll('AUTH', authorizationOf(forwarder.url));
    await using client = await RawClient.open(forwarder.port);
    client.socket.setNoDelay(true);
    client.write(bytes.slice(0, cut));
    client.write(bytes.slice(cut));
    client.socket.end();
    await client.end();
    expect(paths.filter((path) => !/^(?:GET|POST|HEAD) \/ok$|^OPTIONS \*$/.test(path))).toEqual([]);
    forwarded += paths.length;
    // A request that its client gave up may reach the server later: it counts for the next run.
    paths.length = 0;
  });
  await fc.assert(property, { numRuns: Number(process.env.WINWIRE_SMUGGLING_RUNS ?? 400) });
  expect(forwarded).toBeGreaterThan(20);
});
