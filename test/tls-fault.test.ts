import { describe, expect, it } from 'vitest';
import { describeTlsFault } from '../lib/tls-fault.ts';

const failure = (code: string, message = '80:error:0A:SSL routines:a.c:1', reason?: string) =>
  Object.assign(new Error(message), { code }, reason === undefined ? {} : { reason });

describe('a failure of TLS in words', () => {
  it.each([
    [
      'ERR_SSL_WRONG_VERSION_NUMBER',
      /^it does not speak TLS on this port: use http: or ws:, or another port \(ERR_SSL_W/,
    ],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', /^it does not speak TLS/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /^it demands a client certificate \(/],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', /^it rejects the client certificate \(/],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /^it rejects the client certificate \(/],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', /^it ended the TLS handshake; it may demand a client certificate/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /^it speaks no version of TLS that is allowed here \(/],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', /^it serves no host of that name \(/],
    ['ERR_SSL_ODD', /^TLS failed \(ERR_SSL_ODD\)$/],
  ])('%s', (code, expected) => {
    expect(describeTlsFault(failure(code))).toMatch(expected);
  });

  it("has OpenSSL's reason where there are no better words", () => {
    expect(describeTlsFault(failure('ERR_SSL_ODD', '', 'no cipher'))).toBe('no cipher (ERR_SSL_ODD)');
  });

  it('is found in the message of EPROTO', () => {
    const message = 'write EPROTO 40:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../a.c:355:\n';
    expect(describeTlsFault(failure('EPROTO', message))).toMatch(
      /^it does not speak TLS .*ERR_SSL_WRONG_VERSION_NUMBER/,
    );
    expect(describeTlsFault(failure('EPROTO', 'write EPROTO'))).toBeUndefined();
  });

  it('is undefined for other errors', () => {
    for (const code of ['ECONNRESET', 'CERT_HAS_EXPIRED', '']) expect(describeTlsFault(failure(code))).toBeUndefined();
  });
});
