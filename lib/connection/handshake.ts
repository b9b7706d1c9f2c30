/** What both roles' handshakes share: the handle, and headers in the form that the addon takes. */
import { type BackendName, backendUnavailable, chooseBackend } from '../backend.ts';
import { WinwireError } from '../errors.ts';
import { loadNative, type NativeHandle } from '../native.ts';
import { readProperties } from '../sys/arguments.ts';
import { NativePump } from './native-pump.ts';

/** PropertyType in lib/sys. */
const RECEIVE_BUFFER_SIZE = 0;
const SEND_BUFFER_SIZE = 1;
const KEEPALIVE_INTERVAL = 5;

/**
 * The receive buffer of a connection, in bytes: with the component's default of 4,096 large messages come in too many
 * parts. Only the pages that bytes arrive in are used.
 */
const DEFAULT_RECEIVE_BUFFER = 65_536;
const DEFAULT_CLIENT_SEND_BUFFER = 4096;
const DEFAULT_SERVER_SEND_BUFFER = 16;

/** One creation property of the handle. Source: Microsoft, WEB_SOCKET_PROPERTY structure (websocket.h). */
export interface HandleProperty {
  readonly type: number;
  readonly value: number | boolean;
}

/** Options that both roles have. */
export interface HandleOptions {
  /** Who frames and parses; see `backends()`. */
  readonly backend?: BackendName | undefined;
  /** Creation properties. The receive buffer has 65,536 bytes unless one says otherwise. */
  readonly properties?: readonly HandleProperty[] | undefined;
  /** See ConnectionLimits. */
  readonly limits?: Partial<import('./limits.ts').ConnectionLimits> | undefined;
  /**
   * Milliseconds without a byte from the peer until a ping is sent, and again until the connection is given up; `false`
   * for none. Default: the component's KEEPALIVE_INTERVAL.
   */
  readonly keepAlive?: number | false | undefined;
}

/** A handle before its handshake is complete. */
export class HandshakeHandle {
  readonly backend: BackendName;
  readonly native: NativeHandle;
  readonly #bufferSizes: { receive: number; send: number };

  constructor(server: boolean, options: HandleOptions) {
    this.backend = chooseBackend(options.backend);
    const properties = [{ type: RECEIVE_BUFFER_SIZE, value: DEFAULT_RECEIVE_BUFFER }, ...(options.properties ?? [])];
    this.#bufferSizes = {
      receive: lastValue(properties, RECEIVE_BUFFER_SIZE, DEFAULT_RECEIVE_BUFFER),
      send: lastValue(properties, SEND_BUFFER_SIZE, server ? DEFAULT_SERVER_SEND_BUFFER : DEFAULT_CLIENT_SEND_BUFFER),
    };
    const given = properties.filter((property, index) => index > 0 || !hasType(options.properties, property.type));
    const { types, values } = readProperties(given, 'properties');
    const handle = loadNative().createHandle(server, this.backend, types, values);
    if (handle === undefined) throw backendUnavailable(this.backend);
    if (typeof handle === 'number') {
      throw new WinwireError(server ? 'WebSocketCreateServerHandle' : 'WebSocketCreateClientHandle', handle);
    }
    this.native = handle;
  }

  /** Hands the open handle over to a pump. */
  makePump(flush: () => void): NativePump {
    return new NativePump(this.native, this.#bufferSizes, flush);
  }

  /** For a handshake that failed. */
  delete(): void {
    loadNative().deleteHandle(this.native);
  }
}

/** The interval of the `keepAlive` option, in milliseconds. */
export function keepAliveInterval(option: number | false | undefined, backend: BackendName): number {
  if (option === false) return Number.POSITIVE_INFINITY;
  if (option !== undefined) return option;
  const value = loadNative().getGlobalProperty(backend, KEEPALIVE_INTERVAL);
  return Array.isArray(value) ? (value[0] as number) : Number.POSITIVE_INFINITY;
}

/** Headers as the addon takes them: name and value in turn, each followed by a NUL. */
export function packHeaders(rawHeaders: readonly string[]): string {
  return rawHeaders.length === 0 ? '' : `${rawHeaders.join('\0')}\0`;
}

function lastValue(properties: readonly HandleProperty[], type: number, otherwise: number): number {
  const value = properties.findLast((property) => property.type === type)?.value;
  return typeof value === 'number' ? value : otherwise;
}

function hasType(properties: readonly HandleProperty[] | undefined, type: number): boolean {
  return properties?.some((property) => property.type === type) ?? false;
}
