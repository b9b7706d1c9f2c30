/** Texts for E_INVALIDARG of the 13 functions: which argument, what it was, what is allowed. */

import { isBytes } from '../../bytes.ts';
import { isToken } from '../../token.ts';
import { ActionQueue, BufferType, PropertyType } from './websocket-types.ts';

const CLOSE_TEXT =
  'a close takes a status of 1000 to 1003, 1007 to 1014 or 3000 to 4999, and a reason of at most 123 bytes of UTF-8';

/** Why WebSocketSend rejects its arguments. */
export function sendText(bufferType: number, data: unknown): string {
  if (bufferType === BufferType.CLOSE) return CLOSE_TEXT;
  if (!Object.values(BufferType).includes(bufferType as BufferType)) {
    return `bufferType is ${hex(bufferType)}; pass a member of BufferType`;
  }
  const size = isBytes(data) ? `data of ${data.byteLength} bytes` : 'no data';
  return `bufferType ${nameOf(BufferType, bufferType)} does not go with ${size}`;
}

export const queueText = (queue: number): string =>
  `queue is ${hex(queue)}; pass ActionQueue.SEND (${ActionQueue.SEND}), RECEIVE (${ActionQueue.RECEIVE}) or ALL (${ActionQueue.ALL})`;

export const propertyText = (type: number): string =>
  `type is ${nameOf(PropertyType, type)}; the component has no such global property`;

/** Why a handle is not created. */
export function creationText(properties: unknown): string | undefined {
  if (!Array.isArray(properties) || properties.length === 0) return undefined;
  const shown = properties.map((property: { type: number; value: unknown }) => {
    return `${nameOf(PropertyType, property.type)}: ${isBytes(property.value) ? 'bytes' : String(property.value)}`;
  });
  return `properties: ${shown.slice(0, MAX_SHOWN).join(', ')}; buffers have at least 256 bytes`;
}

/** Why a handshake rejects names: they must be tokens (RFC 6455 section 4.1). */
export function tokensText(names: readonly string[]): string | undefined {
  const wrong = names.filter((name) => !isToken(name));
  if (wrong.length === 0) return undefined;
  return `${wrong.slice(0, MAX_SHOWN).map(quoted).join(', ')}: a sub-protocol is a token, without blanks and separators`;
}

const MAX_SHOWN = 8;

const quoted = (text: string): string => JSON.stringify(text.slice(0, 40));

const hex = (value: number): string => (value > 9 ? `0x${value.toString(16)}` : String(value));

function nameOf(values: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(values).find((name) => values[name] === value) ?? hex(value);
}
