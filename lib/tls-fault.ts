/** Texts for TLS failures, except those of a server's certificate. */

// OpenSSL's errors for an answer without TLS, by version of OpenSSL and start of the answer.
const NOT_TLS =
  /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL|BAD_RECORD_TYPE|UNEXPECTED_MESSAGE|RECORD_LAYER_FAILURE/;

const WORDS: readonly (readonly [code: RegExp, text: string])[] = [
  [NOT_TLS, 'it does not speak TLS on this port: use http: or ws:, or another port'],
  [/CERTIFICATE_REQUIRED|ALERT_NO_CERTIFICATE/, 'it demands a client certificate'],
  [
    /ALERT_(?:BAD|UNSUPPORTED)_CERTIFICATE|ALERT_CERTIFICATE|ALERT_UNKNOWN_CA|ALERT_ACCESS/,
    'it rejects the client certificate',
  ],
  [/ALERT_HANDSHAKE_FAILURE/, 'it ended the TLS handshake; it may demand a client certificate or other ciphers'],
  [/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/, 'it speaks no version of TLS that is allowed here'],
  [/UNRECOGNIZED_NAME/, 'it serves no host of that name'],
];

/** Returns the code of an OpenSSL failure, `ERR_SSL_…`; undefined for another error. */
export function sslCodeOf(error: Error): string | undefined {
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string' && code.startsWith('ERR_SSL_')) return code;
  if (code !== 'EPROTO') return undefined;
  const [, reason] = /:SSL routines:[^:]*:([^:]+):/.exec(error.message) ?? [];
  return reason === undefined ? undefined : `ERR_SSL_${reason.toUpperCase().replace(/\W+/g, '_')}`;
}

/** Describes an OpenSSL failure, whose own message contains source files; undefined for another error. */
export function describeTlsFault(error: Error): string | undefined {
  const code = sslCodeOf(error);
  if (code === undefined) return undefined;
  const { reason } = error as { readonly reason?: unknown };
  const words = WORDS.find(([pattern]) => pattern.test(code))?.[1];
  return `${words ?? (typeof reason === 'string' ? reason : 'TLS failed')} (${code})`;
}
