/** Decides which proxy a request takes. Source: RQ statements on SetProxy; Microsoft, "Netsh.exe Commands". */
import { parseUrl, type RequestUrl } from './url.ts';

/** A proxy, and what its own URL says of a user (only those of the environment do). */
export interface ProxyServer {
  /** Empty if what was named has none. */
  readonly host: string;
  readonly port: number;
  readonly userName: string | undefined;
  readonly password: string;
}

/** What SetProxy was given. */
export interface ProxyChoice {
  readonly setting: number;
  readonly server: string;
  readonly bypass: string;
}

const PRECONFIG = 0;
const NAMED = 2;
const DEFAULT_PORT = 80;

export const NO_PROXY: ProxyChoice = { setting: PRECONFIG, server: '', bypass: '' };

export function proxyFor(
  url: RequestUrl,
  choice: ProxyChoice,
  environment: NodeJS.ProcessEnv | undefined,
): ProxyServer | undefined {
  if (choice.setting === NAMED) return isBypassed(url, choice.bypass) ? undefined : namedProxy(url, choice.server);
  if (choice.setting === PRECONFIG && environment) return environmentProxy(url, environment);
  return undefined;
}

/** Whether the bypass list names the host. */
function isBypassed({ host, port }: RequestUrl, bypass: string): boolean {
  return listOf(bypass).some((entry) => {
    if (entry === '<local>') return !host.includes('.') && !host.includes(':');
    const pattern = entry.replace(/^https?:\/\//, '');
    return matches(host, pattern) || matches(`${host}:${port}`, pattern);
  });
}

function listOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[;\s]+/)
    .filter((entry) => entry !== '');
}

function matches(text: string, pattern: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(text);
}

/** What was named instead of a proxy has no host: such a request fails, for it must not go without the proxy. */
const NO_HOST: ProxyServer = { host: '', port: DEFAULT_PORT, userName: undefined, password: '' };
/** Schemes that have proxies of their own in a list; `socks` stands for all that have none. */
const OTHER_SCHEME = /^(?:https?|ftp|gopher)$/;

/** `host:port`, or `http=a:80;https=b:88`: the entry of the scheme, else the one without a scheme. */
function namedProxy(url: RequestUrl, server: string): ProxyServer | undefined {
  const scheme = url.secure ? 'https' : 'http';
  const entries = server.split(/[;\s]+/).map(entryOf);
  const own = entries.find((entry) => entry.scheme === scheme) ?? entries.find((entry) => entry.scheme === undefined);
  if (own) return own.server;
  const isListOfOthers = entries.some((entry) => OTHER_SCHEME.test(entry.scheme ?? '') && entry.server.host !== '');
  const hasSocks = entries.some((entry) => entry.scheme === 'socks');
  return isListOfOthers && !hasSocks ? undefined : NO_HOST;
}

interface Entry {
  readonly scheme: string | undefined;
  readonly server: ProxyServer;
}

function entryOf(text: string): Entry {
  const [name = '', value] = text.split('=', 2);
  // Without a name and without a value: the end of a list, or an empty one.
  if (text === '') return { scheme: '', server: NO_HOST };
  return value === undefined
    ? { scheme: undefined, server: serverOf(name) }
    : { scheme: name.toLowerCase(), server: serverOf(value) };
}

function serverOf(text: string): ProxyServer {
  const withScheme = text.includes('://') ? text : `http://${text}`;
  const url = parseUrl(withScheme);
  // Proxies are asked by plain HTTP only.
  if (typeof url === 'number' || url.secure) return NO_HOST;
  const { host, userName, password } = url;
  return { host, port: /:\d+(?:\/.*)?$/.test(withScheme) ? url.port : DEFAULT_PORT, userName, password };
}

function environmentProxy(url: RequestUrl, environment: NodeJS.ProcessEnv): ProxyServer | undefined {
  const read = (name: string) => environment[name.toLowerCase()] || environment[name] || '';
  const server = read(url.secure ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (server === '' || isExcluded(url, read('NO_PROXY'))) return undefined;
  return serverOf(server);
}

/** NO_PROXY: names, which stand for all below them as well, or `*`. */
function isExcluded({ host, port }: RequestUrl, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => {
      if (entry === '*') return true;
      const [name = '', onlyPort] = entry.replace(/^\*?\./, '').split(/:(?=\d+$)/);
      if (name === '' || (onlyPort !== undefined && Number(onlyPort) !== port)) return false;
      return host === name || host.endsWith(`.${name}`);
    });
}
