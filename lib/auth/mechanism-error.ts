/** The error of SSPI or GSSAPI. */
import { invalidArgumentType, nameErrors, WinwireError } from '../errors.ts';

/** Codes of {@link MechanismError}. */
export type MechanismErrorCode =
  /** There are no credentials of the logged-on user, or their ticket has expired. */
  | 'ERR_WINWIRE_AUTH_NO_TICKET'
  /** The library of the mechanism is missing, or does not have the mechanism. */
  | 'ERR_WINWIRE_AUTH_NO_MECHANISM'
  /** The clocks of this machine and of the domain differ too much. */
  | 'ERR_WINWIRE_AUTH_CLOCK_SKEW'
  /** The domain does not know the service name. */
  | 'ERR_WINWIRE_AUTH_UNKNOWN_SERVICE'
  /** The password has expired, or must be changed. */
  | 'ERR_WINWIRE_AUTH_PASSWORD_EXPIRED'
  /** The domain does not know the user, or the password is wrong. */
  | 'ERR_WINWIRE_AUTH_REJECTED'
  /** No domain controller (KDC) of the domain can be found or answers. */
  | 'ERR_WINWIRE_AUTH_KDC_UNREACHABLE'
  /** The peer's token is malformed, or does not prove the peer's identity. */
  | 'ERR_WINWIRE_AUTH_WRONG_TOKEN'
  /** The mechanism did not answer within the time limit. */
  | 'ERR_WINWIRE_AUTH_TIMEOUT'
  /** The mechanism failed for another reason, which `cause` has. */
  | 'ERR_WINWIRE_AUTH_MECHANISM';

/** What SSPI or GSSAPI reports of a failure. */
export interface MechanismFailure {
  /** The function that failed: `'InitializeSecurityContext'`, `'gss_init_sec_context'`. */
  readonly syscall: string;
  /** The SECURITY_STATUS; for GSSAPI the one that SSPI has for the same fault. */
  readonly hresult: number;
  /** GSSAPI's status codes; undefined for SSPI. */
  readonly status?: { readonly major: number; readonly minor: number };
  /** The mechanism's own text. */
  readonly text: string;
}

/**
 * SSPI or GSSAPI failed. The `cause` is an Error with the mechanism's own text. The error contains no password and no
 * token. Sources: Microsoft, "SSPI Status Codes"; RFC 2744 section 3.9.
 */
export class MechanismError extends WinwireError {
  declare readonly code: MechanismErrorCode;
  /** The major status of GSSAPI; undefined for SSPI. */
  readonly major: number | undefined;
  /** The minor status of GSSAPI, an error code of the mechanism; undefined for SSPI. */
  readonly minor: number | undefined;

  /** `what` is a sentence in plain words, with the service name if that matters. */
  constructor(code: MechanismErrorCode, what: string, failure: MechanismFailure) {
    if (typeof failure !== 'object' || failure === null) throw invalidArgumentType('failure', 'an object', failure);
    const { syscall, hresult, status, text } = failure;
    const numbers = status === undefined ? '' : `, major 0x${hex(status.major)}, minor ${status.minor}`;
    super(syscall, hresult, { detail: `${what}${numbers}`, ...(text === '' ? {} : { cause: new Error(text) }) });
    this.code = code;
    this.major = status?.major;
    this.minor = status?.minor;
  }

  static {
    nameErrors(MechanismError, 'MechanismError');
  }
}

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
