/**
 * Validates the arguments of the 13 functions and converts them into plain values. All user code (getters, array
 * elements, Proxy traps) runs here, before the last check of the handle and any native call.
 */
import { copyBytes, isBytes, toUint8Array } from '../../bytes.ts';
import { argumentOutOfRange, invalidArgumentType, invalidArgumentValue, invalidCharacter } from '../../errors.ts';
import { rejectUnknown } from '../../known-options.ts';
import { validateObject } from '../../options.ts';
import { type HttpHeader, PropertyType, type WebSocketClose } from './websocket-types.ts';

const UINT32_MAX = 0xffffffff;
const UINT16_MAX = 0xffff;

/** CR and LF would inject a header, NUL ends a C string, and a header has no characters beyond latin1. */
export const UNSAFE_IN_HEADER = /[\0\r\n\u0100-\uffff]/;

/** Validates an unsigned 32-bit integer. */
export function validateUint32(value: unknown, name: string): number {
  return validateUnsigned(value, name, UINT32_MAX);
}

/** Validates an unsigned 16-bit integer. */
function validateUint16(value: unknown, name: string): number {
  return validateUnsigned(value, name, UINT16_MAX);
}

function validateUnsigned(value: unknown, name: string, max: number): number {
  if (typeof value !== 'number') throw invalidArgumentType(name, 'a number', value);
  if (!(value >= 0 && value <= max && Number.isInteger(value))) {
    throw argumentOutOfRange(name, `an integer from 0 to ${max}`, value);
  }
  return value;
}

/** The payload of a close: its status, and its reason as bytes. */
interface ClosePayload {
  readonly status: number;
  readonly reason: Uint8Array | undefined;
}

/** Validates `{ status, reason? }` and encodes the reason. */
export function parseClose(value: unknown, name: string): ClosePayload {
  if (typeof value !== 'object' || value === null) throw invalidArgumentType(name, '{ status, reason }', value);
  const { status, reason } = value as WebSocketClose;
  return { status: validateUint16(status, `${name}.status`), reason: encodeReason(reason, `${name}.reason`) };
}

function encodeReason(reason: unknown, name: string): Uint8Array | undefined {
  if (reason === undefined || reason === null) return undefined;
  if (typeof reason === 'string') return Buffer.from(reason, 'utf8');
  if (isBytes(reason)) return toUint8Array(reason, name);
  throw invalidArgumentType(name, 'a string or bytes', reason);
}

/** Validates one token; returns null for NULL. */
export function validateToken(value: unknown, name: string): string | null {
  return value === undefined || value === null ? null : validateHeaderText(value, name);
}

/** Packs tokens, each followed by a NUL; returns null (NULL with count 0) if there are none. */
export function packTokens(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  const parts: string[] = [];
  forEachElement(value, name, 'strings', (element, elementName) => {
    parts.push(validateHeaderText(element, elementName), '\0');
  });
  return parts.length === 0 ? null : parts.join('');
}

/** Packs headers: name and value in turn, each followed by a NUL. */
export function packHeaderObjects(value: unknown, name: string): string {
  const parts: string[] = [];
  forEachElement(value, name, '{ name, value } objects', (element, elementName) => {
    if (typeof element !== 'object' || element === null) {
      throw invalidArgumentType(elementName, '{ name, value }', element);
    }
    const header = element as HttpHeader;
    parts.push(validateHeaderText(header.name, `${elementName}.name`), '\0');
    parts.push(validateHeaderText(header.value, `${elementName}.value`), '\0');
  });
  return parts.join('');
}

/** As {@link packHeaderObjects}; returns null (NULL with count 0) if there are none. */
export function packOptionalHeaders(value: unknown, name: string): string | null {
  return value === undefined || value === null ? null : packHeaderObjects(value, name) || null;
}

/** Returns the types of creation properties, and the bytes of their values. */
export function parseProperties(value: unknown, name: string): { types: number[]; values: Uint8Array[] } {
  const types: number[] = [];
  const values: Uint8Array[] = [];
  if (value === undefined || value === null) return { types, values };
  forEachElement(value, name, '{ type, value } objects', (element, elementName) => {
    if (typeof element !== 'object' || element === null) {
      throw invalidArgumentType(elementName, '{ type, value }', element);
    }
    rejectUnknown(element, elementName, { names: ['type', 'value'] });
    const property = element as { type: unknown; value: unknown };
    const type = validateUint32(property.type, `${elementName}.type`);
    if (type === PropertyType.ALLOCATED_BUFFER) {
      throw invalidArgumentValue(
        `${elementName}.type`,
        'other than ALLOCATED_BUFFER, whose memory would be lent',
        type,
      );
    }
    types.push(type);
    values.push(encodePropertyValue(property.value, `${elementName}.value`));
  });
  return { types, values };
}

function encodePropertyValue(value: unknown, name: string): Uint8Array {
  // Copied, because the next property's getters may detach or change the bytes.
  if (isBytes(value)) return copyBytes(value, name);
  if (typeof value === 'boolean' || typeof value === 'number') {
    return new Uint8Array(
      new Uint32Array([typeof value === 'boolean' ? Number(value) : validateUint32(value, name)]).buffer,
    );
  }
  throw invalidArgumentType(name, 'a number, a boolean or bytes', value);
}

/** Returns the `backend` of an options object. */
export function validateBackendOption(options: unknown): unknown {
  return validateObject(options, 'options', { names: ['backend'] }).backend;
}

function validateHeaderText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidArgumentType(name, 'a string', value);
  if (UNSAFE_IN_HEADER.test(value)) throw invalidCharacter(name);
  return value;
}

function forEachElement(
  value: unknown,
  name: string,
  what: string,
  visit: (element: unknown, elementName: string) => void,
): void {
  if (!isArray(value)) throw invalidArgumentType(name, `an array of ${what}`, value);
  const { length } = value;
  if (length > UINT32_MAX) throw argumentOutOfRange(`${name}.length`, `at most ${UINT32_MAX}`, length);
  for (let index = 0; index < length; index++) visit(value[index], `${name}[${index}]`);
}

function isArray(value: unknown): value is unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    // A revoked Proxy.
    return false;
  }
}
