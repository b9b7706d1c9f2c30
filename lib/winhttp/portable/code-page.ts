/**
 * Encodes characters in Windows code pages. Node.js can only decode them, so each table is the inverse of a decoder,
 * created on first use. Source: Microsoft, Code Page Identifiers; WHATWG Encoding Standard.
 */

import { decodeAnsi } from '../charset.ts';

/** Returns the bytes of one character. */
export type Encode = (character: string) => Uint8Array;

export const UTF_8 = 65_001;

const LATIN_1 = 28_591;
// WideCharToMultiByte writes this for a character that the code page lacks.
const UNKNOWN = Buffer.from('?');

const LABELS: Readonly<Record<number, string>> = {
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  10007: 'x-mac-cyrillic',
  20866: 'koi8-r',
  21866: 'koi8-u',
  28598: 'iso-8859-8',
  28599: 'windows-1254',
  28600: 'iso-8859-10',
  28603: 'iso-8859-13',
  28604: 'iso-8859-14',
  28605: 'iso-8859-15',
  28606: 'iso-8859-16',
};
// The code page of the system and that of the thread; both are windows-1252 here.
const ANSI: ReadonlySet<number> = new Set([0, 3]);

const encoders = new Map<number, Encode>([
  [UTF_8, (character) => Buffer.from(character)],
  [LATIN_1, (character) => (/^[\0-\xff]$/.test(character) ? Buffer.from(character, 'latin1') : UNKNOWN)],
]);

/** Returns the encoder of a code page, `undefined` for an unknown one. */
export function encoderFor(codePage: number): Encode | undefined {
  const known = encoders.get(codePage);
  if (known) return known;
  const label = labelOf(codePage);
  if (label === undefined) return undefined;
  const table = tableOf(label);
  const encode: Encode = (character) => table.get(character) ?? UNKNOWN;
  encoders.set(codePage, encode);
  return encode;
}

function labelOf(codePage: number): string | undefined {
  if (ANSI.has(codePage)) return 'windows-1252';
  if (codePage >= 1250 && codePage <= 1258) return `windows-${codePage}`;
  if (codePage >= 28_592 && codePage <= 28_597) return `iso-8859-${codePage - 28_590}`;
  return LABELS[codePage];
}

/** Returns all characters of one and two bytes. If a character has several sequences, the first one is used. */
function tableOf(label: string): ReadonlyMap<string, Uint8Array> {
  const decoder = new TextDecoder(label);
  const decode = (bytes: Uint8Array) => (label === 'windows-1252' ? decodeAnsi(bytes) : decoder.decode(bytes));
  const table = new Map<string, Uint8Array>();
  const add = (...bytes: number[]): boolean => {
    const encoded = Uint8Array.from(bytes);
    const text = decode(encoded);
    const isCharacter = [...text].length === 1 && text !== '\ufffd';
    if (isCharacter && !table.has(text)) table.set(text, encoded);
    return isCharacter;
  };
  for (let first = 0; first <= 0xff; first++) {
    if (add(first)) continue;
    for (let second = 0x40; second <= 0xfe; second++) add(first, second);
  }
  return table;
}
