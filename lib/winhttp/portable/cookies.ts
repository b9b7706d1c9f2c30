/** The cookies of one object, in memory. Source: Microsoft, "Cookie Handling in WinHTTP". */
import type { CookieJar } from 'tough-cookie';
import type { RequestUrl } from './url.ts';

/** Nothing is loaded or looked for before the first Set-Cookie has come. */
export class Cookies {
  #jar: CookieJar | undefined;

  /** What to send to a URL, if anything. */
  for(url: RequestUrl): string | undefined {
    return this.#jar?.getCookieStringSync(locationOf(url)) || undefined;
  }

  /** Keeps what a response sets; what is no cookie, or not that host's to set, is dropped in silence. */
  async store(url: RequestUrl, values: readonly string[]): Promise<void> {
    this.#jar ??= await newJar();
    for (const value of values) this.#jar.setCookieSync(value, locationOf(url), { ignoreError: true });
  }
}

async function newJar(): Promise<CookieJar> {
  const { CookieJar } = await import('tough-cookie');
  return new CookieJar(undefined, { looseMode: true });
}

const locationOf = (url: RequestUrl): string => `${url.origin}${url.path}`;
