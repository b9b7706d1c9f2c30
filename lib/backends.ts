/** Which backends are available on this machine, from which file and version, and why not. */
import { type BackendName, chooseBackend } from './backend.ts';
import { BackendUnavailableError } from './errors.ts';
import { loadNative, type NativeBackendInfo } from './native.ts';
import { VERSION } from './version.ts';

/** What is known of one backend. */
export interface BackendInfo {
  /** Whether it can serve. */
  readonly available: boolean;
  /** The file that answers, `undefined` where it is part of the addon or was not found. */
  readonly file: string | undefined;
  readonly version: string | undefined;
  /** Who made what answers: `'Microsoft'`, `'Wine'`, `'stand-in'` or `'portable'`. */
  readonly provider: string | undefined;
  /** Why it cannot serve: which file, which entry point, which Windows error. */
  readonly reason: string | undefined;
}

/** Result of {@link backends}: one member for each component, and which backend is used where none is asked for. */
export interface Backends {
  /** The WebSocket protocol component: the 13 functions of `winwire/sys`. */
  readonly websocket: Readonly<Record<BackendName, BackendInfo>>;
  /** The request object WinHttp.WinHttpRequest.5.1: `WinHttpRequest` of `winwire`. */
  readonly winhttp: Readonly<Record<BackendName, BackendInfo>>;
  /** What a call without the `backend` option uses: WINWIRE_BACKEND if it is set, else the platform's. */
  readonly default: BackendName;
}

/**
 * Tells which backends can serve, from which file and version, and why not.
 *
 * @throws {TypeError} ERR_INVALID_ARG_VALUE if WINWIRE_BACKEND names no backend.
 */
export function backends(): Backends {
  return {
    websocket: { system: backendInfo('system'), portable: backendInfo('portable') },
    winhttp: { system: requestBackendInfo('system'), portable: requestBackendInfo('portable') },
    default: chooseBackend(undefined),
  };
}

/** The error for a backend that was asked for and cannot serve. */
export function backendUnavailable(name: BackendName): BackendUnavailableError {
  return new BackendUnavailableError(name, backendInfo(name).reason ?? 'no reason is known');
}

function backendInfo(name: BackendName): BackendInfo {
  return infoOf(loadNative().backendInfo(name));
}

/** Returns what is known of a backend of request objects; the portable one is TypeScript and needs no addon. */
export function requestBackendInfo(name: BackendName): BackendInfo {
  if (name === 'system') return infoOf(loadNative().winhttp?.registration() ?? { reason: noCom() });
  return infoOf({ version: `winwire ${VERSION}`, provider: 'portable' });
}

/** Why there is no WinHttpRequest object of the system. */
export const noCom = (): string => `the WinHttpRequest object exists on Windows only, not ${process.platform}`;

/** The addon has empty strings for what is unknown, and a reason for what is not available. */
function infoOf({ file, version, provider, reason }: Partial<NativeBackendInfo>): BackendInfo {
  return {
    available: !reason,
    file: file || undefined,
    version: version || undefined,
    provider: provider || undefined,
    reason: reason || undefined,
  };
}
