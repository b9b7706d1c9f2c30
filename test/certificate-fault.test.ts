import { describe, expect, it } from 'vitest';
import { type CertificateFacts, describeCertificateFault, factsOf, namesOf } from '../lib/certificate-fault.ts';

const own: CertificateFacts = {
  subject: 'CN=a.test, O=Example',
  names: 'DNS:a.test, DNS:www.a.test, IP Address:192.0.2.1',
  issuer: 'C=XX, O=Authority, CN=Authority R1',
  validFrom: '2020-01-01T00:00:00.000Z',
  validTo: '2099-01-01T00:00:00.000Z',
};
const old: CertificateFacts = { ...own, subject: 'O=Old authority', validTo: '2002-02-03T00:00:00.000Z' };

describe('a fault of a certificate in words', () => {
  it.each([
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      [own],
      /^the certificate is self-signed \(DEPTH_ZERO_SELF_SIGNED_CERT\); to trust it, set NODE_EXTRA/,
    ],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      [own],
      /^the certificate is of an authority that is not trusted here: Authority R1 \(/,
    ],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      [own],
      /^the issuer of the certificate is unknown here: Authority R1 \(.*--use-system-ca$/,
    ],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', [], /^the issuer of the certificate is unknown here \(/],
    [
      'CERT_HAS_EXPIRED',
      [old],
      /^the certificate expired on 2002-02-03 \(CERT_HAS_EXPIRED\); the server needs another/,
    ],
    ['CERT_HAS_EXPIRED', [own, old], /^a certificate of the chain, Old authority, expired on 2002-02-03 \(/],
    ['CERT_HAS_EXPIRED', [own], /^a certificate of the chain has expired \(/],
    ['CERT_HAS_EXPIRED', [], /^the certificate has expired \(/],
    [
      'CERT_NOT_YET_VALID',
      [{ ...own, validFrom: '2098-01-01T00:00:00.000Z' }],
      /^the certificate is not valid before 2098-01-01: today is \d{4}-\d\d-\d\d here \(.*clock/,
    ],
    ['CERT_NOT_YET_VALID', [], /^a certificate is not valid yet: today is /],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      [own],
      /^the certificate is for a\.test, www\.a\.test, 192\.0\.2\.1, not for b\.test \(/,
    ],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      [{ ...own, names: undefined }],
      /^the certificate is for a\.test, not for b\.test/,
    ],
    ['ERR_TLS_CERT_ALTNAME_INVALID', [], /^the certificate is for another name, not for b\.test/],
    ['INVALID_PURPOSE', [own], /^the certificate is not one for servers \(/],
    ['CERT_REVOKED', [own], /^the certificate is revoked \(/],
    ['CERT_SIGNATURE_FAILURE', [own], /^the certificate is invalid \(CERT_SIGNATURE_FAILURE\)/],
  ] as const)('%s', (code, chain, expected) => {
    expect(describeCertificateFault(code, 'b.test', chain)).toMatch(expected);
  });

  it('stays short and on one line, whatever text the certificate contains', () => {
    const names = Array.from({ length: 61 }, (_, index) => `DNS:${'n'.repeat(100)}${index}`).join(', ');
    const issuer = `CN=${'x\n\u0007\u009b'.repeat(1000)}`;
    for (const code of ['ERR_TLS_CERT_ALTNAME_INVALID', 'SELF_SIGNED_CERT_IN_CHAIN']) {
      const text = describeCertificateFault(code, 'b.test', [{ ...own, names, issuer }]);
      expect(text.length).toBeLessThan(600);
      expect(text).not.toMatch(/\p{Cc}/u);
    }
    expect(namesOf({ subject: '', names: 'DNS:a, DNS:b, DNS:c, DNS:d, DNS:e' })).toBe('a, b, c, d and 1 more');
  });

  it('accepts certificates of Node, even with an invalid time', () => {
    const certificate = { subject: { CN: 'a.test', OU: ['one', 'two'] }, issuer: undefined, valid_from: 'never' };
    const facts = factsOf({ ...certificate, valid_to: 'Jan  1 00:00:00 2002 GMT' } as never);
    expect(facts).toEqual({
      subject: 'CN=a.test, OU=one, OU=two',
      names: undefined,
      issuer: '',
      validFrom: 'never',
      validTo: '2002-01-01T00:00:00.000Z',
    });
  });
});
