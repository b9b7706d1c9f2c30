/** The options of `ProxyAgent`, and those of one request. */
import type { AgentOptions } from 'node:http';
import type { TcpNetConnectOpts } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { invalidOptions } from '../errors.ts';
import { rejectUnknown } from '../known-options.ts';
import { validateObject } from '../options.ts';
import { NETWORK_OPTION_NAMES, type NetworkOptions } from '../tunnel/network-options.ts';

/** Options of {@link ProxyAgent}: those of every door, and those of Node's `http.Agent`. */
export type ProxyAgentOptions = NetworkOptions & Omit<AgentOptions, 'proxyEnv'>;

const AGENT_NAMES = [
  ...['keepAlive', 'keepAliveMsecs', 'maxSockets', 'maxTotalSockets', 'maxFreeSockets', 'scheduling', 'timeout'],
  ...['agentKeepAliveTimeoutBuffer', 'noDelay'],
];
/** Options of node:net that a request or an agent may have. */
const TCP_NAMES = [
  ...['localAddress', 'localPort', 'family', 'hints', 'lookup', 'autoSelectFamily', 'autoSelectFamilyAttemptTimeout'],
  ...['blockList', 'highWaterMark'],
] as const;
/** Options of node:tls that a request may have. */
const TLS_NAMES = [
  ...['ALPNCallback', 'ca', 'cert', 'checkServerIdentity', 'ciphers', 'clientCertEngine', 'crl', 'dhparam'],
  ...['ecdhCurve', 'honorCipherOrder', 'key', 'maxVersion', 'minDHSize', 'minVersion', 'passphrase', 'pfx'],
  ...['privateKeyEngine', 'privateKeyIdentifier', 'rejectUnauthorized', 'secureContext', 'secureOptions'],
  ...['secureProtocol', 'servername', 'session', 'sessionIdContext', 'sigalgs'],
] as const;

const KNOWN = {
  names: [...new Set([...NETWORK_OPTION_NAMES, ...AGENT_NAMES, ...TCP_NAMES])],
  instead: {
    ...Object.fromEntries(TLS_NAMES.map((name) => [name, `tls: { ${name}: … }`])),
    headers: 'proxyHeaders',
  },
  example: "{ proxy: 'system' }",
};

/**
 * Validates the options of an agent, and splits them.
 *
 * @throws {TypeError} for an unknown option, and for `proxyEnv`.
 */
export function parseAgentOptions(options: unknown): { network: object; agent: AgentOptions } {
  const given = validateObject(options, 'options');
  if (given.proxyEnv !== undefined && given.proxyEnv !== null) {
    throw invalidOptions(
      'ProxyAgent takes no option "proxyEnv": Node would put a second proxy behind it. Use proxy: \'environment\'.',
    );
  }
  const { proxyEnv: _, ...rest } = given;
  rejectUnknown(rest, 'options', KNOWN);
  const network: Record<string, unknown> = {};
  const agent: Record<string, unknown> = { keepAlive: true };
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined) continue;
    if ((NETWORK_OPTION_NAMES as readonly string[]).includes(name)) network[name] = value;
    if (AGENT_NAMES.includes(name) || (TCP_NAMES as readonly string[]).includes(name)) agent[name] = value;
  }
  if (network.connections !== undefined) agent.maxSockets ??= network.connections;
  return { network, agent: agent as AgentOptions };
}

/** The options of a request that node:http passes to its agent. */
export interface RequestOptions {
  readonly protocol?: string | null | undefined;
  readonly _defaultAgent?: object | undefined;
  readonly host?: string | null | undefined;
  readonly hostname?: string | null | undefined;
  readonly port?: number | string | null | undefined;
  readonly socketPath?: string | undefined;
}

/** Whether the request is one of https. Its agent is the same for both. */
export const isSecure = ({ protocol, _defaultAgent }: RequestOptions): boolean =>
  (protocol ?? (_defaultAgent as { protocol?: string } | undefined)?.protocol) === 'https:';

/** The place of a request. Node gives a request of https to an agent for both the port of http. */
export function placeOf(options: RequestOptions): { host: string; port: number } {
  const port = Number(options.port ?? 80);
  const host = String(options.host ?? options.hostname ?? 'localhost').replace(/^\[|\]$/g, '');
  return { host, port: isSecure(options) && port === 80 ? 443 : port };
}

export const tcpOptionsOf = (options: RequestOptions): Partial<TcpNetConnectOpts> => pick(options, TCP_NAMES);

export function tlsOptionsOf(options: RequestOptions): ConnectionOptions {
  const tls: Record<string, unknown> = pick(options, TLS_NAMES);
  // node:http names an address by the empty string.
  if (tls.servername === '') delete tls.servername;
  return tls;
}

function pick(options: RequestOptions, names: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names) {
    const value = (options as Record<string, unknown>)[name];
    if (value !== undefined && value !== null) picked[name] = value;
  }
  return picked;
}
