/** Checks whether a certificate chain ends in a root that Node.js trusts, whatever other errors it has. */
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as tls from 'node:tls';

const SERVER_USAGES = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

/**
 * Returns whether the chain is valid apart from dates, name and usage. Needed only if one of these errors hides the
 * answer: OpenSSL reports the last error only.
 */
export function isTrusted(socket: tls.TLSSocket, chain: readonly X509Certificate[]): boolean {
  const roots = trustedRoots();
  const sent = sentBy(socket);
  for (const [index, one] of chain.entries()) {
    if (roots.some((root) => root.fingerprint256 === one.fingerprint256 || hasIssued(root, one))) return true;
    const issuer = chain[index + 1];
    if (!issuer || !hasIssued(issuer, one)) return false;
    // Node.js completes the chain from its store: a certificate that the server did not send is a root of the store.
    if (issuer.checkIssued(issuer) && !sent.has(issuer.fingerprint256)) return true;
    if (!issuer.ca) return false;
  }
  return false;
}

/**
 * Returns the server's certificate, its issuer, and so on, as far as Node.js knows them. Call it before other methods:
 * `getPeerX509Certificate` removes the chain from `getPeerCertificate`.
 */
export function chainOf(socket: tls.TLSSocket): X509Certificate[] {
  const chain = new Map<string, X509Certificate>();
  let current: tls.DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (current?.raw !== undefined && !chain.has(current.fingerprint256)) {
    chain.set(current.fingerprint256, new X509Certificate(current.raw));
    current = current.issuerCertificate;
  }
  return [...chain.values()];
}

/** Returns whether servers may use a certificate (RFC 5280 section 4.2.1.12). */
export function isForServers(certificate: X509Certificate): boolean {
  // The type says `string[]`; without the extension it is undefined.
  const usages = certificate.keyUsage as string[] | undefined;
  return usages === undefined || usages.some((usage) => SERVER_USAGES.includes(usage));
}

const hasIssued = (issuer: X509Certificate, subject: X509Certificate): boolean =>
  subject.checkIssued(issuer) && subject.verify(issuer.publicKey);

/** The fingerprints of the certificates that the server sent. */
function sentBy(socket: tls.TLSSocket): ReadonlySet<string> {
  const sent = new Set<string>();
  let current = socket.getPeerX509Certificate();
  while (current && !sent.has(current.fingerprint256)) {
    sent.add(current.fingerprint256);
    current = current.issuerCertificate;
  }
  return sent;
}

let cached: { readonly pems: readonly string[]; readonly roots: readonly X509Certificate[] } | undefined;

/** A program may change the roots at run time; until then Node.js returns the same array. */
function trustedRoots(): readonly X509Certificate[] {
  const pems = defaultRoots();
  if (cached?.pems !== pems) {
    const roots = pems.map((pem) => attempt(() => new X509Certificate(pem))).filter((root) => root !== undefined);
    cached = { pems, roots };
  }
  return cached.roots;
}

// Available from Node.js 22.15 on; the types are those of the oldest supported version.
type GetCaCertificates = (type: 'default') => readonly string[];

let older: readonly string[] | undefined;

function defaultRoots(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: GetCaCertificates };
  if (getCACertificates && !USES_OPENSSL) return getCACertificates('default');
  const bundled = USES_OPENSSL ? openSslFiles() : [];
  const files = [...bundled, ...(EXTRA === undefined ? [] : [EXTRA])];
  older ??= [...(USES_OPENSSL ? [] : tls.rootCertificates), ...files.flatMap(certificatesIn)];
  return older;
}

// Node.js reads these at start.
const EXTRA = process.env.NODE_EXTRA_CA_CERTS;
const USES_OPENSSL = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)].includes(
  '--use-openssl-ca',
);
// The folder of Node's own OpenSSL (OPENSSLDIR in its deps/openssl).
const OPENSSL_FOLDER = '/etc/ssl';

/** Returns the files of `--use-openssl-ca`. Source: OpenSSL, SSL_CTX_load_verify_locations(3), "Notes". */
function openSslFiles(): string[] {
  const file = process.env.SSL_CERT_FILE ?? path.join(OPENSSL_FOLDER, 'cert.pem');
  const folders = process.env.SSL_CERT_DIR ?? path.join(OPENSSL_FOLDER, 'certs');
  const hashed = folders.split(path.delimiter).flatMap((folder) => {
    const names = attempt(() => readdirSync(folder)) ?? [];
    return names.filter((name) => /^[\da-f]{8}\.\d+$/.test(name)).map((name) => path.join(folder, name));
  });
  return [file, ...hashed];
}

/** Ignores unreadable files, as Node.js does. */
function certificatesIn(file: string): string[] {
  const text = attempt(() => readFileSync(file, 'latin1')) ?? '';
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
