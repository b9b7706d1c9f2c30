/** Validates the options of a forwarder. */
import { isIP } from 'node:net';
import { argumentOutOfRange, invalidArgumentType, invalidArgumentValue, invalidOptions } from '../errors.ts';
import { validateLimits, validateNumber, validateObject } from '../options.ts';
import { NETWORK_OPTION_NAMES, type NetworkOptions } from '../tunnel/network-options.ts';
import { AllowedAddresses, randomPassword } from './access.ts';
import type { ForwardedRequest, ForwarderLimits } from './forwarder-types.ts';

/** Validated options, with defaults. */
export interface ForwarderSettings {
  readonly network: NetworkOptions;
  readonly port: number;
  /** `undefined`: the loopback addresses. */
  readonly listen: readonly string[] | undefined;
  readonly allowed: AllowedAddresses;
  /** `undefined`: none. */
  readonly password: string | undefined;
  readonly limits: ForwarderLimits;
  readonly replayLimit: number;
  readonly onRequest: ((request: ForwardedRequest) => void) | undefined;
}

const OWN_NAMES = ['port', 'listen', 'allow', 'password', 'limits', 'onRequest'];
const ALWAYS_ALLOWED = ['127.0.0.0/8', '::1'];
const DEFAULT_REPLAY_LIMIT = 1024 * 1024;

const DEFAULT_LIMITS: ForwarderLimits = {
  connections: 10_000,
  headSize: 64 * 1024,
  headTime: 60_000,
  idleTime: 3_600_000,
};

/** @throws {TypeError} ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE; {RangeError} ERR_OUT_OF_RANGE. */
export function parseForwarderOptions(options: unknown): ForwarderSettings {
  const names = [...OWN_NAMES, ...NETWORK_OPTION_NAMES];
  const given = validateObject(options, 'options', { names, instead: { host: 'listen', upstream: 'proxy' } });
  const { port = 0, onRequest, replayLimit } = given;
  if (typeof port !== 'number') throw invalidArgumentType('port', 'a number', port);
  if (!Number.isInteger(port) || port < 0 || port > 0xffff) throw argumentOutOfRange('port', 'from 0 to 65535', port);
  if (onRequest !== undefined && typeof onRequest !== 'function') {
    throw invalidArgumentType('onRequest', 'a function', onRequest);
  }
  const own = Object.fromEntries(OWN_NAMES.map((name) => [name, undefined]));
  return {
    network: { ...given, ...own },
    port,
    ...parseAddresses(given.listen, given.allow),
    password: parsePassword(given.password),
    limits: validateLimits(given.limits, DEFAULT_LIMITS, (value, name) => validateNumber(value, name, 1)),
    replayLimit: typeof replayLimit === 'number' ? replayLimit : DEFAULT_REPLAY_LIMIT,
    onRequest: onRequest as ForwarderSettings['onRequest'],
  };
}

function parseAddresses(listen: unknown, allow: unknown): Pick<ForwarderSettings, 'listen' | 'allowed'> {
  const addresses = parseList(listen, 'listen');
  const ranges = parseList(allow, 'allow');
  for (const address of addresses ?? []) {
    if (isIP(address) === 0) throw invalidArgumentValue('listen', 'a list of IP addresses of this machine', address);
  }
  if (addresses?.length === 0) throw invalidArgumentValue('listen', 'a list with at least one address', listen);
  const isOpen = addresses?.some((address) => !isLoopback(address)) ?? false;
  if (isOpen && (ranges ?? []).length === 0) {
    throw invalidOptions('"listen" has an address that other machines can reach: name its clients with "allow".');
  }
  return { listen: addresses, allowed: new AllowedAddresses([...ALWAYS_ALLOWED, ...(ranges ?? [])]) };
}

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

function parseList(value: unknown, name: string): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) {
    throw invalidArgumentType(name, 'an array of strings', value);
  }
  return [...(value as string[])];
}

function parsePassword(value: unknown): string | undefined {
  if (value === false) return undefined;
  if (value === undefined) return randomPassword();
  if (typeof value !== 'string') throw invalidArgumentType('password', 'a string or false', value);
  // RFC 7617 section 2. The text of the error must not contain the password.
  if (value !== '' && !/\p{Cc}/u.test(value)) return value;
  throw invalidOptions('"password" must not be empty or contain control characters; false asks for none.');
}
