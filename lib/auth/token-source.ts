/** What makes and checks the tokens of Negotiate and NTLM. */
import type { AuthScheme } from './auth-types.ts';

/** The schemes whose tokens SSPI or GSSAPI makes. */
export type TokenScheme = Extract<AuthScheme, 'Negotiate' | 'Kerberos' | 'NTLM'>;

/** One authentication on one connection. */
export interface TokenContext {
  /** The name of its credential; undefined if the mechanism does not tell. */
  readonly identity: string | undefined;
  /** `token`: the peer's; undefined for the first step. `done`: the mechanism needs no further token of the peer. */
  step(
    token: Uint8Array | undefined,
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<{ readonly token: Buffer; readonly done: boolean }>;
  /** May be called more than once. */
  close(): void;
}

/** A context to open. */
export interface TokenRequest {
  readonly package: TokenScheme;
  /** `HTTP/host`. */
  readonly service: string;
  /** Default: those of the logged-on user. */
  readonly credentials: { readonly username: string; readonly password: string; readonly domain?: string } | undefined;
  /** `tls-server-end-point:` and the hash (RFC 5929). */
  readonly channelBinding: Uint8Array | undefined;
}

/** Functions of SSPI or GSSAPI. */
export interface TokenSource {
  open(request: TokenRequest, options: { readonly signal?: AbortSignal | undefined }): Promise<TokenContext>;
  /** Returns the name of the logged-on user's credential, read anew; undefined if the mechanism does not tell. */
  identity(authPackage: TokenScheme): Promise<string | undefined>;
}
