/** Options of a WebSocketServer: types and validation. */
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { chooseBackend } from '../../backend.ts';
import { invalidArgumentType, invalidOptions } from '../../errors.ts';
import { validateNumber, validateObject } from '../../options.ts';
import { type AcceptOptions, SHARED_OPTIONS, validateHeaders } from '../connection/accept.ts';
import { validateKeepAlive } from '../connection/handshake.ts';

/** The upgrade request that `verifyClient` decides about. */
export interface ClientInfo {
  readonly request: IncomingMessage;
  /** The Origin header, which browsers set and other clients can forge. */
  readonly origin: string | undefined;
  /** Whether the socket uses TLS. */
  readonly secure: boolean;
}

/** The HTTP response that rejects a request. */
export interface UpgradeRefusal {
  /** The HTTP status: `403`. */
  readonly status: number;
  /** Headers of the response. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** `true` accepts, `false` rejects with 401. */
export type Verdict = boolean | UpgradeRefusal;

/** Options of WebSocketServer. Set exactly one of `server`, `port` and `noServer`. */
export interface WebSocketServerOptions extends Omit<AcceptOptions, 'subprotocol'> {
  /** A node:http(s) server whose `upgrade` events are handled. `close()` does not close it. */
  readonly server?: HttpServer | HttpsServer | undefined;
  /** The port of a new node:http server; 0 for any free port. */
  readonly port?: number | undefined;
  /** The address to listen on, with `port`. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Does not listen: pass requests to `handleUpgrade`. */
  readonly noServer?: boolean | undefined;
  /** The only accepted path; others are answered with 404. */
  readonly path?: string | undefined;
  /** The supported sub-protocols in order of preference, or a function that chooses one of those offered. */
  readonly subprotocols?:
    | readonly string[]
    | ((offered: readonly string[], request: IncomingMessage) => string | undefined)
    | undefined;
  /** Decides about a request; `false` rejects with 401, an object with its status. */
  readonly verifyClient?: ((info: ClientInfo) => Verdict | Promise<Verdict>) | undefined;
  /** Maximum number of connections; further ones are answered with 503. Default 65,536. */
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

/** Returns the options for each accepted connection. */
export function sharedOptions(options: WebSocketServerOptions): AcceptOptions {
  const { server, port, host, noServer, path, subprotocols, verifyClient, maxConnections, ...shared } = options;
  return shared;
}

/**
 * Returns a copy of the options; throws for values that would otherwise fail at the first request.
 *
 * @throws {TypeError | RangeError} ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE or ERR_OUT_OF_RANGE; the message names
 *   the option.
 */
export function validateServerOptions(given: unknown): WebSocketServerOptions {
  const options: WebSocketServerOptions = validateObject(given, 'options', SERVER_OPTIONS);
  const { server, port, noServer, host, path, subprotocols, verifyClient, maxConnections } = options;
  if ([server !== undefined, port !== undefined, noServer === true].filter(Boolean).length !== 1) {
    throw invalidOptions(sourcesText({ server, port, noServer }));
  }
  if (server !== undefined && typeof server?.on !== 'function') {
    throw invalidArgumentType('server', 'a server of node:http or node:https, such as app.listen() returns', server);
  }
  validateType(port, 'port', 'number');
  validateType(host, 'host', 'string');
  validateType(path, 'path', 'string');
  validateType(verifyClient, 'verifyClient', 'function');
  if (maxConnections !== undefined) validateNumber(maxConnections, 'maxConnections', 0);
  if (subprotocols !== undefined && typeof subprotocols !== 'function' && !Array.isArray(subprotocols)) {
    throw invalidArgumentType('subprotocols', 'an array of strings or a function', subprotocols);
  }
  validateHeaders(options.headers);
  validateKeepAlive(options.keepAlive);
  chooseBackend(options.backend);
  return { ...options };
}

function validateType(value: unknown, name: string, type: 'number' | 'string' | 'function'): void {
  if (value !== undefined && typeof value !== type) throw invalidArgumentType(name, `a ${type}`, value);
}

function sourcesText(sources: Readonly<Record<string, unknown>>): string {
  const given = Object.keys(sources).filter((name) => sources[name] !== undefined && sources[name] !== false);
  const received = given.length === 0 ? 'none of them' : given.map((name) => `"${name}"`).join(' and ');
  return `Pass exactly one of "server", "port" or "noServer". Received ${received}.`;
}
