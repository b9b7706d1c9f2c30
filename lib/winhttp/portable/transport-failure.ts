/** Which HRESULT stands for a failure of the network, of TLS or of the other side. */
import type { WinwireError } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import { MessageError, type MessageFault } from '../../http1/message-error.ts';
import { failureOf } from '../winhttp-errors.ts';

/** A failure of Send with what is behind it. */
export function sendFailure(hresult: number, detail?: string, cause?: unknown): WinwireError {
  return failureOf('Send', hresult, { ...(detail === undefined ? {} : { detail }), cause });
}

/** One of the four limits has passed. */
export function timedOut(what: string, milliseconds: number): WinwireError {
  return sendFailure(HResult.ERROR_WINHTTP_TIMEOUT, `${what}: ${milliseconds} ms`);
}

/** How far an exchange had come when it failed. */
interface Progress {
  /** Any byte of a response. */
  readonly hasBytes: boolean;
  /** A whole head. */
  readonly hasHead: boolean;
}

/** The failure of a request whose connection stood; without an error, the other side has closed it. */
export function exchangeFailure(error: Error | undefined, { hasBytes, hasHead }: Progress): WinwireError {
  if (error instanceof MessageError) return messageFailure(error);
  if (error && isTlsError(codeOf(error))) return tlsFailure(error);
  if (hasHead) {
    const detail = error ? codeOf(error) : 'the connection was closed before the body ended';
    return sendFailure(HResult.ERROR_WINHTTP_CONNECTION_ERROR, detail, error);
  }
  if (error && !hasBytes) return sendFailure(HResult.ERROR_WINHTTP_CONNECTION_ERROR, codeOf(error), error);
  const detail = 'the connection was closed before the headers ended';
  return sendFailure(HResult.ERROR_WINHTTP_INVALID_SERVER_RESPONSE, detail, error);
}

const HRESULTS: Readonly<Record<MessageFault, number>> = {
  malformed: HResult.ERROR_WINHTTP_INVALID_SERVER_RESPONSE,
  // Microsoft names ERROR_WINHTTP_HEADER_SIZE_OVERFLOW too; the object reports this one (RQ-155).
  'head-too-large': HResult.ERROR_WINHTTP_INVALID_SERVER_RESPONSE,
  'chunk-line-too-large': HResult.ERROR_WINHTTP_CHUNKED_ENCODING_HEADER_SIZE_OVERFLOW,
};

/** A response, or a proxy's answer, that cannot be read. */
export function messageFailure(error: MessageError, whose = ''): WinwireError {
  return sendFailure(HRESULTS[error.fault], `${whose}${error.message}`, error);
}

/**
 * A failure of the TLS handshake, or an alert after it: with TLS 1.3 a server refuses a client's certificate only then.
 * `code` of the error is OpenSSL's or Node's name of it. `hasServerFlight`: the server's certificate had come, and none
 * of ours went out.
 */
export function tlsFailure(error: Error, hasServerFlight = false): WinwireError {
  const code = codeOf(error);
  if (isCertificateError(code)) return sendFailure(HResult.ERROR_WINHTTP_SECURE_FAILURE, code, error);
  // TLS 1.2 has no alert that says so: a server that has gone on to ask for a certificate, and misses it, can only say
  // that the handshake failed (RFC 5246 section 7.4.6).
  const isWanted = CERTIFICATE_WANTED.test(code) || (hasServerFlight && code.endsWith('ALERT_HANDSHAKE_FAILURE'));
  if (isWanted) return sendFailure(HResult.ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED, code, error);
  return sendFailure(
    isTlsError(code) ? HResult.ERROR_WINHTTP_SECURE_CHANNEL_ERROR : HResult.ERROR_WINHTTP_CONNECTION_ERROR,
    code,
    error,
  );
}

/** Alerts about the certificate of the client: missing, or not good enough (RFC 8446 section 6.2). */
const CERTIFICATE_WANTED =
  /CERTIFICATE_REQUIRED|ALERT_(?:NO|BAD|UNSUPPORTED)_CERTIFICATE|ALERT_CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN)|ALERT_(?:UNKNOWN_CA|ACCESS_DENIED)/;

const isTlsError = (code: string): boolean => /^(?:ERR_SSL|ERR_TLS|EPROTO)/.test(code);

/** Whether a code says that a certificate is no good. */
const isCertificateError = (code: string): boolean =>
  code === 'ERR_TLS_CERT_ALTNAME_INVALID' || (/CERT|ISSUER|LEAF|PURPOSE|CRL/.test(code) && !code.startsWith('ERR_'));

export function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
