/** Which backends are available on this machine, their files and versions, and why others are not. */
import { type BackendName, chooseBackend } from './backend.ts';
import { BackendUnavailableError } from './errors.ts';
import { loadNative, type NativeBackendInfo } from './native.ts';
import { VERSION } from './version.ts';

/** Describes one backend. */
export interface BackendInfo {
  /** Whether the backend can be used. */
  readonly available: boolean;
  /** The file that implements it; `undefined` if it is part of the addon or was not found. */
  readonly file: string | undefined;
  /** The version of the file, or of winwire for `portable`; `undefined` if unknown. */
  readonly version: string | undefined;
  /** The maker of the implementation: `'Microsoft'`, `'Wine'`, `'stand-in'` or `'portable'`. */
  readonly provider: string | undefined;
  /** Why it is not available: the file, the entry point and the Windows error. */
  readonly reason: string | undefined;
}

/** Describes how winwire makes tokens of the logged-on user. */
export interface AuthenticationInfo extends BackendInfo {
  /**
   * The mechanisms that the system has: of SSPI on Windows, of GSSAPI elsewhere. Empty without the addon, which all of
   * them need; Digest and Basic do not.
   */
  readonly mechanisms: readonly ('Negotiate' | 'Kerberos' | 'NTLM')[];
}

/** Result of {@link backends}: one member for each component, the mechanisms of authentication, the default backend. */
export interface Backends {
  /** The WebSocket protocol component: the 13 functions of `winwire/sys`. */
  readonly websocket: Readonly<Record<BackendName, BackendInfo>>;
  /** The request object WinHttp.WinHttpRequest.5.1: `WinHttpRequest` of `winwire`. */
  readonly winhttp: Readonly<Record<BackendName, BackendInfo>>;
  /** The tokens for Negotiate, Kerberos and NTLM: SSPI (secur32.dll) or GSSAPI, for both backends. */
  readonly authentication: AuthenticationInfo;
  /** The backend of a call without the `backend` option: WINWIRE_BACKEND if it is set, else the platform's. */
  readonly default: BackendName;
}

/**
 * Returns which backends are available, their files and versions, and why others are not.
 *
 * @throws {TypeError} ERR_INVALID_ARG_VALUE if WINWIRE_BACKEND is an unknown backend.
 */
export function backends(): Backends {
  return {
    websocket: { system: backendInfo('system'), portable: backendInfo('portable') },
    winhttp: { system: requestBackendInfo('system'), portable: requestBackendInfo('portable') },
    authentication: authenticationInfo(),
    default: chooseBackend(undefined),
  };
}

/** The error for a chosen backend that is not available. */
export function backendUnavailable(name: BackendName): BackendUnavailableError {
  return new BackendUnavailableError(name, backendInfo(name).reason ?? 'no reason is known');
}

function backendInfo(name: BackendName): BackendInfo {
  return infoOf(loadNative().backendInfo(name));
}

/** Returns the description of a backend of request objects. The portable one is TypeScript and needs no addon. */
export function requestBackendInfo(name: BackendName): BackendInfo {
  if (name === 'system') return infoOf(loadNative().winhttp?.registration() ?? { reason: noCom() });
  return infoOf({ version: `winwire ${VERSION}`, provider: 'portable' });
}

function authenticationInfo(): AuthenticationInfo {
  const info = loadNative().auth?.info();
  if (!info) return { ...infoOf({ reason: 'this winwire.node has no authentication' }), mechanisms: [] };
  return { ...infoOf(info), mechanisms: info.mechanisms as AuthenticationInfo['mechanisms'] };
}

/** Why the system's WinHttpRequest object is not available. */
export const noCom = (): string => `the WinHttpRequest object exists on Windows only, not ${process.platform}`;

/** The addon uses empty strings for unknown values, and gives a reason if a backend is not available. */
function infoOf({ file, version, provider, reason }: Partial<NativeBackendInfo>): BackendInfo {
  return {
    available: !reason,
    file: file || undefined,
    version: version || undefined,
    provider: provider || undefined,
    reason: reason || undefined,
  };
}
