/** The error of an authentication with a server or proxy. */
import { invalidArgumentType, invalidArgumentValue, nameErrors } from '../errors.ts';
import type { MechanismErrorCode } from './mechanism-error.ts';

/** Codes of {@link AuthenticationError}: those of the mechanism, which is its `cause`, and those of the exchange with the peer. */
export type AuthenticationErrorCode =
  | MechanismErrorCode
  /** winwire has no credentials that may be sent to the peer. */
  | 'ERR_WINWIRE_AUTH_NO_CREDENTIALS'
  /** The peer offers no scheme that winwire knows, or none that may be used for it. */
  | 'ERR_WINWIRE_AUTH_NO_SCHEME'
  /** The mechanism made a token of NTLM where NTLM is not allowed; it was not sent. */
  | 'ERR_WINWIRE_AUTH_NTLM_NOT_ALLOWED'
  /** The peer closed the connection between two legs. */
  | 'ERR_WINWIRE_AUTH_CLOSED'
  /** The peer asks for more legs than winwire sends. */
  | 'ERR_WINWIRE_AUTH_TOO_MANY_LEGS';

/** What happened, as the end of "The proxy p:8080 …", and what helps. */
const TEXTS: Readonly<Record<AuthenticationErrorCode, readonly [what: string, remedy: string]>> = {
  ERR_WINWIRE_AUTH_REJECTED: ['rejects the credentials', 'Check the user name, the password and the domain.'],
  ERR_WINWIRE_AUTH_NO_CREDENTIALS: [
    'asks for authentication, and no credentials may be sent to it',
    'Pass "proxyCredentials" for proxies, "credentials" for servers.',
  ],
  ERR_WINWIRE_AUTH_NO_SCHEME: [
    'offers no scheme that may be used',
    'The option "schemes" allows others; Basic without TLS and NTLM for servers must be named there.',
  ],
  ERR_WINWIRE_AUTH_NO_TICKET: [
    'asks for a ticket, and the logged-on user has none',
    'Log on to the domain or run kinit, or pass a user name and a password.',
  ],
  ERR_WINWIRE_AUTH_NO_MECHANISM: [
    'asks for a mechanism that this machine does not have',
    'Call backends() to see what is missing: Kerberos needs libgssapi_krb5, NTLM needs gss-ntlmssp.',
  ],
  ERR_WINWIRE_AUTH_CLOCK_SKEW: [
    'cannot be authenticated with: the clocks of this machine and of the domain differ too much',
    'Set the clock of this machine.',
  ],
  ERR_WINWIRE_AUTH_UNKNOWN_SERVICE: [
    'has a service name that the domain does not know',
    'Use the host name that is registered, or the option "servicePrincipalName".',
  ],
  ERR_WINWIRE_AUTH_PASSWORD_EXPIRED: [
    'cannot be authenticated with: the password has expired or must be changed',
    'Change the password.',
  ],
  ERR_WINWIRE_AUTH_KDC_UNREACHABLE: [
    'cannot be authenticated with: no domain controller (KDC) answers',
    'Check the network and the configuration of Kerberos.',
  ],
  ERR_WINWIRE_AUTH_TIMEOUT: [
    'cannot be authenticated with: the mechanism did not answer in time',
    'Check the network and the domain controller.',
  ],
  ERR_WINWIRE_AUTH_NTLM_NOT_ALLOWED: [
    'would get a token of NTLM, which is not allowed for it; nothing was sent',
    'Check its service name, or name \'NTLM\' in the option "schemes".',
  ],
  ERR_WINWIRE_AUTH_CLOSED: [
    'closed the connection in the middle of the authentication',
    'Check that nothing between closes connections, and that the peer keeps them alive.',
  ],
  ERR_WINWIRE_AUTH_TOO_MANY_LEGS: ['does not end the authentication', 'Check the configuration of the peer.'],
  ERR_WINWIRE_AUTH_WRONG_TOKEN: [
    'sent a wrong token: it does not prove its identity',
    'Check the service name, and that no other program answers in its place.',
  ],
  ERR_WINWIRE_AUTH_MECHANISM: ['cannot be authenticated with: the mechanism failed', 'The cause has its text.'],
};

/** The facts of an {@link AuthenticationError}. */
export interface AuthenticationFacts {
  readonly target: 'proxy' | 'server';
  readonly host: string;
  readonly port: number;
  /** As the peer spells them. */
  readonly schemes: readonly string[];
  readonly servicePrincipalName?: string | undefined;
  readonly cause?: unknown;
}

/** The longest name of a scheme, and the number of them, that a message shows. */
const MAX_NAME = 32;
const MAX_NAMES = 8;

/** Authentication with a server or proxy failed. The error contains no user name, password or token. */
export class AuthenticationError extends Error {
  readonly code: AuthenticationErrorCode;
  readonly target: 'proxy' | 'server';
  readonly host: string;
  readonly port: number;
  /** The schemes that the peer offers, as it spells them. */
  readonly schemes: readonly string[];
  /** The service name for which a token was requested: `HTTP/proxy.example`. */
  readonly servicePrincipalName: string | undefined;

  constructor(code: AuthenticationErrorCode, facts: AuthenticationFacts) {
    if (!Object.hasOwn(TEXTS, code)) throw invalidArgumentValue('code', 'a code of AuthenticationError', code);
    if (typeof facts !== 'object' || facts === null) throw invalidArgumentType('facts', 'an object', facts);
    const { target, host, port, servicePrincipalName, cause } = facts;
    const schemes = [...new Set(facts.schemes)].slice(0, MAX_NAMES).map((name) => name.slice(0, MAX_NAME));
    const [what, remedy] = TEXTS[code];
    const offer = schemes.length > 0 ? ` It offers ${schemes.join(', ')}.` : ' It offers no scheme.';
    const service = servicePrincipalName === undefined ? '' : ` The service name is ${servicePrincipalName}.`;
    const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    super(`The ${target} ${place} ${what}.${offer}${service} ${remedy}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.target = target;
    this.host = host;
    this.port = port;
    this.schemes = Object.freeze(schemes);
    this.servicePrincipalName = servicePrincipalName;
  }

  static {
    nameErrors(AuthenticationError, 'AuthenticationError');
  }
}

/** Returns the code of a failure of SSPI or GSSAPI. */
export function codeOfMechanism(error: unknown): AuthenticationErrorCode {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && Object.hasOwn(TEXTS, code)
    ? (code as AuthenticationErrorCode)
    : 'ERR_WINWIRE_AUTH_MECHANISM';
}
