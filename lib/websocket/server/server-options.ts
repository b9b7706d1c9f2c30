/** Options of a WebSocketServer: types and validation. */
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { invalidArgumentType, invalidArgumentValue } from '../../errors.ts';
import { validateNumber, validateObject } from '../../options.ts';
import { type AcceptOptions, SHARED_OPTIONS } from '../connection/accept.ts';

/** What `verifyClient` is asked about. */
export interface ClientInfo {
  readonly request: IncomingMessage;
  /** The Origin header, which browsers send and others may forge. */
  readonly origin: string | undefined;
  /** Whether the socket is a TLS one. */
  readonly secure: boolean;
}

/** How a request is refused. */
export interface UpgradeRefusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** `true` accepts, `false` refuses with 401. */
export type Verdict = boolean | UpgradeRefusal;

/** Options of WebSocketServer. Exactly one of `server`, `port` and `noServer` says where requests come from. */
export interface WebSocketServerOptions extends Omit<AcceptOptions, 'subprotocol'> {
  /** A node:http(s) server of the caller, whose `upgrade` events are served. It is not closed by `close()`. */
  readonly server?: HttpServer | HttpsServer | undefined;
  /** Listen with a node:http server of one's own; 0 for any free port. */
  readonly port?: number | undefined;
  /** The address to listen on, with `port`. Default: the loopback address of IPv4. */
  readonly host?: string | undefined;
  /** Nothing is listened to: the caller passes requests to `handleUpgrade`. */
  readonly noServer?: boolean | undefined;
  /** The only path that is served; another is answered with 404. */
  readonly path?: string | undefined;
  /** The sub-protocols spoken, best first, or a function that chooses one of those offered. */
  readonly subprotocols?:
    | readonly string[]
    | ((offered: readonly string[], request: IncomingMessage) => string | undefined)
    | undefined;
  /** Decides about a request; `false` refuses with 401, an object with its status. */
  readonly verifyClient?: ((info: ClientInfo) => Verdict | Promise<Verdict>) | undefined;
  /** Connections at a time; a further one is answered with 503. Default 65,536. */
  readonly maxConnections?: number | undefined;
}

const OWN_OPTIONS = [
  'server',
  'port',
  'host',
  'noServer',
  'path',
  'subprotocols',
  'verifyClient',
  'maxConnections',
] as const satisfies readonly (keyof WebSocketServerOptions)[];

const SERVER_OPTIONS = {
  names: [...OWN_OPTIONS, ...SHARED_OPTIONS.names],
  instead: {
    ...SHARED_OPTIONS.instead,
    handleProtocols: 'subprotocols',
    protocols: 'subprotocols',
    subprotocol: 'subprotocols',
    hostname: 'host',
    clientTracking: '"clients": connections are always tracked',
    backlog: 'server: listen to a server of your own',
    WebSocket: 'no class: connections are WebSocketConnection',
  },
};

/** The options that each accepted connection gets. */
export function sharedOptions(options: WebSocketServerOptions): AcceptOptions {
  const { server, port, host, noServer, path, subprotocols, verifyClient, maxConnections, ...shared } = options;
  return shared;
}

/**
 * A copy of the options; what would only be noticed when the first request comes is refused.
 *
 * @throws {TypeError | RangeError} ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE or ERR_OUT_OF_RANGE; the message names the option.
 */
export function validateServerOptions(given: unknown): WebSocketServerOptions {
  const options: WebSocketServerOptions = validateObject(given, 'options', SERVER_OPTIONS);
  const { server, port, noServer, host, path, subprotocols, verifyClient, maxConnections } = options;
  if ([server !== undefined, port !== undefined, noServer === true].filter(Boolean).length !== 1) {
    throw invalidArgumentValue('options', 'with exactly one of server, port and noServer', given);
  }
  if (server !== undefined && typeof server?.on !== 'function') {
    throw invalidArgumentType('server', 'a server of node:http or node:https', server);
  }
  validateType(port, 'port', 'number');
  validateType(host, 'host', 'string');
  validateType(path, 'path', 'string');
  validateType(verifyClient, 'verifyClient', 'function');
  if (maxConnections !== undefined) validateNumber(maxConnections, 'maxConnections', 0);
  if (subprotocols !== undefined && typeof subprotocols !== 'function' && !Array.isArray(subprotocols)) {
    throw invalidArgumentType('subprotocols', 'an array of strings or a function', subprotocols);
  }
  validateObject(options.headers, 'headers');
  return { ...options };
}

function validateType(value: unknown, name: string, type: 'number' | 'string' | 'function'): void {
  if (value !== undefined && typeof value !== type) throw invalidArgumentType(name, `a ${type}`, value);
}
