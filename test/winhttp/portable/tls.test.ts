// https: which certificates are accepted, and which errors can be ignored.
import { expect, test } from 'vitest';
import { SecureProtocol, SslErrorFlag, WinHttpRequest } from '../../../lib/index.ts';
import { closedPort } from '../../../lib/parity/http-server.ts';
import { exchangeFailure, tlsFailure } from '../../../lib/winhttp/portable/transport-failure.ts';
import * as certificates from '../../helpers/certificates.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { create, failure, opened } from '../../helpers/http-request.ts';
import { HttpServer } from '../../helpers/http-server.ts';

const { UnknownCA, CertCNInvalid, CertDateInvalid, CertWrongUsage, Ignore_All } = SslErrorFlag;

async function status(url: string, ignored: number): Promise<number> {
  const request = await opened(url);
  await request.setOption('SslErrorIgnoreFlags', ignored);
  await request.send();
  return request.status;
}

test.each([
  ['a self-signed certificate', certificates.selfSigned, UnknownCA],
  ['a certificate for another name', certificates.otherName, UnknownCA | CertCNInvalid],
  ['an expired certificate', certificates.expired, UnknownCA | CertDateInvalid],
])('%s is rejected, unless exactly its errors are ignored', async (_what, certificate, needed) => {
  await using server = await HttpServer.start(certificate());
  const error = await failure(status(server.url(), 0), 'ERROR_WINHTTP_SECURE_FAILURE');
  expect(error.message).toMatch(/SELF_SIGNED|EXPIRED|LEAF|ISSUER/);
  for (const flag of [UnknownCA, CertCNInvalid, CertDateInvalid]) {
    if ((needed & flag) === 0) continue;
    const others = Ignore_All & ~flag;
    await failure(status(server.url(), others), 'ERROR_WINHTTP_SECURE_FAILURE');
  }
  expect(await status(server.url(), needed)).toBe(200);
  expect(await status(server.url(), Ignore_All)).toBe(200);
  // One object's ignore flags do not affect another, whatever connections are kept.
  await failure(status(server.url(), CertWrongUsage), 'ERROR_WINHTTP_SECURE_FAILURE');
});

test('the name is sent, the certificate checked, the connection kept', async () => {
  await using server = await HttpServer.start(certificates.selfSigned());
  expect(await status(server.url('/', 'localhost'), UnknownCA)).toBe(200);
  expect(await status(server.url('/', 'localhost'), UnknownCA)).toBe(200);
  expect(server.connections).toBe(1);
});

test.each([
  ['PEM', { cert: certificates.client().cert, key: certificates.client().key }],
  ['PEM as text', { cert: `${certificates.client().cert}`, key: `${certificates.client().key}` }],
  ['PFX', { pfx: certificates.clientPfx(), passphrase: 'secret' }],
])('a client certificate from %s is sent', async (_what, certificate) => {
  const secure = { ...certificates.selfSigned(), ca: certificates.authority(), requestCert: true };
  await using server = await HttpServer.start({ ...secure, rejectUnauthorized: true });
  const request = await opened(server.url());
  await request.setOption('SslErrorIgnoreFlags', Ignore_All);
  await request.setClientCertificate(certificate);
  await request.send();
  expect(await request.status).toBe(200);
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)('a server that requires a client certificate, by %s', async (version) => {
  const secure = { ...certificates.selfSigned(), ca: certificates.authority(), requestCert: true };
  await using server = await HttpServer.start({ ...secure, minVersion: version, maxVersion: version });
  const error = await failure(status(server.url(), Ignore_All), 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED');
  expect(error.message).toMatch(/ALERT_(HANDSHAKE_FAILURE|CERTIFICATE_REQUIRED)/);
  // Nor later, if the body is larger than the system's buffers.
  const request = await opened(server.url(), 'POST');
  await request.setOption('SslErrorIgnoreFlags', Ignore_All);
  await failure(request.send(Buffer.alloc(8 * 1024 * 1024)), 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED');
});

test.each([
  ['TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED'],
  ['SSLV3_ALERT_NO_CERTIFICATE', 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED'],
  ['SSLV3_ALERT_BAD_CERTIFICATE', 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED'],
  ['SSLV3_ALERT_UNSUPPORTED_CERTIFICATE', 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED'],
  ['SSLV3_ALERT_CERTIFICATE_EXPIRED', 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED'],
  ['SSLV3_ALERT_CERTIFICATE_REVOKED', 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED'],
  ['SSLV3_ALERT_CERTIFICATE_UNKNOWN', 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED'],
  ['TLSV1_ALERT_UNKNOWN_CA', 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED'],
  ['TLSV1_ALERT_ACCESS_DENIED', 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED'],
  ['SSLV3_ALERT_HANDSHAKE_FAILURE', 'ERROR_WINHTTP_SECURE_CHANNEL_ERROR'],
  ['TLSV1_ALERT_PROTOCOL_VERSION', 'ERROR_WINHTTP_SECURE_CHANNEL_ERROR'],
  ['TLSV1_ALERT_INTERNAL_ERROR', 'ERROR_WINHTTP_SECURE_CHANNEL_ERROR'],
  ['TLSV1_UNRECOGNIZED_NAME', 'ERROR_WINHTTP_SECURE_CHANNEL_ERROR'],
  ['TLSV1_ALERT_INSUFFICIENT_SECURITY', 'ERROR_WINHTTP_SECURE_CHANNEL_ERROR'],
])('the alert %s is %s, during the handshake and after it', (alert, expected) => {
  const error = Object.assign(new Error('alert'), { code: `ERR_SSL_${alert}` });
  const peer = { host: '127.0.0.1', port: 443, secure: true };
  for (const progress of [
    { hasBytes: false, hasHead: false },
    { hasBytes: true, hasHead: false },
    { hasBytes: true, hasHead: true },
  ]) {
    expect(exchangeFailure(error, { ...progress, peer }).code).toBe(expected);
  }
  expect(tlsFailure(error, peer).code).toBe(expected);
});

test('an invalid client certificate, or a wrong passphrase, fails at Send', async () => {
  await using server = await HttpServer.start(certificates.selfSigned());
  for (const certificate of [
    { cert: 'none', key: 'none' },
    { pfx: certificates.clientPfx(), passphrase: 'wrong' },
  ]) {
    const request = await opened(server.url());
    await request.setClientCertificate(certificate);
    await failure(request.send(), 'ERROR_WINHTTP_SECURE_CHANNEL_ERROR');
  }
});

test('the certificate store is available on Windows only', async () => {
  await using server = await HttpServer.start(certificates.selfSigned());
  const request = await opened(server.url());
  await request.setClientCertificate('CURRENT_USER\\MY\\subject');
  const error = await failure(request.send(), 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED');
  expect(error.message).toContain('the certificate store, for "CURRENT_USER\\\\MY\\\\subject", is Windows\'');
});

test('the protocols of option 9', async () => {
  await using server = await HttpServer.start({ ...certificates.selfSigned(), maxVersion: 'TLSv1.2' });
  const send = (protocols: number) =>
    WinHttpRequest.request(server.url(), {
      backend: 'portable',
      options: { SecureProtocols: protocols, SslErrorIgnoreFlags: Ignore_All },
    });
  expect((await send(SecureProtocol.TLS1_2)).status).toBe(200);
  await failure(send(0x2000), 'ERROR_WINHTTP_SECURE_CHANNEL_ERROR');
  await failure(send(0), 'ERROR_WINHTTP_SECURE_CHANNEL_ERROR');
  await failure(send(SecureProtocol.SSL2), 'ERROR_WINHTTP_SECURE_CHANNEL_ERROR');
});

test('revocation is not checked, and the option reports that', async () => {
  await using server = await HttpServer.start(certificates.selfSigned());
  const request = await opened(server.url());
  await request.setOption('EnableCertificateRevocationCheck', true);
  await failure(request.send(), 'ERROR_WINHTTP_SECURE_CERT_REV_FAILED');
});

test('a server without TLS', async () => {
  await using server = await RawServer.start(() => {});
  await using plain = await HttpServer.start();
  await failure((await opened(plain.url().replace('http:', 'https:'))).send(), 'ERROR_WINHTTP_SECURE_CHANNEL_ERROR');
  const request = await opened(server.url().replace('http:', 'https:'));
  await request.setTimeouts(0, 0, 0, 50);
  await failure(request.send(), 'ERROR_WINHTTP_TIMEOUT');
});

test('a redirect from https to http is followed only if option 12 says so', async () => {
  await using target = await HttpServer.start();
  await using server = await HttpServer.start(certificates.selfSigned());
  const request = await opened(server.url(`/redirect?to=${encodeURIComponent(target.url())}`));
  await request.setOption('SslErrorIgnoreFlags', Ignore_All);
  await request.send();
  expect(await request.status).toBe(302);
  expect(target.requests).toEqual([]);
  await request.setOption('EnableHttpsToHttpRedirects', true);
  await request.open('GET', server.url(`/redirect?to=${encodeURIComponent(target.url())}`));
  await request.send();
  expect(await request.responseText).toBe('hello');
  expect(await request.getOption('URL')).toBe(target.url());
});

test('who refused a connection is named, host and port', async () => {
  const port = await closedPort();
  const direct = await failure((await opened(`http://localhost:${port}/`)).send(), 'ERROR_WINHTTP_CANNOT_CONNECT');
  expect(direct.message).toMatch(
    new RegExp(`\\(localhost:${port} at \\S+: the connection was refused \\(ECONNREFUSED\\)\\)$`),
  );
  const request = await create();
  await request.setProxy(2, `[::1]:${port}`);
  await request.open('GET', 'https://server.test/');
  const byProxy = await failure(request.send(), 'ERROR_WINHTTP_CANNOT_CONNECT');
  expect(byProxy.message).toContain(`(the proxy [::1]:${port}: `);
});

test.each([
  [
    'self-signed',
    certificates.selfSigned,
    /\(127\.0\.0\.1:\d+: the certificate is self-signed \(DEPTH_ZERO_SELF_SIGNED/,
  ],
  [
    'of an unknown issuer',
    certificates.unknownIssuer,
    /: the issuer of the certificate is unknown here: winwire test root \(UNABLE/,
  ],
])('a certificate that is %s is described', async (_what, certificate, says) => {
  await using server = await HttpServer.start(certificate());
  const error = await failure((await opened(server.url())).send(), 'ERROR_WINHTTP_SECURE_FAILURE');
  expect(error.message).toMatch(says);
  expect(error.message).toContain('; to trust it, set NODE_EXTRA_CA_CERTS to a PEM file');
});

test('a port without TLS is described', async () => {
  await using server = await HttpServer.start();
  const error = await failure(
    (await opened(`https://127.0.0.1:${server.port}/`)).send(),
    'ERROR_WINHTTP_SECURE_CHANNEL_ERROR',
  );
  expect(error.message).toContain(`(127.0.0.1:${server.port}: it does not speak TLS on this port: use http:`);
});

test.each([
  ['name.test.', true],
  ['127.0.0.1.', false],
])('the server name of %s', async (host, isSent) => {
  let hello = '';
  await using proxy = await RawServer.start((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.once('data', (bytes) => {
      hello = bytes.toString('latin1');
      socket.destroy();
    });
  });
  const request = await create();
  await request.setProxy(2, `127.0.0.1:${proxy.port}`);
  await request.open('GET', `https://${host}/`);
  await failure(request.send(), 'ERROR_WINHTTP_CONNECTION_ERROR');
  expect(hello.includes(host.slice(0, -1))).toBe(isSent);
  expect(hello).not.toContain(host);
});
