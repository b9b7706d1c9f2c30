/** Which HRESULT stands for a failure of the network, of TLS or of the other side. */
import type { WinwireError } from '../../errors.ts';
import { Code } from '../../winhttp-hresults.ts';
import { failureOf } from '../winhttp-errors.ts';

/** A failure of Send with what is behind it. */
export function sendFailure(hresult: number, detail?: string, cause?: unknown): WinwireError {
  return failureOf('Send', hresult, { ...(detail === undefined ? {} : { detail }), cause });
}

/** One of the four limits has passed. */
export function timedOut(what: string, milliseconds: number): WinwireError {
  return sendFailure(Code.ERROR_WINHTTP_TIMEOUT, `${what}: ${milliseconds} ms`);
}

/** How far an exchange had come when it failed. */
interface Progress {
  /** Any byte of a response. */
  readonly hasBytes: boolean;
  /** A whole head. */
  readonly hasHead: boolean;
}

const CERTIFICATE_WANTED = /CERTIFICATE_REQUIRED|CERTIFICATE_UNKNOWN|BAD_CERTIFICATE/;
/** What undici says of a body that has not the length it should have, and of heads that tell several. */
export const LENGTH_MISMATCH = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
const HEAD_ERRORS = /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW)/;

/** The failure of a request whose connection stood. */
export function exchangeFailure(error: Error, { hasBytes, hasHead }: Progress): WinwireError {
  const code = codeOf(error);
  if (CERTIFICATE_WANTED.test(code)) return sendFailure(Code.ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED, code, error);
  if (code === LENGTH_MISMATCH) {
    if (hasHead)
      return sendFailure(Code.ERROR_WINHTTP_CONNECTION_ERROR, 'the body is shorter than Content-Length', error);
    return sendFailure(Code.ERROR_WINHTTP_INVALID_SERVER_RESPONSE, 'its headers disagree about the length', error);
  }
  const isUnreadable = HEAD_ERRORS.test(code) || error.name === 'HTTPParserError' || error.message === 'bad response';
  if (isUnreadable) return sendFailure(Code.ERROR_WINHTTP_INVALID_SERVER_RESPONSE, error.message, error);
  // The other side has closed without an answer, or in the middle of its head.
  if (!hasHead && (hasBytes || code === 'UND_ERR_SOCKET')) {
    return sendFailure(
      Code.ERROR_WINHTTP_INVALID_SERVER_RESPONSE,
      'the connection was closed before the headers ended',
      error,
    );
  }
  return sendFailure(Code.ERROR_WINHTTP_CONNECTION_ERROR, undefined, error);
}

/** A failure of the TLS handshake. `code` is OpenSSL's or Node's name of it. */
export function tlsFailure(error: Error): WinwireError {
  const code = codeOf(error);
  if (isCertificateError(code)) return sendFailure(Code.ERROR_WINHTTP_SECURE_FAILURE, code, error);
  if (CERTIFICATE_WANTED.test(code)) return sendFailure(Code.ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED, code, error);
  const isTls = /^(?:ERR_SSL|ERR_TLS|EPROTO)/.test(code);
  return sendFailure(
    isTls ? Code.ERROR_WINHTTP_SECURE_CHANNEL_ERROR : Code.ERROR_WINHTTP_CONNECTION_ERROR,
    code,
    error,
  );
}

/** Whether a code says that a certificate is no good. */
const isCertificateError = (code: string): boolean =>
  code === 'ERR_TLS_CERT_ALTNAME_INVALID' || (/CERT|ISSUER|LEAF|PURPOSE|CRL/.test(code) && !code.startsWith('ERR_'));

export function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
