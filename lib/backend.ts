/**
 * Who answers a call: the system's DLL or the portable engine. The choice is the `backend` option, else the environment
 * variable WINWIRE_BACKEND, else `system` on Windows and `portable` elsewhere. What was chosen either serves or fails:
 * nothing else is tried in its place.
 */
import { BackendUnavailableError, invalidArgumentType, invalidArgumentValue } from './errors.ts';
import { loadNative } from './native.ts';
import { requestBackendInfo } from './winhttp/availability.ts';

/** `'system'`: websocket.dll of System32. `'portable'`: the engine inside the addon. */
export type BackendName = 'system' | 'portable';

const NAMES: readonly BackendName[] = ['system', 'portable'];
const EXPECTED = `'system' or 'portable'`;

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
  /** The request object WinHttp.WinHttpRequest.5.1: `WinHttpRequest` in `winwire/sys`. */
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

/**
 * Applies the order option, WINWIRE_BACKEND, platform. Does not look whether the result is available.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for what names no backend.
 */
export function chooseBackend(option: unknown): BackendName {
  if (option !== undefined && option !== null) {
    if (typeof option !== 'string') throw invalidArgumentType('backend', EXPECTED, option);
    if (!isBackendName(option)) throw invalidArgumentValue('backend', EXPECTED, option);
    return option;
  }
  const fromEnvironment = process.env.WINWIRE_BACKEND;
  if (fromEnvironment === undefined || fromEnvironment === '') {
    return process.platform === 'win32' ? 'system' : 'portable';
  }
  if (!isBackendName(fromEnvironment)) {
    throw invalidArgumentValue('WINWIRE_BACKEND (environment)', EXPECTED, fromEnvironment);
  }
  return fromEnvironment;
}

/** The error for a backend that was asked for and cannot serve. */
export function backendUnavailable(name: BackendName): BackendUnavailableError {
  return new BackendUnavailableError(name, backendInfo(name).reason ?? 'no reason is known');
}

function backendInfo(name: BackendName): BackendInfo {
  const { available, file, version, provider, reason } = loadNative().backendInfo(name);
  return {
    available,
    file: file || undefined,
    version: version || undefined,
    provider: provider || undefined,
    reason: reason || undefined,
  };
}

function isBackendName(value: string): value is BackendName {
  return (NAMES as readonly string[]).includes(value);
}
