/** The public types of authentication. */
import type { ProxyResolution } from '../proxy/types.ts';

/**
 * A way to authenticate. `'Negotiate'` uses Kerberos and may use NTLM instead, which the mechanism decides;
 * `'Kerberos'` is Negotiate without NTLM. Sources: RFC 4559, 7616 and 7617; Microsoft, [MS-NLMP].
 */
export type AuthScheme = 'Negotiate' | 'Kerberos' | 'NTLM' | 'Digest' | 'Basic';

/** A user with a password. Without `domain`, `username` can be `DOMAIN\user` or `user@REALM`. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly domain?: string;
}

/** A server or proxy that asks for credentials. */
export interface Challenge {
  readonly target: 'proxy' | 'server';
  /** The origin of the server, or the proxy as a URL: `https://example.org`, `http://proxy.example:8080`. */
  readonly origin: string;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether the connection to it uses TLS. */
  readonly secure: boolean;
  /** The offered schemes that winwire knows, in the order received. */
  readonly schemes: readonly AuthScheme[];
  /** The first realm that the challenge names. */
  readonly realm?: string;
  /** 1 for the first question; 2 after the first answer was rejected. */
  readonly attempt: number;
  /** The source of the proxy, if known. */
  readonly source?: ProxyResolution['source'];
}

/** `'none'`: no credentials; `'default'`: those of the logged-on user, by Negotiate or NTLM. */
export type CredentialAnswer = 'none' | 'default' | Credentials;

/**
 * The credentials for proxies, or a function that is called for each challenge, and with the last one before later
 * requests.
 */
export type CredentialSource =
  | CredentialAnswer
  | ((challenge: Challenge) => CredentialAnswer | Promise<CredentialAnswer>);

/**
 * The credentials for servers: a map of origins (`'https://intranet.example'`) and patterns
 * (`'https://*.corp.example'`), or a function that is called for each challenge.
 */
export type ServerCredentials =
  | 'none'
  | { readonly [originOrPattern: string]: CredentialAnswer }
  | ((challenge: Challenge) => CredentialAnswer | Promise<CredentialAnswer>);
