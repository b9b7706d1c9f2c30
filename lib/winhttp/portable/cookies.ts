/** The cookies of one object, in memory. Source: Microsoft, "Cookie Handling in WinHTTP". */
import type { CookieJar } from 'tough-cookie';
import type { RequestUrl } from './url.ts';

/** Nothing is loaded or looked for before the first Set-Cookie has come. */
export class Cookies {
  #jar: CookieJar | undefined;

  /** What to send to a URL, if anything. */
  for(url: RequestUrl): string | undefined {
    return hasJar(url) ? this.#jar?.getCookieStringSync(locationOf(url)) || undefined : undefined;
  }

  /** Keeps what a response sets; ignores what is invalid, or not that host's to set. */
  async store(url: RequestUrl, values: readonly string[]): Promise<void> {
    if (!hasJar(url)) return;
    this.#jar ??= await newJar();
    for (const value of values) this.#jar.setCookieSync(value, locationOf(url), { ignoreError: true });
  }
}

async function newJar(): Promise<CookieJar> {
  const { CookieJar } = await import('tough-cookie');
  return new CookieJar(undefined, { looseMode: true });
}

/** A host that is no host of the web has no cookies: `host.1`, `1.2.3.4.5`, an address with a zone. */
const hasJar = (url: RequestUrl): boolean => URL.canParse(locationOf(url));

const locationOf = (url: RequestUrl): string => `${url.origin}${url.path}`;
