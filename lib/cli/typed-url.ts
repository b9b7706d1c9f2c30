/** URLs as they are typed. */

/** Puts a scheme before a URL that has none, as curl does: `example.org`, `localhost:8080/x`. */
export function withScheme(url: string, scheme: 'http' | 'ws'): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(url) ? url : `${scheme}://${url}`;
}
