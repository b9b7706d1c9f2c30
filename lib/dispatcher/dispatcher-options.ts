/** The options of `ProxyDispatcher`. */
import { argumentOutOfRange, invalidArgumentType } from '../errors.ts';
import { rejectUnknown } from '../known-options.ts';
import { validateBoolean, validateInteger, validateObject } from '../options.ts';
import { NETWORK_OPTION_NAMES, type NetworkOptions } from '../tunnel/network-options.ts';
import type { ClientOptions } from './client-line.ts';

/** Options of {@link ProxyDispatcher}: those of every door, and those of undici's Agent with this meaning there. */
export interface ProxyDispatcherOptions extends NetworkOptions {
  /** Limit for the head of a response, in milliseconds. Default 300,000; 0 disables it. Error: UND_ERR_HEADERS_TIMEOUT. */
  readonly headersTimeout?: number | undefined;
  /** Limit between two parts of a body, in milliseconds. Default 300,000; 0 disables it. Error: UND_ERR_BODY_TIMEOUT. */
  readonly bodyTimeout?: number | undefined;
  /** Maximum size of a response's head, in bytes. Default: Node's `http.maxHeaderSize`. Error: UND_ERR_HEADERS_OVERFLOW. */
  readonly maxHeaderSize?: number | undefined;
  /** Maximum size of a response's body, in bytes. Default -1: unlimited. Error: UND_ERR_RES_EXCEEDED_MAX_SIZE. */
  readonly maxResponseSize?: number | undefined;
  /** Maximum number of requests under way on one HTTP/1.1 connection. Default 1. 0 disables keep-alive. */
  readonly pipelining?: number | undefined;
  /** Whether https: servers are offered HTTP/2. Default false. */
  readonly allowH2?: boolean | undefined;
}

/** Validated options, without those of the network. */
export interface DispatcherSettings {
  readonly clientOptions: ClientOptions;
  readonly connections: number;
  readonly allowH2: boolean;
  readonly replayLimit: number;
}

/** Bytes of a streamed body that are kept for a further leg by default. */
const DEFAULT_REPLAY_LIMIT = 1024 * 1024;

const OWN_NAMES = ['headersTimeout', 'bodyTimeout', 'maxHeaderSize', 'maxResponseSize', 'pipelining', 'allowH2'];
const KNOWN = {
  names: [...new Set([...NETWORK_OPTION_NAMES, 'replayLimit', ...OWN_NAMES])],
  instead: {
    uri: 'proxy: { proxy: … }',
    token: 'proxyCredentials',
    connect: 'tls, connectTimeout',
    requestTls: 'tls',
    keepAliveTimeout: 'keepAlive',
  },
  example: "{ proxy: 'system' }",
};

/** @throws {TypeError}, {RangeError} for an unknown or invalid option. */
export function parseDispatcherOptions(options: unknown): DispatcherSettings {
  const given = validateObject(options, 'options');
  rejectUnknown(given, 'options', KNOWN);
  const { connections, replayLimit, pipelining } = given;
  const keepsAlive = validateBoolean(given.keepAlive, 'keepAlive', true);
  return {
    clientOptions: {
      ...count(given, 'headersTimeout', 0),
      ...count(given, 'bodyTimeout', 0),
      ...count(given, 'maxHeaderSize', 1),
      ...count(given, 'maxResponseSize', -1),
      pipelining: keepsAlive ? (pipelining === undefined ? 1 : validateInteger(pipelining, 'pipelining', 0)) : 0,
    },
    connections: connections === undefined ? Number.POSITIVE_INFINITY : validateInteger(connections, 'connections', 1),
    allowH2: validateBoolean(given.allowH2, 'allowH2'),
    replayLimit: replayLimit === undefined ? DEFAULT_REPLAY_LIMIT : validateInteger(replayLimit, 'replayLimit', 0),
  };
}

/** undici accepts finite integers only. */
function count(given: Record<string, unknown>, name: string, least: number): Record<string, number> {
  const value = given[name];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'number') throw invalidArgumentType(name, 'a number', value);
  if (!Number.isSafeInteger(value) || value < least) throw argumentOutOfRange(name, `an integer from ${least}`, value);
  return { [name]: value };
}
