/**
 * What of a URL is escaped before it is sent, always upper-case; the path as UTF-8, the query in its code page. What is
 * escaped already, or looks like it, stays as it is. Source: Microsoft, WinHttpOpenRequest (WINHTTP_FLAG_ESCAPE_PERCENT,
 * …_ESCAPE_DISABLE, …_DISABLE_QUERY), WinHttpRequestOption enumeration (URLCodePage).
 */
import { type Encode, encoderFor, UTF_8 } from './code-page.ts';

/** The options 2, 3, 7 and 8 of the object, as they stand at Open. */
export interface EscapeFlags {
  readonly codePage: number;
  readonly percent: boolean;
  readonly disable: boolean;
  readonly disableQuery: boolean;
}

const USUAL = /[\0- "#<>[\\\]^`{|}\x7f-\u{10ffff}]/gu;
const WITH_PERCENT = /[\0- "#%<>[\\\]^`{|}\x7f-\u{10ffff}]/gu;
// Non-ASCII and blanks only.
const LEAST = /[ \x80-\u{10ffff}]/gu;
const NOT_ASCII = /[^\0-\x7f]/;

const utf8 = encoderFor(UTF_8) as Encode;

/** Whether the code page is known, in case a query needs it. */
export const canEscape = (query: string, { codePage }: EscapeFlags): boolean =>
  !NOT_ASCII.test(query) || encoderFor(codePage) !== undefined;

/** The request target of a path and a query for which {@link canEscape} holds. */
export function escapeTarget(path: string, query: string, flags: EscapeFlags): string {
  const usual = flags.percent ? WITH_PERCENT : USUAL;
  const forPath = flags.disable ? LEAST : usual;
  const forQuery = flags.disable || flags.disableQuery ? LEAST : usual;
  if (query === '') return escapeAll(path, forPath, utf8);
  const encode = NOT_ASCII.test(query) ? (encoderFor(flags.codePage) ?? utf8) : utf8;
  return escapeAll(path, forPath, utf8) + escapeAll(query, forQuery, encode);
}

function escapeAll(text: string, pattern: RegExp, encode: Encode): string {
  // With the flag g, search() is the test that keeps no position.
  if (text.search(pattern) < 0) return text;
  return text.replace(pattern, (character) => {
    let escaped = '';
    for (const byte of encode(character)) escaped += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    return escaped;
  });
}
