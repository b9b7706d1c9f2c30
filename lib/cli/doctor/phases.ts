/** The way to a server, one phase after the other, each by Node's own means: what fails tells where. */
import { lookup as lookupName } from 'node:dns/promises';
import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import type { CertificateReport, TlsReport } from './doctor-report.ts';

/** All addresses of a name, in the order in which they are tried. */
export async function resolveName(host: string): Promise<readonly string[]> {
  const found = await lookupName(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}

/** A TCP connection to the first of the addresses that answers. */
export async function openConnection(
  host: string,
  port: number,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<Socket> {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }));
  // The name was resolved before, and its time is told apart.
  const socket = connectTcp({ host, port, lookup: (_, __, done) => done(null, entries) });
  return connected(socket, 'connect', signal);
}

/** TLS over a connection, whatever the certificate; the report says what Node thinks of it. */
export async function openTls(
  socket: Socket,
  host: string,
  signal: AbortSignal,
): Promise<{ readonly socket: TLSSocket; readonly report: TlsReport }> {
  const servername = isIP(host) ? undefined : host;
  const options = { socket, host, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] };
  const secure = connectTls(servername === undefined ? options : { ...options, servername });
  await connected(secure, 'secureConnect', signal);
  const { authorizationError: error } = secure;
  const report = {
    protocol: secure.getProtocol() ?? undefined,
    cipher: secure.getCipher().name,
    error: error ? String((error as Error).message ?? error) : undefined,
    chain: chainOf(secure.getPeerCertificate(true)),
  };
  return { socket: secure, report };
}

async function connected<T extends Socket>(socket: T, event: string, signal: AbortSignal): Promise<T> {
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw signal.aborted ? signal.reason : error;
  }
}

function chainOf(first: DetailedPeerCertificate): CertificateReport[] {
  const chain: CertificateReport[] = [];
  const seen = new Set<string>();
  let current: DetailedPeerCertificate | undefined = first;
  while (current?.fingerprint256 !== undefined && !seen.has(current.fingerprint256)) {
    seen.add(current.fingerprint256);
    chain.push({
      subject: nameOf(current.subject),
      names: current.subjectaltname,
      issuer: nameOf(current.issuer),
      validFrom: new Date(current.valid_from).toISOString(),
      validTo: new Date(current.valid_to).toISOString(),
      fingerprint: current.fingerprint256,
    });
    current = current.issuerCertificate;
  }
  return chain;
}

/** `CN=example.org, O=Example`. */
function nameOf(name: object): string {
  const entries = Object.entries(name as Record<string, string | string[]>);
  return entries.flatMap(([key, values]) => [values].flat().map((value) => `${key}=${value}`)).join(', ');
}
