// The servers of npm run test:auth (tools/realm), for the suites of test/auth/real.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { vi } from 'vitest';

/** Users of the realm. alice and bob have the same password; that of erin has expired. */
export type UserName = 'alice' | 'bob' | 'carol' | 'erin';

/** What each port of squid offers, in this order. */
export type ProxyOffer = 'negotiate' | 'ntlm' | 'digest' | 'basic' | 'all' | 'negotiateBasic';

interface Realm {
  /** The Kerberos realm. */
  readonly realm: string;
  /** A realm whose KDC's clock is an hour ahead, with the same users. */
  readonly skewedRealm: string;
  /** The domain of NTLM. */
  readonly domain: string;
  readonly users: Readonly<Record<UserName, { readonly username: string; readonly password: string }>>;
  /** Apache, by the name whose service the KDC knows, and its folders (tools/realm/README.md). */
  readonly server: string;
  readonly secureServer: string;
  /** Apache by a name whose service the KDC does not know. */
  readonly unknownServer: string;
  /** Ports of squid, which is on localhost. */
  readonly proxies: Readonly<Record<ProxyOffer, number>>;
  /** The target by names that only squid knows. */
  readonly targets: readonly [string, string];
  /** The target, not through Apache or squid. */
  readonly directTarget: string;
  readonly desk: string;
  readonly folder: string;
}

function describedRealm(): Realm {
  const text = process.env.WINWIRE_AUTH_REALM;
  if (text === undefined) throw new Error('WINWIRE_AUTH_REALM is missing. Run these tests by npm run test:auth.');
  return JSON.parse(text);
}

/** The realm of this run. */
export const realm: Realm = describedRealm();

/** What the target answers: the request that it received. */
export interface TargetAnswer {
  readonly method: string;
  readonly url: string;
  /** As Apache names it; empty without authentication. */
  readonly user: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly length: number; readonly sha256: string };
}

/** The name of a user in the Kerberos realm. */
export const principalOf = (user: UserName): string => `${user}@${realm.realm}`;
/** The name of a user in NTLM. */
export const accountOf = (user: UserName): string => `${realm.domain}\\${user}`;

async function ask(action: string): Promise<void> {
  const response = await fetch(`${realm.desk}${action}`, { method: 'POST' });
  if (!response.ok) throw new Error(`${action}: ${await response.text()}`);
}

/** Gets a ticket for a user (kinit). `life` in seconds, by default 10 hours. */
export const logOn = (user: UserName, life?: number): Promise<void> =>
  ask(`/log-on?user=${user}${life === undefined ? '' : `&life=${life}`}`);

/** Deletes the tickets. */
export const logOff = (): Promise<void> => ask('/log-off');

/** Chooses the user of default credentials in NTLM (GSSAPI only). */
export const chooseNtlmUser = (user: UserName | undefined): Promise<void> =>
  ask(user === undefined ? '/ntlm' : `/ntlm?user=${user}`);

/** A line of a server's log. */
export interface LogEntry {
  /** The client's port: its connection. */
  readonly port: number;
  /** `-` without one. */
  readonly user: string;
  readonly status: number;
  readonly method: string;
  /** Apache: the path; squid: the URL, or host and port. */
  readonly target: string;
  /** Field X-Request of the request, or `-`. */
  readonly request: string;
}

function parseApache(line: string): LogEntry {
  const [port, , user, status, method, target, request] = line.split('\t') as [string, ...string[]];
  return entry([port, user?.replaceAll('\\\\', '\\'), status, method, target, request]);
}

const parseSquid = (line: string): LogEntry => entry(line.split('\t'));

function entry([port, user = '', status, method = '', target = '', request = '']: readonly (
  | string
  | undefined
)[]): LogEntry {
  return { port: Number(port), user, status: Number(status), method, target, request };
}

function entriesOf(server: 'apache' | 'squid'): LogEntry[] {
  // Under Wine Z: is the root of this system.
  const file = `${process.platform === 'win32' ? 'Z:' : ''}${path.posix.join(realm.folder, `${server}.log`)}`;
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map(server === 'apache' ? parseApache : parseSquid);
}

/**
 * Returns the entries that fit, when there are at least `count`: a server writes them after its response. Fails after 5
 * seconds.
 */
export function loggedBy(
  server: 'apache' | 'squid',
  fits: (entry: LogEntry) => boolean,
  count: number,
): Promise<LogEntry[]> {
  return vi.waitFor(
    () => {
      const entries = entriesOf(server).filter(fits);
      if (entries.length >= count) return entries;
      throw new Error(`${server}.log has ${entries.length} entries, not ${count}: ${JSON.stringify(entries)}`);
    },
    { timeout: 5000, interval: 10 },
  );
}
