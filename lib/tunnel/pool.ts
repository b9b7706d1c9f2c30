/** Connections that can serve a further request: idle ones, and those of HTTP/2, which serve several at once. */
import type { Link } from './link.ts';

/** Maximum number of idle connections for one key. */
const MAX_IDLE = 256;
/** Maximum number of requests at once on a connection of HTTP/2: the least that RFC 9113 section 6.5.2 recommends. */
const MAX_STREAMS = 100;

/** Who is authenticated on a connection, at the proxy and at the server. Equal ones are interchangeable. */
export interface Identities {
  readonly proxy: string;
  readonly server: string;
}

interface Entry {
  readonly link: Link;
  readonly identities: Identities;
}

export class Pool {
  /** By route, target and TLS options. The last entry was used last. */
  readonly #entries = new Map<string, Entry[]>();

  /** Returns a connection for one of the identities, the preferred ones first. */
  take(key: string, wanted: readonly Identities[]): Link | undefined {
    const entries = this.#entries.get(key);
    if (!entries) return undefined;
    for (const { link, identities } of [...entries]) {
      if (link.uses === 0 && isOutdated(identities, wanted)) link.destroy();
    }
    for (const identities of wanted) {
      const entry = entries.findLast((one) => isSame(one.identities, identities) && one.link.uses < MAX_STREAMS);
      if (!entry) continue;
      if (entry.link.protocol !== 'h2') this.#remove(key, entry.link);
      entry.link.leaveIdle();
      return entry.link;
    }
    return undefined;
  }

  /** Keeps an unused connection for at most `limit` milliseconds. */
  addIdle(key: string, link: Link, identities: Identities, limit: number): void {
    const entries = this.#entries.get(key) ?? [];
    if (!link.isUsable || entries.length >= MAX_IDLE) return void link.destroy();
    this.#add(key, link, identities);
    link.enterIdle(limit);
  }

  /** Offers a connection of HTTP/2 that is in use to further requests. */
  share(key: string, link: Link, identities: Identities): void {
    this.#add(key, link, identities);
  }

  /** Closes the idle connections, and offers none of the others. */
  clear(): void {
    const all = [...this.#entries.values()].flat();
    this.#entries.clear();
    for (const { link } of all) if (link.uses === 0) link.destroy();
  }

  #add(key: string, link: Link, identities: Identities): void {
    const entries = this.#entries.get(key) ?? [];
    this.#entries.set(key, entries);
    if (entries.some((entry) => entry.link === link)) return;
    entries.push({ link, identities });
    link.onGone = () => this.#remove(key, link);
  }

  #remove(key: string, link: Link): void {
    const entries = this.#entries.get(key);
    const index = entries?.findIndex((entry) => entry.link === link) ?? -1;
    if (index >= 0) entries?.splice(index, 1);
    if (entries?.length === 0) this.#entries.delete(key);
    link.onGone = undefined;
  }
}

const isSame = (a: Identities, b: Identities): boolean => a.proxy === b.proxy && a.server === b.server;

/** The logged-on user is another one now, or has no ticket any more. */
function isOutdated(identities: Identities, wanted: readonly Identities[]): boolean {
  const differs = (old: string, now: string) => isDefault(old) && isDefault(now) && old !== now;
  return wanted.every((now) => differs(identities.proxy, now.proxy) || differs(identities.server, now.server));
}

const isDefault = (identity: string): boolean => identity.startsWith('default ');
