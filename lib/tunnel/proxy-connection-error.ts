/** The error of a connection through proxies. */
import { nameErrors } from '../errors.ts';

/** Codes of {@link ProxyConnectionError}. */
export type ProxyConnectionErrorCode =
  /** No proxy could be connected to; none has answered. */
  | 'ERR_WINWIRE_PROXY_CONNECT'
  /** The proxy answered, and refuses the tunnel. */
  | 'ERR_WINWIRE_PROXY_REFUSED'
  /** The proxy asks for authentication, or rejects what it was given. */
  | 'ERR_WINWIRE_PROXY_AUTHENTICATION'
  /** The protocol of the proxy (SOCKS) cannot express the target or the user. */
  | 'ERR_WINWIRE_PROXY_KIND';

/** What is known about a failure, beside its text. */
interface Details {
  readonly status?: number | undefined;
  readonly proxy?: string | undefined;
  readonly schemes?: readonly string[] | undefined;
  readonly leg?: number | undefined;
  readonly cause?: unknown;
}

/** A connection could not be made through its proxies. */
export class ProxyConnectionError extends Error {
  readonly code: ProxyConnectionErrorCode;
  /** The status that the proxy answered, if it did. */
  readonly status: number | undefined;
  /** Host and port of the proxy, unless several failed. */
  readonly proxy: string | undefined;
  /** The schemes that the proxy offers, in its order; undefined unless it asks for authentication. */
  readonly schemes: readonly string[] | undefined;
  /** Which request the proxy refused: above 1, it was one of an authentication. */
  readonly leg: number | undefined;

  constructor(code: ProxyConnectionErrorCode, message: string, { status, proxy, schemes, leg, cause }: Details = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status;
    this.proxy = proxy;
    this.schemes = schemes;
    this.leg = leg;
  }

  static {
    nameErrors(ProxyConnectionError, 'ProxyConnectionError');
  }
}
