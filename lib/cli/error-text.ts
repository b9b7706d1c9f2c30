/** Errors in words. */

/** What OpenSSL makes of an answer that is no TLS. */
const NO_TLS = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST']);

/** Of several attempts that failed as one, each; of a failure of OpenSSL, whose message names its source files, the reason. */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(errorText).join('; ');
  if (!(error instanceof Error)) return String(error);
  const { code, reason } = error as { readonly code?: unknown; readonly reason?: unknown };
  if (typeof code !== 'string' || typeof reason !== 'string' || !code.startsWith('ERR_SSL_')) return error.message;
  return NO_TLS.has(code) ? `what answers speaks no TLS (${code})` : `${reason} (${code})`;
}
