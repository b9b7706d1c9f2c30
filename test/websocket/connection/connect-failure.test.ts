// Errors of an opening handshake name the peer, the cause and the remedy.
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocketConnection } from '../../../lib/index.ts';
import { closedPort } from '../../../lib/parity/http-server.ts';
import * as certificates from '../../helpers/certificates.ts';
import { TestProxy } from '../../helpers/http-proxy.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { HttpServer } from '../../helpers/http-server.ts';
import { acceptOf } from '../../interop/raw-peer.ts';

type Options = Parameters<typeof WebSocketConnection.connect>[1];

async function failure(url: string, options: Options = {}): Promise<Error & { code?: string; cause?: unknown }> {
  const attempt = WebSocketConnection.connect(url, { backend: 'portable', ...options });
  return attempt.then(
    () => expect.fail('the connection was opened'),
    (error: Error) => error,
  );
}

test.each([
  [
    'a self-signed certificate',
    certificates.selfSigned,
    {},
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    /the certificate is self-signed .*NODE_EXTRA_CA_CERTS/,
  ],
  [
    'a certificate for another name',
    certificates.otherName,
    { ca: certificates.otherName().cert },
    'ERR_TLS_CERT_ALTNAME_INVALID',
    /is for elsewhere\.example, not for 127\.0\.0\.1/,
  ],
  [
    'an expired certificate',
    certificates.expired,
    { ca: certificates.authority() },
    'CERT_HAS_EXPIRED',
    /the certificate expired on 2002-01-01/,
  ],
  [
    'an unknown issuer',
    certificates.unknownIssuer,
    {},
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    /issuer of the certificate is unknown here: winwire test root/,
  ],
])('%s', async (_what, certificate, options, code, says) => {
  await using server = await HttpServer.start(certificate());
  const error = await failure(server.url().replace('http', 'ws'), options);
  expect(error).toMatchObject({ code, cause: { code } });
  expect(error.message).toMatch(says);
  expect(error.message).toContain(`127.0.0.1:${server.port}: `);
});

test('names an expired certificate behind a proxy', async () => {
  await using server = await HttpServer.start(certificates.expired());
  await using proxy = await TestProxy.start();
  const options = { ca: certificates.authority(), proxy: { proxy: proxy.address } } as Options;
  const error = await failure(server.url().replace('http', 'ws'), options);
  expect(error).toMatchObject({ code: 'CERT_HAS_EXPIRED' });
  expect(error.message).toMatch(/^127\.0\.0\.1:\d+: the certificate expired on 2002-01-01/);
});

test('checkServerIdentity receives the whole certificate chain', async () => {
  await using server = await HttpServer.start(certificates.selfSigned());
  const seen: unknown[] = [];
  const checkServerIdentity = (_host: string, certificate: { issuerCertificate?: unknown }) => {
    seen.push(certificate.issuerCertificate);
    return undefined;
  };
  const options = { ca: certificates.selfSigned().cert, checkServerIdentity } as Options;
  expect((await failure(server.url(), options)).message).toContain('did not upgrade');
  expect(seen).toEqual([expect.objectContaining({ subject: { CN: 'localhost' } })]);
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)('reports a required client certificate, by %s', async (version) => {
  const secure = { ...certificates.selfSigned(), ca: certificates.authority(), requestCert: true };
  await using server = await HttpServer.start({ ...secure, minVersion: version, maxVersion: version });
  const error = await failure(server.url(), { ca: certificates.selfSigned().cert });
  expect(error.code).toMatch(/^(?:ERR_SSL_|EPROTO$)/);
  expect(error.message).toMatch(/^127\.0\.0\.1:\d+: it .*demand.* a client certificate/);
});

test('suggests ws: for a server without TLS', async () => {
  await using server = await HttpServer.start();
  const error = await failure(`wss://127.0.0.1:${server.port}/`);
  expect(error.message).toMatch(
    /^127\.0\.0\.1:\d+: it does not speak TLS on this port: use http: or ws:, or another port \(ERR_SSL_/,
  );
});

test('suggests wss: for a TLS server', async () => {
  await using server = await HttpServer.start(certificates.selfSigned());
  const error = await failure(`ws://127.0.0.1:${server.port}/`);
  expect(error).toMatchObject({ code: 'ECONNRESET', cause: { code: 'ECONNRESET' } });
  expect(error.message).toBe(
    `127.0.0.1:${server.port} closed the connection during the handshake; if it speaks TLS, use wss:`,
  );
});

test('reports a peer that does not answer in HTTP', async () => {
  await using server = await RawServer.answering('SSH-2.0-OpenSSH_9.2\r\n');
  const error = await failure(`ws://127.0.0.1:${server.port}/`);
  expect(error).toMatchObject({ code: 'ERR_WEBSOCKET_HANDSHAKE' });
  expect(error.message).toMatch(/^127\.0\.0\.1:\d+: it does not speak HTTP on this port: .*"SSH-2\.0-OpenSSH_9\.2"$/);
});

test('names host and port if every address refuses the connection', async () => {
  const port = await closedPort();
  const lookup = (_host: string, _options: unknown, done: (error: null, found: unknown) => void) =>
    done(null, [
      { address: '127.0.0.1', family: 4 },
      { address: '127.0.0.2', family: 4 },
    ]);
  const error = await failure(`ws://name.test:${port}/`, { lookup, autoSelectFamily: true } as Options);
  expect(error.code).toBe('ECONNREFUSED');
  expect(error.message).toContain(`127.0.0.1:${port}`);
  if (error.message.startsWith('cannot')) expect(error.message).toContain(`cannot connect to name.test:${port}: `);
});

test.each([
  ['200 OK', 'it answered 200 OK; the URL is not that of a WebSocket'],
  [
    '302 Found\r\nLocation: https://me:secret@a.test/x?token=secret',
    'it answered 302 Found; redirects are not followed: connect to "https://a.test/x"',
  ],
  ['304 Not Modified', 'it answered 304 Not Modified'],
  ['401 Unauthorized', 'it answered 401 Unauthorized'],
])('the answer %j', async (answer, says) => {
  await using server = await RawServer.answering(`HTTP/1.1 ${answer}\r\nContent-Length: 0\r\n\r\n`);
  expect((await failure(server.url())).message).toBe(`The server did not upgrade: ${says}`);
});

/** Answers an upgrade request with 101 and these fields. */
const upgrading =
  (...fields: string[]) =>
  (socket: Socket, head: string) => {
    const key = /^Sec-WebSocket-Key: *(\S+)/im.exec(head)?.[1] ?? '';
    const own = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${acceptOf(key)}`];
    socket.write(['HTTP/1.1 101 Go', ...own, ...fields, '\r\n'].join('\r\n'));
  };

test.each([
  [['one', 'two'], [], 'offered: "one", "two"; the server chose none'],
  [['one'], ['Sec-WebSocket-Protocol: three'], 'offered: "one"; the server chose "three"'],
  [[], ['Sec-WebSocket-Protocol: three'], 'offered: none; the server chose "three"'],
])('no common sub-protocol: %j offered, answered with %j', async (subprotocols, fields, says) => {
  await using server = await RawServer.start(upgrading(...fields));
  const error = await failure(server.url(), { subprotocols });
  expect(error).toMatchObject({ code: 'E_SUBPROTOCOL_NOT_SUPPORTED', syscall: 'WebSocketEndClientHandshake' });
  expect(error.message).toContain(`(${says})`);
});

test('names an extension that was not offered, and a wrong Sec-WebSocket-Accept', async () => {
  await using server = await RawServer.start((socket, head, count) => {
    if (count === 1) upgrading('Sec-WebSocket-Extensions: permessage-deflate')(socket, head);
    else
      socket.write('HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no\r\n\r\n');
  });
  const extension = await failure(server.url());
  expect(extension).toMatchObject({ code: 'E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED' });
  expect(extension.message).toContain('(the server chose the extensions "permessage-deflate", which were not offered)');
  const accept = await failure(server.url());
  expect(accept).toMatchObject({ code: 'E_INVALID_PROTOCOL_FORMAT' });
  expect(accept.message).toContain('Upgrade: "websocket", Connection: "Upgrade", Sec-WebSocket-Accept: "no"');
});

test.each([
  ['localhost:8080', 'Received "localhost:8080".'],
  ['/chat?token=secret', 'Received "/chat".'],
  ['ftp://me:secret@127.0.0.1/x?secret', 'Received "ftp://127.0.0.1/x".'],
  ['', 'Received "".'],
  [undefined, 'Received undefined.'],
  [{ toString: null }, 'Received an object.'],
])('the URL %j', async (url, says) => {
  const error = await failure(url as string);
  expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  expect(error.message).toContain('must be an absolute ws:, wss:, http: or https: URL, such as ws://localhost:8080/');
  expect(error.message).toContain(says);
  expect(error.message).not.toContain('secret');
});
