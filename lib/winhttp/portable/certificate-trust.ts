/** Whether a chain of certificates ends in a root that Node trusts, whatever else is wrong with it. */
import { X509Certificate } from 'node:crypto';
import { type DetailedPeerCertificate, rootCertificates } from 'node:tls';

let roots: X509Certificate[] | undefined;

/** Needed only where a fault of the certificate hides whether its chain is sound. */
export function isTrusted(certificate: DetailedPeerCertificate): boolean {
  roots ??= rootCertificates.map((pem) => new X509Certificate(pem));
  const seen = new Set<string>();
  let current: DetailedPeerCertificate | undefined = certificate;
  while (current?.raw !== undefined && !seen.has(current.fingerprint256)) {
    seen.add(current.fingerprint256);
    const one = new X509Certificate(current.raw);
    if (roots.some((root) => root.fingerprint256 === one.fingerprint256 || hasIssued(root, one))) return true;
    const next: DetailedPeerCertificate | undefined = current.issuerCertificate;
    if (next?.raw === undefined || !hasIssued(new X509Certificate(next.raw), one)) return false;
    current = next;
  }
  return false;
}

const hasIssued = (issuer: X509Certificate, subject: X509Certificate): boolean =>
  subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
