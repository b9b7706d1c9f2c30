/** The connection to a server, one phase at a time with Node's own functions, to show which phase fails. */
import { lookup as lookupName } from 'node:dns/promises';
import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { factsOf } from '../../certificate-fault.ts';
import type { CertificateReport, TlsReport } from './doctor-report.ts';

/** Returns all addresses of a name, in the order in which they are tried. */
export async function resolveName(host: string): Promise<readonly string[]> {
  const found = await lookupName(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}

/** Opens a TCP connection to the first address that answers. */
export async function openConnection(
  host: string,
  port: number,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<Socket> {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }));
  // The name was resolved before, so that its time is separate.
  const socket = connectTcp({ host, port, lookup: (_, __, done) => done(null, entries) });
  return connected(socket, 'connect', signal);
}

/** Starts TLS with any certificate; the report contains Node's verdict. */
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
    chain.push({ ...factsOf(current), fingerprint: current.fingerprint256 });
    current = current.issuerCertificate;
  }
  return chain;
}
