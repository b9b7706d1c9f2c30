/** URLs in text that may not be one. */

/**
 * Returns the URL, `undefined` for an invalid one.
 *
 * `URL.canParse` of Node 20 rejects a valid URL with `ü` once V8 has optimized its caller: its fast path takes Latin-1
 * for UTF-8.
 */
export function validUrl(text: string | URL, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
