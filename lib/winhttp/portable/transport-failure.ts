/** Maps failures of the network, of TLS and of the other side to HRESULTs. */
import { type CertificateFacts, describeCertificateFault } from '../../certificate-fault.ts';
import { WinwireError } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import { MessageError, type MessageFault } from '../../http1/message-error.ts';
import { describeTlsFault, sslCodeOf } from '../../tls-fault.ts';
import { failureOf } from '../winhttp-errors.ts';

/** A failure of Send with its cause. */
export function sendFailure(hresult: number, detail?: string, cause?: unknown): WinwireError {
  return failureOf('Send', hresult, { ...(detail === undefined ? {} : { detail }), cause });
}

/** Returns the failure of Send for any error. */
export const asSendFailure = (error: Error): WinwireError =>
  error instanceof WinwireError ? error : sendFailure(HResult.ERROR_WINHTTP_INTERNAL_ERROR, undefined, error);

/** The other end of a connection. */
export interface Peer {
  readonly host: string;
  readonly port: number;
  readonly isProxy?: boolean;
  /** Whether the connection uses TLS. */
  readonly secure: boolean;
}

/** Returns a peer's name for error texts: `example.org:443`, `the proxy [::1]:3128`. */
export function peerText({ host, port, isProxy }: Omit<Peer, 'secure'>): string {
  return `${isProxy ? 'the proxy ' : ''}${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** One of the four time-outs has passed. */
export function timedOut(what: string, milliseconds: number): WinwireError {
  return sendFailure(HResult.ERROR_WINHTTP_TIMEOUT, `${what}: ${milliseconds} ms`);
}

/** The progress of an exchange when it failed. */
interface Progress {
  /** Whether a byte of the response had arrived. */
  readonly hasBytes: boolean;
  /** Whether the response head was complete. */
  readonly hasHead: boolean;
  readonly peer: Peer;
}

/** The failure of a request on an open connection; without `error` the other side has closed it. */
export function exchangeFailure(error: Error | undefined, { hasBytes, hasHead, peer }: Progress): WinwireError {
  if (error instanceof MessageError) return messageFailure(error, peer);
  if (error && isTlsError(codeOf(error))) return tlsFailure(error, peer);
  const isBroken = hasHead || (error !== undefined && !hasBytes);
  const hresult = isBroken ? HResult.ERROR_WINHTTP_CONNECTION_ERROR : HResult.ERROR_WINHTTP_INVALID_SERVER_RESPONSE;
  const when = hasHead ? 'before the body ended' : hasBytes ? 'before the headers ended' : 'before it answered';
  // Many TLS servers close the connection after a plain-text request.
  const hint = hasBytes || peer.secure ? '' : '; if it speaks TLS, use https:';
  const closed = `${peerText(peer)} closed the connection ${when}${hint}`;
  return sendFailure(hresult, error ? `${closed}: ${reasonOf(error)}` : closed, error);
}

const HRESULTS: Readonly<Record<MessageFault, number>> = {
  malformed: HResult.ERROR_WINHTTP_INVALID_SERVER_RESPONSE,
  // Microsoft names ERROR_WINHTTP_HEADER_SIZE_OVERFLOW too; the object reports this one (RQ-155).
  'head-too-large': HResult.ERROR_WINHTTP_INVALID_SERVER_RESPONSE,
  'chunk-line-too-large': HResult.ERROR_WINHTTP_CHUNKED_ENCODING_HEADER_SIZE_OVERFLOW,
};

/** The error for an invalid response of a server or proxy. */
export function messageFailure(error: MessageError, peer: Peer): WinwireError {
  return sendFailure(HRESULTS[error.fault], `${peerText(peer)}: ${error.message}`, error);
}

/**
 * The failure of a TLS handshake, or an alert after it: with TLS 1.3 a server rejects a client's certificate only then.
 * The error's `code` is a name of OpenSSL or Node.js. `hasServerFlight`: the server's certificate had arrived, and the
 * client sent none.
 */
export function tlsFailure(error: Error, peer: Peer, hasServerFlight = false): WinwireError {
  const code = sslCodeOf(error) ?? codeOf(error);
  const detail = `${peerText(peer)}: ${describeTlsFault(error) ?? reasonOf(error)}`;
  // TLS 1.2 has no alert for this: a server that asked for a certificate and got none only reports that the handshake
  // failed (RFC 5246 section 7.4.6).
  const isWanted = CERTIFICATE_WANTED.test(code) || (hasServerFlight && code.endsWith('ALERT_HANDSHAKE_FAILURE'));
  if (isWanted) return sendFailure(HResult.ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED, detail, error);
  return sendFailure(
    isTlsError(code) ? HResult.ERROR_WINHTTP_SECURE_CHANNEL_ERROR : HResult.ERROR_WINHTTP_CONNECTION_ERROR,
    detail,
    error,
  );
}

/** The server's certificate is rejected; `code` is Node's name of the error. */
export function certificateFailure(
  code: string,
  peer: Peer,
  chain: readonly CertificateFacts[],
  cause?: unknown,
): WinwireError {
  const detail = `${peerText(peer)}: ${describeCertificateFault(code, peer.host, chain)}`;
  return sendFailure(HResult.ERROR_WINHTTP_SECURE_FAILURE, detail, cause);
}

/** Alerts about the client's certificate: missing or invalid (RFC 8446 section 6.2) [assumed]. */
const CERTIFICATE_WANTED =
  /CERTIFICATE_REQUIRED|ALERT_(?:NO|BAD|UNSUPPORTED)_CERTIFICATE|ALERT_CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN)|ALERT_(?:UNKNOWN_CA|ACCESS_DENIED)/;

const isTlsError = (code: string): boolean => /^(?:ERR_SSL|ERR_TLS|EPROTO)/.test(code);

export function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to its network',
  ETIMEDOUT: 'it does not answer',
};

/** Returns why a socket failed, in words if the code has some. */
export function reasonOf(error: Error): string {
  const code = codeOf(error);
  const words = REASONS[code];
  return words === undefined ? code || error.message : `${words} (${code})`;
}
