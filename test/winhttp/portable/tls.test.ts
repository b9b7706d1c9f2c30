// https: which certificates are taken, and which faults can be let pass.
import { expect, test } from 'vitest';
import { SecureProtocol, SslErrorFlag, WinHttpRequest } from '../../../lib/index.ts';
import { exchangeFailure, tlsFailure } from '../../../lib/winhttp/portable/transport-failure.ts';
import * as certificates from '../../helpers/certificates.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { failure, opened } from '../../helpers/http-request.ts';
import { HttpServer } from '../../helpers/http-server.ts';

const { UnknownCA, CertCNInvalid, CertDateInvalid, CertWrongUsage, Ignore_All } = SslErrorFlag;

async function status(url: string, ignored: number): Promise<number> {
  const request = await opened(url);
  await request.setOption('SslErrorIgnoreFlags', ignored);
  await request.send();
  return request.status;
}

test.each([
  ['a certificate signed by itself', certificates.selfSigned, UnknownCA],
  ['a certificate for another name', certificates.otherName, UnknownCA | CertCNInvalid],
  ['an expired certificate', certificates.expired, UnknownCA | CertDateInvalid],
])('%s is refused, unless just its faults are let pass', async (_what, certificate, needed) => {
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
  // What one object lets pass, another does not, whatever connections are kept.
  await failure(status(server.url(), CertWrongUsage), 'ERROR_WINHTTP_SECURE_FAILURE');
});

test('a name is asked for, a certificate looked at, a connection kept', async () => {
  await using server = await HttpServer.start(certificates.selfSigned());
  expect(await status(server.url('/', 'localhost'), UnknownCA)).toBe(200);
  expect(await status(server.url('/', 'localhost'), UnknownCA)).toBe(200);
  expect(server.connections).toBe(1);
});

test.each([
  ['PEM', { cert: certificates.client().cert, key: certificates.client().key }],
  ['PEM as text', { cert: `${certificates.client().cert}`, key: `${certificates.client().key}` }],
  ['PFX', { pfx: certificates.clientPfx(), passphrase: 'secret' }],
])('a client certificate from %s is shown', async (_what, certificate) => {
  const secure = { ...certificates.selfSigned(), ca: certificates.authority(), requestCert: true };
  await using server = await HttpServer.start({ ...secure, rejectUnauthorized: true });
  const request = await opened(server.url());
  await request.setOption('SslErrorIgnoreFlags', Ignore_All);
  await request.setClientCertificate(certificate);
  await request.send();
  expect(await request.status).toBe(200);
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)('a server that demands a client certificate, by %s', async (version) => {
  const secure = { ...certificates.selfSigned(), ca: certificates.authority(), requestCert: true };
  await using server = await HttpServer.start({ ...secure, minVersion: version, maxVersion: version });
  const error = await failure(status(server.url(), Ignore_All), 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED');
  expect(error.message).toMatch(/ALERT_(HANDSHAKE_FAILURE|CERTIFICATE_REQUIRED)/);
  // Nor is it refused later where the body is larger than the buffers of the system.
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
  for (const progress of [
    { hasBytes: false, hasHead: false },
    { hasBytes: true, hasHead: false },
    { hasBytes: true, hasHead: true },
  ]) {
    expect(exchangeFailure(error, progress).code).toBe(expected);
  }
  expect(tlsFailure(error).code).toBe(expected);
});

test('a client certificate that is none, or a wrong passphrase, fails at Send', async () => {
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

test("the certificate store is Windows'", async () => {
  await using server = await HttpServer.start(certificates.selfSigned());
  const request = await opened(server.url());
  await request.setClientCertificate('CURRENT_USER\\MY\\somebody');
  const error = await failure(request.send(), 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED');
  expect(error.message).toContain('the certificate store, for "CURRENT_USER\\\\MY\\\\somebody", is Windows\'');
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

test('nobody here looks up whether a certificate is revoked, and nobody says so', async () => {
  await using server = await HttpServer.start(certificates.selfSigned());
  const request = await opened(server.url());
  await request.setOption('EnableCertificateRevocationCheck', true);
  await failure(request.send(), 'ERROR_WINHTTP_SECURE_CERT_REV_FAILED');
});

test('a server that speaks no TLS', async () => {
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
