/** Bytes in traces. */
import { createHash } from 'node:crypto';

/** Longer ones are recorded as length, digest and first bytes. */
const MAX_BYTES = 256;
const SHOWN_BYTES = 32;

/** `48 65 6c 6c 6f`; for many bytes the length, the digest and the first bytes. */
export function hexOf(bytes: Uint8Array): string {
  if (bytes.length <= MAX_BYTES) return digits(bytes);
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return `${bytes.length} bytes, sha256 ${digest}…, from ${digits(bytes.subarray(0, SHOWN_BYTES))}`;
}

function digits(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replaceAll(/..(?=.)/g, '$& ');
}

/** Returns the bytes as quoted text if they are short UTF-8 (`"Hello"`), else `undefined`. */
export function quoted(bytes: Uint8Array, most = 40): string | undefined {
  if (bytes.length === 0 || bytes.length > 200) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  if (/[^\P{C}\n\r\t]|\ufffd/u.test(text)) return undefined;
  return JSON.stringify(text.length > most ? `${text.slice(0, most)}…` : text);
}

/** Returns the memory of any bytes that the functions accept. */
export function bytesOf(data: ArrayBufferView | ArrayBufferLike): Buffer {
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data as ArrayBuffer);
}
