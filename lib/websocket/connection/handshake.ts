/** What both roles' handshakes share: the handle, and headers in the form that the addon takes. */

import { type BackendName, chooseBackend } from '../../backend.ts';
import { backendUnavailable } from '../../backends.ts';
import { listenerFor } from '../../diagnostics/action-trace.ts';
import type { TracedCall } from '../../diagnostics/trace-records.ts';
import { invalidArgumentType, WinwireError } from '../../errors.ts';
import { loadNative, type NativeHandle, type PumpHandle } from '../../native.ts';
import { validateNumber } from '../../options.ts';
import { readProperties } from '../functions/function-arguments.ts';
import { PropertyType } from '../functions/websocket-types.ts';
import type { ConnectionLimits } from './limits.ts';
import { NativePump, type PumpSettings } from './native-pump.ts';
import type { StagingOwner } from './staging-area.ts';

/**
 * The receive buffer of a connection, in bytes. Bytes are copied into it, unmasked there and copied out: all three
 * stay within a processor's first cache. With 65,536 bytes a message of 1 MiB takes half as long again.
 */
const DEFAULT_RECEIVE_BUFFER = 8192;
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
  /** Creation properties. The receive buffer has 8,192 bytes unless one says otherwise. */
  readonly properties?: readonly HandleProperty[] | undefined;
  /** See ConnectionLimits. */
  readonly limits?: Partial<ConnectionLimits> | undefined;
  /**
   * Milliseconds without a byte from the peer until a ping is sent, and again until the connection is given up; `false`
   * for none. Default: the component's KEEPALIVE_INTERVAL.
   */
  readonly keepAlive?: number | false | undefined;
  /** Is told of each call that the connection makes of the component; see also WebSocketConnection.trace. */
  readonly trace?: ((call: TracedCall) => void) | undefined;
}

/** The names of {@link HandleOptions}, and what other packages call them. */
export const HANDLE_OPTIONS = {
  names: ['backend', 'properties', 'limits', 'keepAlive', 'trace'],
  instead: {
    maxPayload: 'limits.messageSize',
    handshakeTimeout: 'limits.handshakeTimeout',
    closeTimeout: 'limits.closeTimeout',
    timeout: 'limits.handshakeTimeout',
  },
} as const;

/** A handle before its handshake is complete. */
export class HandshakeHandle {
  readonly backend: BackendName;
  readonly #handle: PumpHandle;
  /** Milliseconds; `Infinity` for none. */
  readonly keepAliveInterval: number;
  readonly #settings: PumpSettings;
  readonly #trace: HandleOptions['trace'];

  constructor(server: boolean, options: HandleOptions) {
    this.backend = chooseBackend(options.backend);
    this.#trace = options.trace;
    if (this.#trace !== undefined && typeof this.#trace !== 'function') {
      throw invalidArgumentType('trace', 'a function', this.#trace);
    }
    this.keepAliveInterval = keepAliveInterval(options.keepAlive, this.backend);
    const own = readArray(options.properties, 'properties', '{ type, value } objects');
    const usual = server ? USUAL.server : USUAL.client;
    const { settings, types, values } = own.length === 0 ? usual : readCreation(server, own);
    this.#settings = settings;
    const handle = loadNative().createPumpHandle(server, this.backend, types, values);
    if (handle === undefined) throw backendUnavailable(this.backend);
    if (typeof handle === 'number') {
      throw new WinwireError(server ? 'WebSocketCreateServerHandle' : 'WebSocketCreateClientHandle', handle);
    }
    this.#handle = handle;
  }

  get native(): NativeHandle {
    return this.#handle[0];
  }

  /** Hands the open handle over to a pump. */
  makePump(owner: StagingOwner): NativePump {
    const pump = new NativePump(this.#handle, this.#settings, owner);
    if (this.#trace !== undefined) pump.trace(listenerFor(this.#trace));
    return pump;
  }

  /** For a handshake that failed. */
  delete(): void {
    loadNative().deleteHandle(this.native);
  }
}

function keepAliveInterval(option: unknown, backend: BackendName): number {
  if (option === false) return Number.POSITIVE_INFINITY;
  if (option !== undefined) return validateNumber(option, 'keepAlive', 1, 'a number or false');
  const value = loadNative().getGlobalProperty(backend, PropertyType.KEEPALIVE_INTERVAL);
  return Array.isArray(value) ? (value[0] as number) : Number.POSITIVE_INFINITY;
}

/** Headers as the addon takes them: name and value in turn, each followed by a NUL. */
export function packHeaders(rawHeaders: readonly string[]): string {
  return rawHeaders.length === 0 ? '' : `${rawHeaders.join('\0')}\0`;
}

/** An array that a caller may leave out. A string would be taken for its characters. */
export function readArray<T>(value: readonly T[] | undefined, name: string, what: string): readonly T[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidArgumentType(name, `an array of ${what}`, value);
  return [...value];
}

/** What a handle is made with, and what its pump is told of that. */
interface Creation {
  readonly types: readonly number[];
  readonly values: readonly Uint8Array[];
  readonly settings: PumpSettings;
}

function readCreation(server: boolean, own: readonly HandleProperty[]): Creation {
  const defaults = [
    { type: PropertyType.RECEIVE_BUFFER_SIZE, value: DEFAULT_RECEIVE_BUFFER },
    { type: PropertyType.SEND_BUFFER_SIZE, value: server ? DEFAULT_SERVER_SEND_BUFFER : DEFAULT_CLIENT_SEND_BUFFER },
    { type: PropertyType.DISABLE_UTF8_VERIFICATION, value: false },
  ];
  const [first, second] = [readProperties(defaults, 'defaults'), readProperties(own, 'properties')];
  const last = (type: number) => [...defaults, ...own].findLast((property) => property.type === type)?.value;
  const settings = {
    receiveBuffer: Number(last(PropertyType.RECEIVE_BUFFER_SIZE)),
    sendBuffer: Number(last(PropertyType.SEND_BUFFER_SIZE)),
    checksText: !last(PropertyType.DISABLE_UTF8_VERIFICATION),
  };
  // Each property once, with its last value; the check of UTF-8 is the pump's.
  const values = [...first.values, ...second.values];
  const properties = new Map(
    [...first.types, ...second.types].map((type, index) => [type, values[index] as Uint8Array]),
  );
  properties.set(PropertyType.DISABLE_UTF8_VERIFICATION, Buffer.from([1, 0, 0, 0]));
  return { types: [...properties.keys()], values: [...properties.values()], settings };
}

/** Without properties of the caller. */
const USUAL = { server: readCreation(true, []), client: readCreation(false, []) };
