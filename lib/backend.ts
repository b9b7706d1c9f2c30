/**
 * Which backend answers a call, the system's DLL or the portable engine: the `backend` option, else the environment
 * variable WINWIRE_BACKEND, else `system` on Windows and `portable` elsewhere. winwire uses the backend you chose, or
 * throws; it never falls back.
 */
import { invalidArgumentType, invalidArgumentValue } from './errors.ts';

/** `'system'`: websocket.dll of System32. `'portable'`: the engine inside the addon. */
export type BackendName = 'system' | 'portable';

const NAMES: readonly BackendName[] = ['system', 'portable'];
const EXPECTED = `'system' or 'portable'`;

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

function isBackendName(value: string): value is BackendName {
  return (NAMES as readonly string[]).includes(value);
}
