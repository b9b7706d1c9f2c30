/** Whether a chain of certificates ends in a root that Node trusts, whatever else is wrong with it. */
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as tls from 'node:tls';

const SERVER_USAGES = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

/**
 * Whether the chain is sound, apart from dates, name and usage. Needed only where one of these faults hides whether it
 * is: OpenSSL names the last one.
 */
export function isTrusted(socket: tls.TLSSocket, chain: readonly X509Certificate[]): boolean {
  const roots = trustedRoots();
  const sent = sentBy(socket);
  for (const [index, one] of chain.entries()) {
    if (roots.some((root) => root.fingerprint256 === one.fingerprint256 || hasIssued(root, one))) return true;
    const issuer = chain[index + 1];
    if (!issuer || !hasIssued(issuer, one)) return false;
    // Node completes the chain from its store: what the server has not sent is a root of the store.
    if (issuer.checkIssued(issuer) && !sent.has(issuer.fingerprint256)) return true;
    if (!issuer.ca) return false;
  }
  return false;
}

/**
 * The server's certificate, its issuer, and so on, as far as Node knows them. To be called before anything else of the
 * socket's certificates: `getPeerX509Certificate` takes the chain away from `getPeerCertificate`.
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

/** Whether a certificate may be used by servers (RFC 5280 section 4.2.1.12). */
export function isForServers(certificate: X509Certificate): boolean {
  // The type says `string[]`; without the extension it is undefined.
  const usages = certificate.keyUsage as string[] | undefined;
  return usages === undefined || usages.some((usage) => SERVER_USAGES.includes(usage));
}

const hasIssued = (issuer: X509Certificate, subject: X509Certificate): boolean =>
  subject.checkIssued(issuer) && subject.verify(issuer.publicKey);

/** The fingerprints of the chain as the server has sent it. */
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

/** A program may set other roots at run time; Node gives the same array until then. */
function trustedRoots(): readonly X509Certificate[] {
  const pems = defaultRoots();
  if (cached?.pems !== pems) {
    const roots = pems.map((pem) => attempt(() => new X509Certificate(pem))).filter((root) => root !== undefined);
    cached = { pems, roots };
  }
  return cached.roots;
}

// From Node.js 22.15 on; the types are those of the oldest one.
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

// Node reads these when it starts.
const EXTRA = process.env.NODE_EXTRA_CA_CERTS;
const USES_OPENSSL = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)].includes(
  '--use-openssl-ca',
);
// Where Node's own OpenSSL looks (OPENSSLDIR in its deps/openssl).
const OPENSSL_FOLDER = '/etc/ssl';

/** The files of `--use-openssl-ca`. Source: OpenSSL, SSL_CTX_load_verify_locations(3), "Notes". */
function openSslFiles(): string[] {
  const file = process.env.SSL_CERT_FILE ?? path.join(OPENSSL_FOLDER, 'cert.pem');
  const folders = process.env.SSL_CERT_DIR ?? path.join(OPENSSL_FOLDER, 'certs');
  const hashed = folders.split(path.delimiter).flatMap((folder) => {
    const names = attempt(() => readdirSync(folder)) ?? [];
    return names.filter((name) => /^[\da-f]{8}\.\d+$/.test(name)).map((name) => path.join(folder, name));
  });
  return [file, ...hashed];
}

/** What cannot be read is not trusted by Node either. */
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
