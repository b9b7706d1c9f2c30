/**
 * What of a URL is escaped before it is sent, always upper-case and as UTF-8. What is escaped already, or looks like it,
 * stays as it is. Source: Microsoft, WinHttpOpenRequest (WINHTTP_FLAG_ESCAPE_PERCENT, …_ESCAPE_DISABLE, …_DISABLE_QUERY).
 */

/** The options 3, 7 and 8 of the object, as they stand at Open. */
export interface EscapeFlags {
  readonly percent: boolean;
  readonly disable: boolean;
  readonly disableQuery: boolean;
}

const USUAL = /[\0- "#<>[\\\]^`{|}\x7f-\u{10ffff}]/gu;
const WITH_PERCENT = /[\0- "#%<>[\\\]^`{|}\x7f-\u{10ffff}]/gu;
// Non-ASCII and blanks only.
const LEAST = /[ \x80-\u{10ffff}]/gu;

/** The request target of a path and a query. */
export function escapeTarget(path: string, query: string, flags: EscapeFlags): string {
  const usual = flags.percent ? WITH_PERCENT : USUAL;
  const forPath = flags.disable ? LEAST : usual;
  const forQuery = flags.disable || flags.disableQuery ? LEAST : usual;
  return escapeAll(path, forPath) + (query === '' ? '' : escapeAll(query, forQuery));
}

function escapeAll(text: string, pattern: RegExp): string {
  // With the flag g, search() is the test that keeps no position.
  return text.search(pattern) < 0 ? text : text.replace(pattern, escapeCharacter);
}

function escapeCharacter(character: string): string {
  let escaped = '';
  for (const byte of Buffer.from(character)) escaped += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return escaped;
}
