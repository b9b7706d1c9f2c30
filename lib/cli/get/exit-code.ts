/** Exit codes of `get`: those of curl for the same failures. Source: curl's manual, "EXIT CODES". */
import { BackendUnavailableError, isArgumentCode, WinwireError } from '../../errors.ts';
import { Exit, ExitCode } from '../exit.ts';

export const GetExitCode = {
  /** Neither http: nor https:; also failures without another number. */
  UNSUPPORTED: 1,
  /** The command line is invalid, or the backend is not available. */
  USAGE: ExitCode.USAGE,
  URL: 3,
  PROXY_NAME: 5,
  HOST_NAME: 6,
  CONNECT: 7,
  PARTIAL: 18,
  HTTP_STATUS: 22,
  WRITE: 23,
  READ: 26,
  TIMEOUT: 28,
  RANGE: 33,
  TLS: 35,
  REDIRECTS: 47,
  NO_ANSWER: 52,
  RECEIVE: 56,
  CLIENT_CERTIFICATE: 58,
  CERTIFICATE: 60,
  TOO_LARGE: 63,
  LOGIN: 67,
  INTERRUPTED: ExitCode.INTERRUPTED,
} as const;

const BY_CODE: Readonly<Record<string, number>> = {
  ERROR_WINHTTP_UNRECOGNIZED_SCHEME: GetExitCode.UNSUPPORTED,
  ERROR_WINHTTP_INVALID_URL: GetExitCode.URL,
  ERROR_WINHTTP_NAME_NOT_RESOLVED: GetExitCode.HOST_NAME,
  ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT: GetExitCode.PROXY_NAME,
  ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT: GetExitCode.PROXY_NAME,
  ERROR_WINHTTP_CANNOT_CONNECT: GetExitCode.CONNECT,
  ERROR_WINHTTP_TIMEOUT: GetExitCode.TIMEOUT,
  WSAETIMEDOUT: GetExitCode.TIMEOUT,
  ERROR_WINHTTP_SECURE_CHANNEL_ERROR: GetExitCode.TLS,
  ERROR_WINHTTP_REDIRECT_FAILED: GetExitCode.REDIRECTS,
  ERROR_WINHTTP_INVALID_SERVER_RESPONSE: GetExitCode.NO_ANSWER,
  ERROR_WINHTTP_CONNECTION_ERROR: GetExitCode.RECEIVE,
  WSAECONNRESET: GetExitCode.RECEIVE,
  ERROR_WINHTTP_HEADER_COUNT_EXCEEDED: GetExitCode.RECEIVE,
  ERROR_WINHTTP_HEADER_SIZE_OVERFLOW: GetExitCode.RECEIVE,
  ERROR_WINHTTP_CHUNKED_ENCODING_HEADER_SIZE_OVERFLOW: GetExitCode.RECEIVE,
  ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED: GetExitCode.CLIENT_CERTIFICATE,
  ERROR_WINHTTP_SECURE_FAILURE: GetExitCode.CERTIFICATE,
  ERROR_WINHTTP_SECURE_INVALID_CA: GetExitCode.CERTIFICATE,
  ERROR_WINHTTP_SECURE_INVALID_CERT: GetExitCode.CERTIFICATE,
  ERROR_WINHTTP_SECURE_CERT_DATE_INVALID: GetExitCode.CERTIFICATE,
  ERROR_WINHTTP_SECURE_CERT_CN_INVALID: GetExitCode.CERTIFICATE,
  ERROR_WINHTTP_SECURE_CERT_REVOKED: GetExitCode.CERTIFICATE,
  ERROR_WINHTTP_SECURE_CERT_REV_FAILED: GetExitCode.CERTIFICATE,
  ERROR_WINHTTP_SECURE_CERT_WRONG_USAGE: GetExitCode.CERTIFICATE,
  ERROR_WRITE_FAULT: GetExitCode.WRITE,
  ERROR_FILE_TOO_LARGE: GetExitCode.TOO_LARGE,
  ERROR_WINHTTP_LOGIN_FAILURE: GetExitCode.LOGIN,
};

/** The progress of a failed request. */
interface Reached {
  /** Whether it used a proxy, whose name alone is resolved here. */
  readonly byProxy: boolean;
  /** Number of missing bytes of the body; undefined if unknown. */
  readonly missing: number | undefined;
}

/** Returns the exit code for a failure. */
export function exitCodeFor(error: unknown, { byProxy, missing }: Reached): number {
  if (error instanceof Exit) return error.exitCode;
  if (error instanceof BackendUnavailableError) return GetExitCode.USAGE;
  const { code } = error as { code?: unknown };
  if (!(error instanceof WinwireError)) {
    return isArgumentCode(code) ? GetExitCode.USAGE : GetExitCode.UNSUPPORTED;
  }
  const exitCode = BY_CODE[error.code] ?? GetExitCode.UNSUPPORTED;
  if (exitCode === GetExitCode.HOST_NAME && byProxy) return GetExitCode.PROXY_NAME;
  if (exitCode === GetExitCode.RECEIVE && missing !== undefined && missing > 0) return GetExitCode.PARTIAL;
  return exitCode;
}
