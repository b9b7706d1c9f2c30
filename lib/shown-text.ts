/** What errors and logs show of text that may contain a secret. */
import { validUrl } from './valid-url.ts';

const MAX_SHOWN = 80;

/**
 * Returns text in a place where it is wrong, without what would be user, password and query if it is a URL or a part of
 * one. `length` is the most characters of it.
 */
export function shownText(text: string, length = MAX_SHOWN): string {
  // An invalid URL may have any character in its password.
  const withoutUser = text.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, (_, scheme?: string) => scheme ?? '***@');
  const shown = withoutUser.replace(/([/@].*?)[?#].*/s, '$1');
  return shown.length > length ? `${shown.slice(0, length)}…` : shown;
}

/** Returns a URL without user, password, query and fragment; of an invalid one what {@link shownText} does. */
export function shownUrl(url: string | URL): string {
  const { protocol, host, pathname } = validUrl(url) ?? {};
  if (protocol === 'data:') return protocol;
  // The URL user:password@host has no host.
  return host || protocol === 'file:' ? `${protocol}//${host}${pathname}` : shownText(String(url));
}
