/**
 * Which backend answers a call, the system's DLL or the portable engine: the `backend` option, else the environment
 * variable WINWIRE_BACKEND, else `system` on Windows and `portable` elsewhere. winwire uses the backend you chose, or
 * throws; it never falls back.
 */
import { invalidArgumentType, invalidArgumentValue, invalidOptions } from './errors.ts';

/** `'system'`: websocket.dll of System32. `'portable'`: the engine inside the addon. */
export type BackendName = 'system' | 'portable';

const NAMES: readonly BackendName[] = ['system', 'portable'];
const EXPECTED = `'system' or 'portable'`;

/**
 * Returns the chosen backend, by option, WINWIRE_BACKEND or platform. Does not check whether it is available.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for an unknown backend.
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
    const received = JSON.stringify(fromEnvironment);
    throw invalidOptions(`The environment variable WINWIRE_BACKEND must be ${EXPECTED}. Received ${received}.`);
  }
  return fromEnvironment;
}

function isBackendName(value: string): value is BackendName {
  return (NAMES as readonly string[]).includes(value);
}
