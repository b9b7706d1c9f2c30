/** Describes an answer that is not HTTP by its first bytes. */

// The start of a TLS alert record (RFC 8446 section 5.1), a TLS server's answer to a plain-text request.
const TLS_ALERT = Buffer.of(21, 3);
const MAX_SHOWN = 40;

/** Describes the peer's protocol by its first bytes. */
export function describeForeignStart(bytes: Buffer): string {
  if (bytes.subarray(0, 2).equals(TLS_ALERT)) return 'it speaks TLS on this port: use https: or wss:';
  const [line = ''] = bytes
    .toString('latin1', 0, MAX_SHOWN)
    .trimStart()
    .split(/[\r\n]/, 1);
  return `it does not speak HTTP on this port: its answer begins with ${JSON.stringify(line)}`;
}
