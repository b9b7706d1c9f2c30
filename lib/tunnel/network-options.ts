/** The options of every door to the network. */
import type { ConnectionOptions } from 'node:tls';
import type { AuthScheme, Challenge, CredentialSource, ServerCredentials } from '../auth/auth-types.ts';
import { type AuthPolicy, parseAuthPolicy } from '../auth/policy.ts';
import type { BackendName } from '../backend.ts';
import { invalidArgumentType, invalidArgumentValue, invalidCharacter } from '../errors.ts';
import { validateBoolean, validateInteger, validateNumber, validateObject } from '../options.ts';
import { validateProxyOption } from '../proxy/proxy-option.ts';
import type { ProxyOption } from '../proxy/types.ts';
import { isToken } from '../token.ts';

/** Options of what connects through the machine's proxies. */
export interface NetworkOptions {
  /** The backend that reads the system's settings and runs scripts. Default: WINWIRE_BACKEND, else the platform's. */
  readonly backend?: BackendName | undefined;
  /** The proxies: a source, `'direct'`, or a function that is called for each origin. */
  readonly proxy?: ProxyOption | undefined;
  /** The credentials for proxies. Default: those of the URL; the logged-on user's for a proxy of the machine's settings. */
  readonly proxyCredentials?: CredentialSource | undefined;
  /** The credentials for servers, by their origin. Default `'none'`. */
  readonly credentials?: ServerCredentials | undefined;
  /** The schemes to answer. The default depends on who named the proxy; servers get no NTLM unless it is named here. */
  readonly schemes?: readonly AuthScheme[] | undefined;
  /** The service name of Kerberos: `HTTP/` and the host as named (default), its canonical name, or the function's. */
  readonly servicePrincipalName?: 'named' | 'canonical' | ((challenge: Challenge) => string | undefined) | undefined;
  /** Bytes of a request's body that are kept in case an authentication needs it again. Default 1 MiB. */
  readonly replayLimit?: number | undefined;
  /** Maximum number of connections to an origin at once. Default: unlimited. */
  readonly connections?: number | undefined;
  /**
   * Limit for opening a connection by one route, in milliseconds, with TLS and the authentication at the proxy. Default
   * 30,000; `Infinity` disables it.
   */
  readonly connectTimeout?: number | undefined;
  /** Whether idle connections are kept for later requests. Default true. */
  readonly keepAlive?: boolean | undefined;
  /** Options of node:tls for servers. */
  readonly tls?: ConnectionOptions | undefined;
  /** Options of node:tls for https: proxies. */
  readonly proxyTls?: ConnectionOptions | undefined;
  /** Further fields of CONNECT requests, such as User-Agent, by which some proxies admit programs. */
  readonly proxyHeaders?: Readonly<Record<string, string>> | undefined;
}

/** Validated options, with defaults. */
export interface NetworkSettings {
  readonly backend: BackendName | undefined;
  readonly proxy: ProxyOption;
  readonly auth: AuthPolicy;
  readonly replayLimit: number;
  readonly connections: number;
  readonly connectTimeout: number;
  readonly keepAlive: boolean;
  readonly tls: ConnectionOptions;
  readonly proxyTls: ConnectionOptions;
  readonly proxyHeaders: Readonly<Record<string, string>>;
}

/** The names of the options, for a door that has further ones. */
export const NETWORK_OPTION_NAMES = [
  ...['backend', 'proxy', 'proxyCredentials', 'credentials', 'schemes', 'servicePrincipalName', 'replayLimit'],
  ...['connections', 'connectTimeout', 'keepAlive', 'tls', 'proxyTls', 'proxyHeaders'],
] as const;

/** Where agents and dispatchers find their proxies by default. */
export const DEFAULT_DOOR_PROXY: ProxyOption = 'environment-then-system';

const DEFAULT_CONNECT_TIMEOUT = 30_000;
const DEFAULT_REPLAY_LIMIT = 1024 * 1024;

/**
 * Validates the options of a door, which may have others too.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE; {RangeError} ERR_OUT_OF_RANGE.
 */
export function parseNetworkOptions(options: unknown, defaultProxy: ProxyOption): NetworkSettings {
  const given = validateObject(options, 'options');
  const { proxy = defaultProxy, connections, connectTimeout = DEFAULT_CONNECT_TIMEOUT, replayLimit } = given;
  return {
    backend: given.backend as BackendName | undefined,
    proxy: validateProxyOption(proxy),
    auth: parseAuthPolicy(given),
    replayLimit: replayLimit === undefined ? DEFAULT_REPLAY_LIMIT : validateInteger(replayLimit, 'replayLimit', 0),
    connections: connections === undefined ? Number.POSITIVE_INFINITY : validateInteger(connections, 'connections', 1),
    connectTimeout: validateNumber(connectTimeout, 'connectTimeout', 1, 'a number of milliseconds'),
    keepAlive: validateBoolean(given.keepAlive, 'keepAlive', true),
    tls: validateObject(given.tls, 'tls'),
    proxyTls: validateObject(given.proxyTls, 'proxyTls'),
    proxyHeaders: parseProxyHeaders(given.proxyHeaders),
  };
}

/** Fields that are the tunnel's: others would change the request, or its length. */
const RESERVED = ['host', 'content-length', 'transfer-encoding', 'proxy-authorization'];
const NOT_A_VALUE = /[\0\r\n]|[^\0-\xff]/;

function parseProxyHeaders(given: unknown): Readonly<Record<string, string>> {
  const headers = { ...validateObject(given, 'proxyHeaders') };
  for (const [name, value] of Object.entries(headers)) {
    if (!isToken(name) || RESERVED.includes(name.toLowerCase())) {
      throw invalidArgumentValue('proxyHeaders', `names of headers other than ${RESERVED.join(', ')}`, name);
    }
    if (typeof value !== 'string') throw invalidArgumentType(`proxyHeaders.${name}`, 'a string', value);
    if (NOT_A_VALUE.test(value)) throw invalidCharacter(`proxyHeaders.${name}`);
  }
  return headers as Record<string, string>;
}
