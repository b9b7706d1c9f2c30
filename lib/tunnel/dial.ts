/** Opens sockets: TCP, and TLS over any socket. */
import { connect, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import {
  type CertificateFacts,
  describeCertificateFault,
  isCertificateCode,
  keepCertificate,
} from '../certificate-fault.ts';
import { describeTlsFault } from '../tls-fault.ts';
import type { Attempt } from './attempt.ts';
import type { TlsSessions } from './tls-sessions.ts';
import { secureContextOf } from './trust.ts';

/** A place to connect to. */
export interface Place {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `example.org:443`, `[::1]:443`. */
export const placeText = ({ host, port }: Place): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** @throws the error of node:net; {AttemptTimeout}, {AbortError}. */
export function connectTcp({ host, port }: Place, tcp: Partial<TcpNetConnectOpts>, attempt: Attempt): Promise<Socket> {
  const socket = attempt.own(connect({ ...tcp, host, port, noDelay: true }));
  return opened(socket, 'connect', attempt);
}

/** The socket below, and what matters for the handshake. */
export interface TlsTarget extends Place {
  readonly alpn: readonly string[];
  readonly options: ConnectionOptions;
  /** Where sessions are kept for resumption, and the key of this connection's. */
  readonly sessions?: TlsSessions | undefined;
  readonly sessionKey: string;
}

/**
 * Performs the handshake of TLS on a socket.
 *
 * @throws the error of node:tls; {AttemptTimeout}, {AbortError}.
 */
export async function startTls(
  socket: Socket,
  { host, port, alpn, options, sessions, sessionKey }: TlsTarget,
  attempt: Attempt,
): Promise<TLSSocket> {
  // RFC 6066 section 3: the name has no trailing dot, and is not an address.
  const name = host.replace(/\.$/, '');
  const session = sessions?.get(sessionKey);
  const secure = connectTls({
    ALPNProtocols: [...alpn],
    ...(isIP(name) === 0 && { servername: name }),
    ...(session && { session }),
    secureContext: secureContextOf(options),
    ...options,
    socket,
    host,
  });
  const certificates = keepCertificate(attempt.own(secure));
  const keep = keepSession(secure);
  try {
    await opened(secure, 'secureConnect', attempt);
  } catch (error) {
    throw tlsFailure(error as Error, host, port, certificates());
  }
  keep((value) => sessions?.set(sessionKey, value));
  return secure;
}

/** Sessions count after the handshake only: one of a server that was rejected would skip the check of its name. */
function keepSession(secure: TLSSocket): (store: (session: Buffer) => void) => void {
  let last: Buffer | undefined;
  let store: ((session: Buffer) => void) | undefined;
  secure.on('session', (session: Buffer) => {
    last = session;
    store?.(session);
  });
  return (onSession) => {
    store = onSession;
    if (last) onSession(last);
  };
}

/** Returns the error with a text that names the peer and the reason, and with the properties of Node's error. */
function tlsFailure(error: Error, host: string, port: number, chain: readonly CertificateFacts[]): Error {
  const { code = '' } = error as NodeJS.ErrnoException;
  const reason = isCertificateCode(code)
    ? describeCertificateFault(code, host, chain)
    : code === 'ECONNRESET'
      ? 'it closed the connection during the TLS handshake'
      : describeTlsFault(error);
  if (reason === undefined) return error;
  return Object.assign(new Error(`${placeText({ host, port })}: ${reason}`, { cause: error }), error);
}

function opened<S extends Socket>(socket: S, event: 'connect' | 'secureConnect', attempt: Attempt): Promise<S> {
  return attempt.stage((resolve, reject) => {
    const onOpen = () => resolve(socket);
    const onClose = () => reject(new Error('the connection was closed'));
    socket.on(event, onOpen).on('error', reject).on('close', onClose);
    return () => void socket.off(event, onOpen).off('error', reject).off('close', onClose);
  });
}
