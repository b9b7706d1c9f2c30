/** Texts for faults of a server's certificate: what is wrong, and what to do. */
import type { PeerCertificate, TLSSocket } from 'node:tls';

/** The fields of a certificate for error texts. Names are like `CN=example.org, O=Example`, times in ISO 8601. */
export interface CertificateFacts {
  readonly subject: string;
  /** The alternative names, as OpenSSL lists them. */
  readonly names: string | undefined;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** Returns whether an error code of Node.js reports an invalid certificate. */
export const isCertificateCode = (code: string): boolean =>
  code === 'ERR_TLS_CERT_ALTNAME_INVALID' || (/CERT|ISSUER|LEAF|PURPOSE|CRL/.test(code) && !code.startsWith('ERR_'));

/**
 * Describes an error: `code` is its name in Node.js, `host` the requested name, `chain` starts with the server's
 * certificate and may be incomplete.
 */
export function describeCertificateFault(code: string, host: string, chain: readonly CertificateFacts[]): string {
  const help = helpFor(code);
  return `${faultText(code, host, chain)} (${code})${help === '' ? '' : `; ${help}`}`;
}

function faultText(code: string, host: string, chain: readonly CertificateFacts[]): string {
  const [own] = chain;
  if (/DEPTH_ZERO/.test(code)) return 'the certificate is self-signed';
  if (/CERT_IN_CHAIN/.test(code))
    return `the certificate is of an authority that is not trusted here${issuerOf(chain)}`;
  if (/ISSUER|LEAF/.test(code)) return `the issuer of the certificate is unknown here${issuerOf(chain)}`;
  if (/EXPIRED/.test(code)) return expiryText(chain);
  if (/NOT_YET_VALID/.test(code)) return beginText(chain);
  if (/ALTNAME/.test(code)) return `the certificate is for ${own ? namesOf(own) : 'another name'}, not for ${host}`;
  if (/PURPOSE/.test(code)) return 'the certificate is not one for servers';
  if (/REVOKED/.test(code)) return 'the certificate is revoked';
  return 'the certificate is invalid';
}

/** Returns the remedy. */
function helpFor(code: string): string {
  if (/NOT_YET_VALID/.test(code)) return 'check the clock of this machine';
  if (/EXPIRED|REVOKED|PURPOSE/.test(code)) return 'the server needs another certificate';
  if (/ALTNAME/.test(code)) return 'use a name of the certificate in the URL';
  return (
    'to trust it, set NODE_EXTRA_CA_CERTS to a PEM file with the certificate of its authority, or start Node.js ' +
    '(22.15 or newer) with --use-system-ca'
  );
}

function expiryText(chain: readonly CertificateFacts[]): string {
  const index = chain.findIndex(({ validTo }) => Date.parse(validTo) < Date.now());
  const expired = chain[index];
  if (!expired) return chain.length > 0 ? 'a certificate of the chain has expired' : 'the certificate has expired';
  const which = index === 0 ? 'the certificate' : `a certificate of the chain, ${shortName(expired.subject)},`;
  return `${which} expired on ${dayOf(expired.validTo)}`;
}

function beginText(chain: readonly CertificateFacts[]): string {
  const early = chain.find(({ validFrom }) => Date.parse(validFrom) > Date.now());
  const today = `today is ${dayOf(new Date().toISOString())} here`;
  if (!early) return `a certificate is not valid yet: ${today}`;
  return `the certificate is not valid before ${dayOf(early.validFrom)}: ${today}`;
}

const dayOf = (time: string): string => time.slice(0, 10);

function issuerOf(chain: readonly CertificateFacts[]): string {
  const issuer = chain.at(-1)?.issuer ?? '';
  return issuer === '' ? '' : `: ${shortName(issuer)}`;
}

/** Maximum number of names in an error text or a line of a report; a certificate may have hundreds. */
const MAX_NAMES = 4;

/** Returns the first few names of a certificate, and the number of others. */
export function namesOf({ subject, names }: Pick<CertificateFacts, 'subject' | 'names'>): string {
  const all = (names ?? '').split(/,\s*/).map((name) => clean(name.replace(/^(?:DNS|IP Address):/, '')));
  const known = all.filter((name) => name !== '');
  if (known.length === 0) return shortName(subject);
  const more = known.length - MAX_NAMES;
  return more > 0 ? `${known.slice(0, MAX_NAMES).join(', ')} and ${more} more` : known.join(', ');
}

/** Returns the common name, else the organization, else the whole name. */
function shortName(name: string): string {
  const [, common] = /(?:^|, )CN=(.*?)(?:, \w+=|$)/s.exec(name) ?? [];
  const [, organization] = /(?:^|, )O=(.*?)(?:, \w+=|$)/s.exec(name) ?? [];
  return clean(common ?? organization ?? name);
}

/** The server's text must stay short and on one line. */
function clean(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}

/** Returns the fields of a certificate of Node's TLS sockets. */
export function factsOf(certificate: PeerCertificate): CertificateFacts {
  return {
    subject: distinguishedName(certificate.subject),
    names: certificate.subjectaltname,
    issuer: distinguishedName(certificate.issuer),
    validFrom: isoTime(certificate.valid_from),
    validTo: isoTime(certificate.valid_to),
  };
}

/** A certificate may have any text as its time. */
function isoTime(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}

/** `CN=example.org, O=Example`. */
function distinguishedName(name: object | undefined): string {
  const entries = Object.entries((name ?? {}) as Record<string, string | string[]>);
  return entries.flatMap(([key, values]) => [values].flat().map((value) => `${key}=${value}`)).join(', ');
}

/**
 * Keeps the server's certificate of a connecting socket for error texts: a socket whose handshake has failed no longer
 * has it. Call it before the handshake ends.
 */
export function keepCertificate(socket: TLSSocket): () => readonly CertificateFacts[] {
  let chain: readonly CertificateFacts[] = [];
  // The event is undocumented. Node's own listener, which may destroy the socket, runs later.
  socket.prependListener('secure', () => {
    const certificate = socket.getPeerCertificate();
    if (certificate?.raw !== undefined) chain = [factsOf(certificate)];
  });
  return () => chain;
}
