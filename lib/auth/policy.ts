/** Who gets which credentials by which schemes. */
import { invalidArgumentType, invalidArgumentValue } from '../errors.ts';
import { secretsOf } from '../proxy/resolution.ts';
import type { ProxyResolution, ProxyRoute } from '../proxy/types.ts';
import type {
  AuthScheme,
  Challenge,
  CredentialAnswer,
  CredentialSource,
  Credentials,
  ServerCredentials,
} from './auth-types.ts';
import { parseAnswer } from './credential-answers.ts';
import { notAMap, OriginMap, type ServerOrigin } from './origin-map.ts';

/** What the caller allows. `parseAuthPolicy` creates it. */
export interface AuthPolicy {
  readonly proxyCredentials: CredentialSource | undefined;
  readonly credentials: 'none' | AnswersByOrigin | Extract<ServerCredentials, (...args: never) => unknown>;
  readonly schemes: readonly AuthScheme[] | undefined;
  readonly servicePrincipalName: ServicePrincipalNames;
}

/** Credentials of servers by their origin. */
export interface AnswersByOrigin {
  answerFor(origin: ServerOrigin): CredentialAnswer;
}

/** How the service name is formed: with the host as named, with its canonical name, or by a function. */
export type ServicePrincipalNames = 'named' | 'canonical' | ((challenge: Challenge) => string | undefined);

/** The server or proxy at the other end of a connection. */
export interface AuthPeer {
  readonly target: 'proxy' | 'server';
  /** The origin of the server, or the proxy as a URL: `https://example.org`, `http://proxy.example:8080`. */
  readonly origin: string;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether the connection to it uses TLS. */
  readonly secure: boolean;
  /** Of a proxy: the route itself, not a copy, because its private data decide who may get the user's identity. */
  readonly route?: ProxyRoute;
  /** For challenges and error texts only; it grants nothing. */
  readonly source?: ProxyResolution['source'];
  /** Of a server: requests go through an http: proxy in absolute form, on a connection that is the proxy's. */
  readonly isProxied?: boolean;
}

/** What may be sent to a peer. */
export interface Permission {
  readonly credentials: 'default' | Credentials;
  /** The allowed schemes, the preferred ones first; of Negotiate and Kerberos at most one. */
  readonly schemes: readonly AuthScheme[];
}

/** All schemes, the strongest first. */
const SCHEMES: readonly AuthScheme[] = ['Negotiate', 'Kerberos', 'NTLM', 'Digest', 'Basic'];
const OPEN_SCHEMES: readonly AuthScheme[] = ['Negotiate', 'NTLM', 'Digest', 'Basic'];
/** For servers, and for a proxy that any machine of the network can announce. */
const GUARDED_SCHEMES: readonly AuthScheme[] = ['Kerberos', 'Digest', 'Basic'];

/**
 * Validates the options of authentication.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE; for the bare word `'default'` as `credentials` the
 *   message shows the map to write.
 */
export function parseAuthPolicy(options: Readonly<Record<string, unknown>> = {}): AuthPolicy {
  const { proxyCredentials, credentials, schemes, servicePrincipalName } = options;
  return Object.freeze({
    proxyCredentials: parseProxyCredentials(proxyCredentials),
    credentials: parseServerCredentials(credentials),
    schemes: parseSchemes(schemes),
    servicePrincipalName: parseServiceNames(servicePrincipalName),
  });
}

function parseProxyCredentials(value: unknown): AuthPolicy['proxyCredentials'] {
  if (value === undefined || typeof value === 'function') return value as AuthPolicy['proxyCredentials'];
  return parseAnswer(value, 'proxyCredentials');
}

function parseServerCredentials(value: unknown): AuthPolicy['credentials'] {
  if (value === undefined || value === 'none') return 'none';
  if (typeof value === 'function') return value as Extract<AuthPolicy['credentials'], (...args: never) => unknown>;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notAMap(value);
  return new OriginMap(value, parseAnswer);
}

function parseSchemes(value: unknown): AuthPolicy['schemes'] {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw invalidArgumentType('schemes', 'an array of schemes', value);
  const unknown = value.find((scheme) => !SCHEMES.includes(scheme));
  if (value.length === 0 || unknown !== undefined) {
    const expected = `a list of ${SCHEMES.map((scheme) => `'${scheme}'`).join(', ')}`;
    throw invalidArgumentValue('schemes', expected, value.length === 0 ? 'an empty list' : unknown);
  }
  return Object.freeze([...new Set(value as AuthScheme[])]);
}

function parseServiceNames(value: unknown): ServicePrincipalNames {
  if (value === undefined) return 'named';
  if (value === 'named' || value === 'canonical' || typeof value === 'function') return value as ServicePrincipalNames;
  throw invalidArgumentValue('servicePrincipalName', "'named', 'canonical' or a function", value);
}

/** Whether a function chooses the credentials for this peer, which is only called with a challenge. */
export const isAskedLater = ({ target }: AuthPeer, { credentials, proxyCredentials }: AuthPolicy): boolean =>
  typeof (target === 'server' ? credentials : proxyCredentials) === 'function';

/**
 * Returns what may be sent to a peer; undefined for nothing. Calls the caller's function, if there is one, with the
 * challenge.
 */
export async function permissionFor(
  peer: AuthPeer,
  policy: AuthPolicy,
  challenge: Challenge,
): Promise<Permission | undefined> {
  const { credentials, isFromUrl } =
    peer.target === 'server'
      ? { credentials: await serverAnswer(peer, policy, challenge), isFromUrl: false }
      : await proxyAnswer(peer, policy, challenge);
  if (credentials === 'none') return undefined;
  const isGuarded = peer.target === 'server' || namedBy(peer) === 'wpad';
  const { schemes: named } = policy;
  const base = named ?? (isGuarded ? GUARDED_SCHEMES : OPEN_SCHEMES);
  // Negotiate turns into NTLM whenever the domain does not know the service name.
  const allowsNtlm = base.includes('Negotiate') && (!isGuarded || base.includes('NTLM'));
  const isBasicAllowed = isFromUrl || named?.includes('Basic') === true || hidesPassword(peer);
  const schemes = SCHEMES.filter((scheme) => {
    if (scheme === 'Negotiate') return allowsNtlm;
    if (scheme === 'Kerberos') return !allowsNtlm && (base.includes('Kerberos') || base.includes('Negotiate'));
    if (!base.includes(scheme)) return false;
    return scheme === 'NTLM' || (credentials !== 'default' && (scheme !== 'Basic' || isBasicAllowed));
  });
  return { credentials, schemes };
}

async function serverAnswer(
  peer: AuthPeer,
  { credentials }: AuthPolicy,
  challenge: Challenge,
): Promise<CredentialAnswer> {
  if (credentials === 'none') return 'none';
  if (typeof credentials === 'function') return parseAnswer(await credentials(challenge), 'answer of credentials');
  return credentials.answerFor(peer);
}

interface ProxyAnswer {
  readonly credentials: CredentialAnswer;
  /** User and password are part of the proxy's own URL. */
  readonly isFromUrl: boolean;
}

async function proxyAnswer(
  peer: AuthPeer,
  { proxyCredentials }: AuthPolicy,
  challenge: Challenge,
): Promise<ProxyAnswer> {
  if (typeof proxyCredentials === 'function') {
    const answer = parseAnswer(await proxyCredentials(challenge), 'answer of proxyCredentials');
    return { credentials: answer, isFromUrl: false };
  }
  if (proxyCredentials !== undefined && proxyCredentials !== 'default') {
    return { credentials: proxyCredentials, isFromUrl: false };
  }
  const user = userOf(peer);
  if (user) return { credentials: user, isFromUrl: true };
  // The user's identity goes to a proxy of the machine's settings; to others only if the caller says so.
  const mayGetDefault = proxyCredentials === 'default' || namedBy(peer) === 'settings';
  return { credentials: mayGetDefault ? 'default' : 'none', isFromUrl: false };
}

/** Returns the private data of the peer's route, if it leads to the peer. */
function secretsFor({ route, host, port, secure }: AuthPeer): ReturnType<typeof secretsOf> {
  if (!route || route.kind === 'direct' || route.host !== host || route.port !== port) return { namedBy: 'caller' };
  return (route.kind === 'https') === secure ? secretsOf(route) : { namedBy: 'caller' };
}

const namedBy = (peer: AuthPeer): 'caller' | 'settings' | 'wpad' => secretsFor(peer).namedBy;
const userOf = (peer: AuthPeer): Credentials | undefined => secretsFor(peer).user;

/** A password in plain text needs TLS, or a peer on this machine: a proxy between reads it, whatever the host's name. */
const hidesPassword = ({ secure, host, isProxied }: AuthPeer): boolean => secure || (isLoopback(host) && !isProxied);

/** RFC 6761 leaves names below `localhost` to the resolver, so they do not count. */
const isLoopback = (host: string): boolean =>
  /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) || host === '::1' || host.toLowerCase() === 'localhost';
