/**
 * Decodes the text of a response. Source: RQ statements on ResponseText: the charset parameter of Content-Type; without
 * a known charset the system's ANSI code page, here windows-1252.
 */

import { constants } from 'node:buffer';
import { HResult } from '../hresult.ts';
import { failureOf } from './winhttp-errors.ts';

const CHARSET = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]*))/i;

// The range in which windows-1252 differs from latin1: 0x80 to 0x9F. Its five undefined bytes map to themselves.
const C1 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const IN_C1 = /[\u0080-\u009f]/g;

/** Returns the charset parameter of a Content-Type; ignores case, quotes and other parameters. */
export function charsetOf(contentType: string): string | undefined {
  const found = CHARSET.exec(contentType);
  return found ? (found[1] ?? found[2])?.trim() : undefined;
}

/**
 * Returns the text of a body.
 *
 * @throws {WinwireError} ERROR_NO_UNICODE_TRANSLATION for bytes that are invalid in the charset; ERROR_FILE_TOO_LARGE
 *   for text beyond the maximum string length of JavaScript.
 */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  const decoder = decoderFor(charsetOf(contentType));
  try {
    return decoder ? decoder.decode(bytes) : decodeAnsi(bytes);
  } catch (cause) {
    const isTooLong = bytes.length > constants.MAX_STRING_LENGTH;
    const hresult = isTooLong ? HResult.ERROR_FILE_TOO_LARGE : HResult.ERROR_NO_UNICODE_TRANSLATION;
    const detail = isTooLong ? `${bytes.length} bytes` : decoder?.encoding;
    throw failureOf('ResponseText', hresult, { ...(detail !== undefined && { detail }), cause });
  }
}

/** Returns `undefined` for windows-1252, and for iso-8859-1 and us-ascii, which the Encoding Standard maps to it. */
function decoderFor(charset: string | undefined): InstanceType<typeof TextDecoder> | undefined {
  if (charset === undefined || charset === '') return undefined;
  try {
    // A byte order mark stays in the text, as in MultiByteToWideChar.
    const decoder = new TextDecoder(charset, { fatal: true, ignoreBOM: true });
    return decoder.encoding === 'windows-1252' ? undefined : decoder;
  } catch {
    return undefined;
  }
}

/** Decodes windows-1252. Not with TextDecoder: some versions of Node.js decode latin1 instead. */
export function decodeAnsi(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return text.replace(IN_C1, (character) => C1[character.charCodeAt(0) - 0x80] ?? character);
}
