/** The cookies of one request object, in memory. Source: Microsoft, "Cookie Handling in WinHTTP". */
import type { CookieJar } from 'tough-cookie';
import { validUrl } from '../../valid-url.ts';
import type { RequestUrl } from './url.ts';

/** Loads tough-cookie only for the first Set-Cookie. */
export class Cookies {
  #jar: CookieJar | undefined;

  /** Returns the Cookie header for a URL, if there are cookies. */
  for(url: RequestUrl): string | undefined {
    return this.#jar && hasJar(url) ? this.#jar.getCookieStringSync(locationOf(url)) || undefined : undefined;
  }

  /** Stores the cookies of a response; ignores invalid ones, and those of other hosts. */
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

/** Hosts that the class URL rejects have no cookies: `host.1`, `1.2.3.4.5`, an address with a zone. */
const hasJar = (url: RequestUrl): boolean => validUrl(locationOf(url)) !== undefined;

const locationOf = (url: RequestUrl): string => `${url.origin}${url.path}`;
