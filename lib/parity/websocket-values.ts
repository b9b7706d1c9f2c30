/** Arguments and results of the 13 functions in traces. */
import { type Bytes, isBytes } from '../bytes.ts';
import {
  Action,
  ActionQueue,
  BufferType,
  type HttpHeader,
  PropertyType,
  type WebSocketClose,
  type WebSocketProperty,
} from '../websocket/functions/websocket-types.ts';
import { acceptFor } from './handshake-headers.ts';
import type { TraceValue } from './trace.ts';
import { bytesOf, hexOf, quoted } from './trace-bytes.ts';
import type { TraceRecorder } from './trace-recorder.ts';

type Enum = Readonly<Record<string, number>>;

/** The name of an enum's member, else the number. */
function memberOf(members: Enum, value: unknown): TraceValue {
  return Object.entries(members).find(([, member]) => member === value)?.[0] ?? plain(value);
}

export const actionName = (value: unknown): TraceValue => memberOf(Action, value);
export const queueName = (value: unknown): TraceValue => memberOf(ActionQueue, value);
export const bufferTypeName = (value: unknown): TraceValue => (value === 0 ? 0 : memberOf(BufferType, value));
export const propertyName = (value: unknown): TraceValue => memberOf(PropertyType, value);

/** Bytes that are not on the network: digits, and their text. */
export function payload(bytes: Uint8Array): string {
  const text = quoted(bytes);
  return text === undefined ? hexOf(bytes) : `${hexOf(bytes)} ${text}`;
}

/** Returns plain data unchanged, any other value by its type. */
export function plain(value: unknown): TraceValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : String(value);
    case 'undefined':
      return null;
    case 'object':
      return value === null ? null : Array.isArray(value) ? value.map(plain) : 'an object';
    default:
      return `a ${typeof value}`;
  }
}

export function sentData(data: Bytes | WebSocketClose | undefined | null): TraceValue {
  if (data === undefined || data === null) return null;
  if (!isBytes(data)) {
    if (typeof data !== 'object') return plain(data);
    const { status, reason } = data as WebSocketClose;
    if (reason === undefined) return { status: plain(status) };
    return { status: plain(status), reason: isBytes(reason) ? payload(bytesOf(reason)) : plain(reason) };
  }
  return payload(bytesOf(data));
}

export function properties(list: readonly WebSocketProperty[] | undefined | null): TraceValue {
  if (!Array.isArray(list)) return plain(list);
  return list.map((property) => {
    const { type, value } = Object(property) as WebSocketProperty;
    return { type: propertyName(type), value: isBytes(value) ? payload(bytesOf(value)) : plain(value) };
  });
}

/** Returns `Name: value` lines. Random keys and their answers are replaced by names. */
export function headerLines(list: readonly HttpHeader[] | undefined | null, recorder: TraceRecorder): TraceValue {
  if (!Array.isArray(list)) return plain(list);
  return list.map((header) => {
    const { name, value } = Object(header) as HttpHeader;
    return recorder.stable(`${name}: ${value}`);
  });
}

/** Replaces a random key, and its only valid answer, by names from here on. */
export function nameDrawnKeys(headers: readonly HttpHeader[], recorder: TraceRecorder): void {
  for (const { name, value } of headers) {
    if (name.toLowerCase() !== 'sec-websocket-key') continue;
    // Only a valid key (RFC 6455 section 4.1: 16 bytes) is replaced; anything else stays visible.
    if (Buffer.from(value, 'base64').length !== 16 || recorder.knownName(value) !== undefined) continue;
    const label = recorder.nameOf(value, 'key');
    recorder.substitute(value, `<${label}>`);
    recorder.substitute(acceptFor(value), `<answer to ${label}>`);
  }
}
