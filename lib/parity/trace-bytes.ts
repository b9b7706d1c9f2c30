/** Bytes as a trace has them. */
import { createHash } from 'node:crypto';

/** Longer ones are told by their length, their digest and their beginning. */
const MAX_BYTES = 256;
const SHOWN_BYTES = 32;

/** `48 65 6c 6c 6f`; of many bytes the number, the digest and the first of them. */
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

/** The bytes as text, if that is what they are and it is short enough to be read: `"Hello"`, else `undefined`. */
export function quoted(bytes: Uint8Array, most = 40): string | undefined {
  if (bytes.length === 0 || bytes.length > 200) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  if (/[^\P{C}\n\r\t]|\ufffd/u.test(text)) return undefined;
  return JSON.stringify(text.length > most ? `${text.slice(0, most)}…` : text);
}

/** The bytes behind any of the shapes that the functions take. */
export function bytesOf(data: ArrayBufferView | ArrayBufferLike): Buffer {
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data as ArrayBuffer);
}
