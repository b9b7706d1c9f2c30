/** The connecting side of the opening handshake, RFC 6455 section 4.1, over node:http and node:https. */
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { refusalOf } from '../../abort-signal.ts';
import type { CredentialSource, ServerCredentials } from '../../auth/auth-types.ts';
import { invalidArgumentValue } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import { loadNative } from '../../native.ts';
import { validateObject } from '../../options.ts';
import type { ProxyOption } from '../../proxy/types.ts';
import { shownUrl } from '../../shown-text.ts';
import { validUrl } from '../../valid-url.ts';
import { tokensText } from '../functions/argument-advice.ts';
import { packTokens } from '../functions/function-arguments.ts';
import { answerText } from '../functions/handshake-advice.ts';
import { failWith } from '../functions/native-status.ts';
import type { ConnectionParts } from './connection-types.ts';
import { HANDLE_OPTIONS, type HandleOptions, HandshakeHandle, packHeaders, validateArray } from './handshake.ts';
import { type ConnectionLimits, connectionLimits } from './limits.ts';
import { prepareTransport } from './transport.ts';
import { requestUpgrade, type Upgraded } from './upgrade-request.ts';

const TRANSPORT_OPTIONS = [
  'agent',
  'auth',
  'ca',
  'cert',
  'checkServerIdentity',
  'ciphers',
  'createConnection',
  'crl',
  'ecdhCurve',
  'family',
  'hints',
  'key',
  'localAddress',
  'localPort',
  'lookup',
  'maxVersion',
  'minVersion',
  'passphrase',
  'pfx',
  'rejectUnauthorized',
  'secureOptions',
  'servername',
  'sigalgs',
  'socketPath',
] as const;

// Supported by Node.js but missing in its types.
const UNTYPED_OPTIONS = ['autoSelectFamily', 'autoSelectFamilyAttemptTimeout', 'secureContext', 'session'];

/** Options of node:https that a connection passes on: agent, TLS and addresses. */
type TransportOptions = Pick<RequestOptions, (typeof TRANSPORT_OPTIONS)[number]>;

const CONNECT_OPTIONS = {
  names: [
    'subprotocols',
    'headers',
    'signal',
    ...['proxy', 'proxyCredentials', 'credentials'],
    ...HANDLE_OPTIONS.names,
    ...TRANSPORT_OPTIONS,
    ...UNTYPED_OPTIONS,
  ],
  instead: {
    ...HANDLE_OPTIONS.instead,
    protocol: 'subprotocols',
    protocols: 'subprotocols',
    subprotocol: 'subprotocols',
    origin: 'headers: { Origin }',
    perMessageDeflate: 'no compression: the component has none',
  },
};

/** Options of WebSocketConnection.connect. */
export interface ConnectOptions extends HandleOptions, TransportOptions {
  /** The sub-protocols to offer, in order of preference. */
  readonly subprotocols?: readonly string[] | undefined;
  /** Further request headers; those of the handshake cannot be replaced. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Cancels the attempt. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The proxies to connect through, also for ws: URLs; default `'direct'`. Excludes `agent`, `createConnection` and
   * `socketPath`.
   */
  readonly proxy?: ProxyOption | undefined;
  /**
   * The credentials for proxies that ask. Default: the user and password of the proxy's URL; for a proxy of the machine's
   * settings, those of the logged-on user.
   */
  readonly proxyCredentials?: CredentialSource | undefined;
  /**
   * The credentials for the server, if it answers 401: a map of origins, such as `{ 'https://*.corp.example': 'default' }`
   * (`https:` for wss:, `http:` for ws:), or a function. Default `'none'`. Excludes the same options as `proxy`.
   */
  readonly credentials?: ServerCredentials | undefined;
}

/** Sends the request and returns the open connection. */
export async function connectUpgrade(url: string | URL, given: ConnectOptions): Promise<ConnectionParts> {
  const options: ConnectOptions = validateObject(given, 'options', CONNECT_OPTIONS);
  const target = toHttpUrl(url);
  const limits = connectionLimits(options.limits);
  const subprotocols = validateArray(options.subprotocols, 'subprotocols', 'strings');
  const packedSubprotocols = packTokens(subprotocols, 'subprotocols');
  const refusal = refusalOf(options.signal);
  if (refusal !== undefined) throw refusal;
  const handle = new HandshakeHandle(false, options);
  try {
    const ours = loadNative().beginClientHandshake(handle.native, packedSubprotocols, null, null);
    if (typeof ours === 'number') failWith('WebSocketBeginClientHandshake', ours, tokensText(subprotocols));
    const { response, socket, head } = await upgrade(target, ours, options, limits);
    const subprotocol = endHandshake(handle, response, subprotocols, socket);
    return {
      transport: prepareTransport(socket),
      head,
      makePump: (owner) => handle.makePump(owner, limits),
      role: 'client',
      backend: handle.backend,
      subprotocol,
      limits,
      keepAliveInterval: handle.keepAliveInterval,
    };
  } catch (error) {
    handle.delete();
    throw error;
  }
}

const SCHEMES: ReadonlyMap<string, 'http:' | 'https:'> = new Map([
  ['ws:', 'http:'],
  ['http:', 'http:'],
  ['wss:', 'https:'],
  ['https:', 'https:'],
]);

const URL_FORM = 'an absolute ws:, wss:, http: or https: URL, such as ws://localhost:8080/';

function toHttpUrl(url: string | URL): URL {
  const target = validUrl(url);
  if (!target) throw invalidArgumentValue('url', URL_FORM, typeof url === 'string' ? shownUrl(url) : url);
  const protocol = SCHEMES.get(target.protocol);
  if (protocol === undefined) throw invalidArgumentValue('url', URL_FORM, shownUrl(target));
  if (target.hash !== '') throw invalidArgumentValue('url', 'a URL without a fragment', target.hash);
  // The setter of `protocol` would not change ws: to http:.
  return new URL(protocol + target.href.slice(target.protocol.length));
}

async function upgrade(
  target: URL,
  ours: readonly string[],
  options: ConnectOptions,
  limits: ConnectionLimits,
): Promise<Upgraded> {
  const { signal, proxy, credentials } = options;
  const headers = requestHeaders(options, ours);
  const request = { ...transportOptions(options), headers };
  const { handshakeTimeout: timeout } = limits;
  if (proxy === undefined && credentials === undefined) {
    return (await requestUpgrade(target, request, { timeout, signal })) as Upgraded;
  }
  networkUpgrade ??= import('./network-upgrade.ts');
  const { upgradeByNetwork } = await networkUpgrade;
  return upgradeByNetwork(target, options, timeout, ({ transport, headers: added, ...attempt }) =>
    requestUpgrade(target, { ...request, ...transport, headers: { ...headers, ...added } }, { ...attempt, signal }),
  );
}

/** Loaded with the first connection that needs it, and kept: `import()` takes longer than a look-up. */
let networkUpgrade: Promise<typeof import('./network-upgrade.ts')> | undefined;

/** Returns the options for node:https. */
function transportOptions(options: ConnectOptions): TransportOptions {
  const { subprotocols, properties, limits, backend, keepAlive, trace, signal, headers, ...others } = options;
  const { proxy, proxyCredentials, credentials, ...transport } = others;
  return transport;
}

function requestHeaders(options: ConnectOptions, ours: readonly string[]): OutgoingHttpHeaders {
  const headers = { ...validateObject(options.headers, 'headers') };
  for (let i = 0; i < ours.length; i += 2) headers[ours[i] as string] = ours[i + 1] as string;
  return headers as OutgoingHttpHeaders;
}

/**
 * Returns the selected sub-protocol. A client must reject one that it did not offer (RFC 6455 section 4.1); whether the
 * component does is not documented.
 */
function endHandshake(
  handle: HandshakeHandle,
  response: IncomingMessage,
  offered: readonly string[],
  socket: Duplex,
): string {
  const headers = packHeaders(response.rawHeaders);
  const result = loadNative().endClientHandshake(handle.native, headers);
  const selected = response.headers['sec-websocket-protocol'] ?? '';
  const isOffered = selected === '' ? offered.length === 0 : offered.includes(selected);
  if (typeof result !== 'number' && isOffered) return selected;
  socket.destroy();
  const status = typeof result === 'number' ? result : HResult.E_SUBPROTOCOL_NOT_SUPPORTED;
  failWith('WebSocketEndClientHandshake', status, answerText(status, offered, headers));
}
