/** The common part of both roles' handshakes: the handle, and headers in the addon's form. */

import { type BackendName, chooseBackend } from '../../backend.ts';
import { backendUnavailable } from '../../backends.ts';
import { listenerFor } from '../../diagnostics/action-trace.ts';
import type { TracedCall } from '../../diagnostics/trace-records.ts';
import { invalidArgumentType } from '../../errors.ts';
import { loadNative, type NativeHandle, type PumpHandle } from '../../native.ts';
import { validateNumber } from '../../options.ts';
import { creationText } from '../functions/argument-advice.ts';
import { parseProperties } from '../functions/function-arguments.ts';
import { failWith } from '../functions/native-status.ts';
import { PropertyType } from '../functions/websocket-types.ts';
import type { ConnectionLimits } from './limits.ts';
import { NativePump, type PumpSettings } from './native-pump.ts';
import type { StagingOwner } from './staging-area.ts';

/**
 * The receive buffer of a connection, in bytes. Bytes are copied into it, unmasked there and copied out, so all three
 * fit into a processor's first cache. With 65,536 bytes a message of 1 MiB takes half as long again.
 */
const DEFAULT_RECEIVE_BUFFER = 8192;
const DEFAULT_CLIENT_SEND_BUFFER = 4096;
const DEFAULT_SERVER_SEND_BUFFER = 16;

/** One creation property of the handle. Source: Microsoft, WEB_SOCKET_PROPERTY structure (websocket.h). */
export interface HandleProperty {
  readonly type: number;
  readonly value: number | boolean;
}

/** Options for both roles. */
export interface HandleOptions {
  /** The backend that frames and parses; see `backends()`. */
  readonly backend?: BackendName | undefined;
  /** Creation properties. The receive buffer has 8,192 bytes unless set here. */
  readonly properties?: readonly HandleProperty[] | undefined;
  /** Limits of the connection; see ConnectionLimits. */
  readonly limits?: Partial<ConnectionLimits> | undefined;
  /**
   * Milliseconds without received bytes until a ping is sent, and again until the connection fails; `false` disables
   * it. Default: the component's KEEPALIVE_INTERVAL.
   */
  readonly keepAlive?: number | false | undefined;
  /** Called with each component call of the connection; see also WebSocketConnection.trace. */
  readonly trace?: ((call: TracedCall) => void) | undefined;
}

/** The {@link HandleOptions}, and the names that other packages use. */
export const HANDLE_OPTIONS = {
  names: ['backend', 'properties', 'limits', 'keepAlive', 'trace'],
  instead: {
    maxPayload: 'limits.messageSize',
    handshakeTimeout: 'limits.handshakeTimeout',
    closeTimeout: 'limits.closeTimeout',
    timeout: 'limits.handshakeTimeout',
  },
} as const;

/** A handle whose handshake is not complete. */
export class HandshakeHandle {
  readonly backend: BackendName;
  readonly #handle: PumpHandle;
  /** Milliseconds; `Infinity` disables keep-alive. */
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
    const own = validateArray(options.properties, 'properties', '{ type, value } objects');
    const defaults = server ? DEFAULT_CREATIONS.server : DEFAULT_CREATIONS.client;
    const { settings, types, values } = own.length === 0 ? defaults : creationFor(server, own);
    this.#settings = settings;
    const handle = loadNative().createPumpHandle(server, this.backend, types, values);
    if (handle === undefined) throw backendUnavailable(this.backend);
    if (typeof handle === 'number') {
      failWith(server ? 'WebSocketCreateServerHandle' : 'WebSocketCreateClientHandle', handle, creationText(own));
    }
    this.#handle = handle;
  }

  get native(): NativeHandle {
    return this.#handle[0];
  }

  /** Passes the open handle to a pump. */
  makePump(owner: StagingOwner, { messageParts }: ConnectionLimits): NativePump {
    const pump = new NativePump(this.#handle, this.#settings, owner, messageParts);
    if (this.#trace !== undefined) pump.trace(listenerFor(this.#trace));
    return pump;
  }

  /** Deletes the handle after a failed handshake. */
  delete(): void {
    loadNative().deleteHandle(this.native);
  }
}

/** Throws for an invalid `keepAlive`. */
export function validateKeepAlive(option: unknown): void {
  if (option !== undefined && option !== false) validateNumber(option, 'keepAlive', 1, 'a number or false');
}

function keepAliveInterval(option: number | false | undefined, backend: BackendName): number {
  validateKeepAlive(option);
  if (option === false) return Number.POSITIVE_INFINITY;
  if (option !== undefined) return option;
  const value = loadNative().getGlobalProperty(backend, PropertyType.KEEPALIVE_INTERVAL);
  return Array.isArray(value) ? (value[0] as number) : Number.POSITIVE_INFINITY;
}

/** Packs headers for the addon: name and value in turn, each followed by a NUL. */
export function packHeaders(rawHeaders: readonly string[]): string {
  return rawHeaders.length === 0 ? '' : `${rawHeaders.join('\0')}\0`;
}

/** Validates an optional array. Rejects a string, which would be taken as its characters. */
export function validateArray<T>(value: readonly T[] | undefined, name: string, what: string): readonly T[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidArgumentType(name, `an array of ${what}`, value);
  return [...value];
}

/** The properties of a handle, and the settings for its pump. */
interface Creation {
  readonly types: readonly number[];
  readonly values: readonly Uint8Array[];
  readonly settings: PumpSettings;
}

function creationFor(server: boolean, own: readonly HandleProperty[]): Creation {
  const defaults = [
    { type: PropertyType.RECEIVE_BUFFER_SIZE, value: DEFAULT_RECEIVE_BUFFER },
    { type: PropertyType.SEND_BUFFER_SIZE, value: server ? DEFAULT_SERVER_SEND_BUFFER : DEFAULT_CLIENT_SEND_BUFFER },
    { type: PropertyType.DISABLE_UTF8_VERIFICATION, value: false },
  ];
  const [first, second] = [parseProperties(defaults, 'defaults'), parseProperties(own, 'properties')];
  const last = (type: number) => [...defaults, ...own].findLast((property) => property.type === type)?.value;
  const settings = {
    receiveBuffer: Number(last(PropertyType.RECEIVE_BUFFER_SIZE)),
    sendBuffer: Number(last(PropertyType.SEND_BUFFER_SIZE)),
    masks: !server && !last(PropertyType.DISABLE_MASKING),
    checksText: !last(PropertyType.DISABLE_UTF8_VERIFICATION),
  };
  // Each property once, with its last value; the pump checks UTF-8.
  const values = [...first.values, ...second.values];
  const properties = new Map(
    [...first.types, ...second.types].map((type, index) => [type, values[index] as Uint8Array]),
  );
  properties.set(PropertyType.DISABLE_UTF8_VERIFICATION, Buffer.from([1, 0, 0, 0]));
  return { types: [...properties.keys()], values: [...properties.values()], settings };
}

/** Used without properties of the caller. */
const DEFAULT_CREATIONS = { server: creationFor(true, []), client: creationFor(false, []) };
