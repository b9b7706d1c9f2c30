/**
 * Escapes a URL before it is sent, in upper case: the path as UTF-8, the query in its code page. Existing escapes stay.
 * Source: Microsoft, WinHttpOpenRequest (WINHTTP_FLAG_ESCAPE_PERCENT, …_ESCAPE_DISABLE, …_DISABLE_QUERY),
 * WinHttpRequestOption enumeration (URLCodePage).
 */
import { type Encode, encoderFor, UTF_8 } from './code-page.ts';

/** The options 2, 3, 7 and 8 of the object at the time of Open. */
export interface EscapeFlags {
  readonly codePage: number;
  readonly percent: boolean;
  readonly disable: boolean;
  readonly disableQuery: boolean;
}

const DEFAULT_UNSAFE = /[\0- "#<>[\\\]^`{|}\x7f-\u{10ffff}]/gu;
const WITH_PERCENT = /[\0- "#%<>[\\\]^`{|}\x7f-\u{10ffff}]/gu;
// Non-ASCII and blanks only.
const LEAST = /[ \x80-\u{10ffff}]/gu;
const NOT_ASCII = /[^\0-\x7f]/;

const utf8 = encoderFor(UTF_8) as Encode;

/** Returns whether the query needs no code page, or a known one. */
export const canEscape = (query: string, { codePage }: EscapeFlags): boolean =>
  !NOT_ASCII.test(query) || encoderFor(codePage) !== undefined;

/** Returns the request target of a path and query for which {@link canEscape} is true. */
export function escapeTarget(path: string, query: string, flags: EscapeFlags): string {
  const unsafe = flags.percent ? WITH_PERCENT : DEFAULT_UNSAFE;
  const forPath = flags.disable ? LEAST : unsafe;
  const forQuery = flags.disable || flags.disableQuery ? LEAST : unsafe;
  if (query === '') return escapeAll(path, forPath, utf8);
  const encode = NOT_ASCII.test(query) ? (encoderFor(flags.codePage) ?? utf8) : utf8;
  return escapeAll(path, forPath, utf8) + escapeAll(query, forQuery, encode);
}

function escapeAll(text: string, pattern: RegExp, encode: Encode): string {
  // With the flag g, search() has no state, unlike test().
  if (text.search(pattern) < 0) return text;
  return text.replace(pattern, (character) => {
    let escaped = '';
    for (const byte of encode(character)) escaped += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    return escaped;
  });
}
