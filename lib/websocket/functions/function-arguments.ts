/**
 * Reads arguments into plain values. Everything that can run a caller's code (getters, array elements, Proxy traps)
 * runs here, before the handle is looked at for the last time and before any native call.
 */
import { isAnyArrayBuffer, isTypedArray, isUint8Array } from 'node:util/types';
import { argumentOutOfRange, invalidArgumentType, invalidArgumentValue, invalidCharacter } from '../../errors.ts';
import { validateObject } from '../../options.ts';
import { type Bytes, type HttpHeader, PropertyType, type WebSocketClose } from './websocket-types.ts';

const UINT32_MAX = 0xffffffff;
const UINT16_MAX = 0xffff;

/** CR and LF would inject a header, NUL ends a C string, and a header has no characters beyond latin1. */
export const UNSAFE_IN_HEADER = /[\0\r\n\u0100-\uffff]/;

// Taken at load, and the getters of the prototypes: what replaces or shadows them later is a caller's code.
const ByteArray = Uint8Array;
const { from: bufferFrom } = Buffer;
type Getter<T> = (view: ArrayBufferView) => T;
const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
const [typedArrayBuffer, dataViewBuffer] = gettersOf<ArrayBufferLike>('buffer');
const [typedArrayByteOffset, dataViewByteOffset] = gettersOf<number>('byteOffset');
const [typedArrayByteLength, dataViewByteLength] = gettersOf<number>('byteLength');

// It throws for an array without memory, where the getters say 0.
const typedArrayKeys: (array: ArrayBufferView) => unknown = Function.prototype.call.bind(typedArrayPrototype.keys);

function gettersOf<T>(name: string): [typedArray: Getter<T>, dataView: Getter<T>] {
  const getterOf = (prototype: object): Getter<T> =>
    Function.prototype.call.bind(Object.getOwnPropertyDescriptor(prototype, name)?.get as () => T);
  return [getterOf(typedArrayPrototype), getterOf(DataView.prototype)];
}

/** An integer of 32 bits without sign. */
export function readUint32(value: unknown, name: string): number {
  return readInteger(value, name, UINT32_MAX);
}

/** An integer of 16 bits without sign. */
function readUint16(value: unknown, name: string): number {
  return readInteger(value, name, UINT16_MAX);
}

function readInteger(value: unknown, name: string, max: number): number {
  if (typeof value !== 'number') throw invalidArgumentType(name, 'a number', value);
  if (!(value >= 0 && value <= max && Number.isInteger(value))) {
    throw argumentOutOfRange(name, `an integer from 0 to ${max}`, value);
  }
  return value;
}

/** Whether a value is bytes. Says nothing about detached ones; {@link toUint8Array} does. */
export function isBytes(value: unknown): value is Bytes {
  return ArrayBuffer.isView(value) || isAnyArrayBuffer(value);
}

/** Bytes as a Uint8Array over the same memory. A Uint8Array is returned as it is: the addon looks at its slots only. */
export function toUint8Array(value: Bytes, name: string): Uint8Array {
  if (isTypedArray(value) && typedArrayByteLength(value) === 0 && isCutOff(value)) throw detached(name, value);
  if (isUint8Array(value)) return value;
  try {
    if (isAnyArrayBuffer(value)) return new ByteArray(value);
    if (isTypedArray(value)) {
      return new ByteArray(typedArrayBuffer(value), typedArrayByteOffset(value), typedArrayByteLength(value));
    }
    return new ByteArray(dataViewBuffer(value), dataViewByteOffset(value), dataViewByteLength(value));
  } catch {
    throw detached(name, value);
  }
}

/** Whether the memory of a typed array is gone: its buffer was detached, or resized so that it ends before the array. */
function isCutOff(array: ArrayBufferView): boolean {
  try {
    typedArrayKeys(array);
    return false;
  } catch {
    return true;
  }
}

/** A part of the memory of a Uint8Array as a Buffer, or undefined if there is not so much of it (any more). */
export function viewOf(target: Uint8Array, length: number): Buffer | undefined {
  const available = typedArrayByteLength(target);
  if (available === 0 || available < length) return undefined;
  return bufferFrom(typedArrayBuffer(target) as ArrayBuffer, typedArrayByteOffset(target), length);
}

/** The error for bytes whose memory is gone. */
export function detached(name: string, value: unknown): TypeError {
  return invalidArgumentValue(name, 'bytes whose memory is neither detached nor cut off', value);
}

/** What a close says: its status, and its reason as bytes. */
interface ClosePayload {
  readonly status: number;
  readonly reason: Uint8Array | undefined;
}

/** Reads `{ status, reason? }`. */
export function closeArgument(value: unknown, name: string): ClosePayload {
  if (typeof value !== 'object' || value === null) throw invalidArgumentType(name, '{ status, reason }', value);
  const { status, reason } = value as WebSocketClose;
  return { status: readUint16(status, `${name}.status`), reason: readReason(reason, `${name}.reason`) };
}

function readReason(reason: unknown, name: string): Uint8Array | undefined {
  if (reason === undefined || reason === null) return undefined;
  if (typeof reason === 'string') return Buffer.from(reason, 'utf8');
  if (isBytes(reason)) return toUint8Array(reason, name);
  throw invalidArgumentType(name, 'a string or bytes', reason);
}

/** One token, or null. */
export function readToken(value: unknown, name: string): string | null {
  return value === undefined || value === null ? null : readString(value, name);
}

/** Tokens, each followed by a NUL; null (NULL with count 0) where there are none. */
export function readTokens(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  const parts: string[] = [];
  forEachElement(value, name, 'strings', (element, elementName) => {
    parts.push(readString(element, elementName), '\0');
  });
  return parts.length === 0 ? null : parts.join('');
}

/** Headers: name and value in turn, each followed by a NUL. */
export function readHeaders(value: unknown, name: string): string {
  const parts: string[] = [];
  forEachElement(value, name, '{ name, value } objects', (element, elementName) => {
    if (typeof element !== 'object' || element === null) {
      throw invalidArgumentType(elementName, '{ name, value }', element);
    }
    const header = element as HttpHeader;
    parts.push(readString(header.name, `${elementName}.name`), '\0');
    parts.push(readString(header.value, `${elementName}.value`), '\0');
  });
  return parts.join('');
}

/** As {@link readHeaders}; null (NULL with count 0) where there are none. */
export function readOptionalHeaders(value: unknown, name: string): string | null {
  return value === undefined || value === null ? null : readHeaders(value, name) || null;
}

/** Creation properties: their types, and the bytes of their values. */
export function readProperties(value: unknown, name: string): { types: number[]; values: Uint8Array[] } {
  const types: number[] = [];
  const values: Uint8Array[] = [];
  if (value === undefined || value === null) return { types, values };
  forEachElement(value, name, '{ type, value } objects', (element, elementName) => {
    if (typeof element !== 'object' || element === null) {
      throw invalidArgumentType(elementName, '{ type, value }', element);
    }
    const property = element as { type: unknown; value: unknown };
    const type = readUint32(property.type, `${elementName}.type`);
    if (type === PropertyType.ALLOCATED_BUFFER) {
      throw invalidArgumentValue(
        `${elementName}.type`,
        'other than ALLOCATED_BUFFER, whose memory would be lent',
        type,
      );
    }
    types.push(type);
    values.push(readPropertyValue(property.value, `${elementName}.value`));
  });
  return { types, values };
}

function readPropertyValue(value: unknown, name: string): Uint8Array {
  // A copy: the next property's getters may detach or change these bytes.
  if (isBytes(value)) return new ByteArray(toUint8Array(value, name));
  if (typeof value === 'boolean' || typeof value === 'number') {
    return new ByteArray(
      new Uint32Array([typeof value === 'boolean' ? Number(value) : readUint32(value, name)]).buffer,
    );
  }
  throw invalidArgumentType(name, 'a number, a boolean or bytes', value);
}

/** The `backend` of an options object. */
export function readBackendOption(options: unknown): unknown {
  return validateObject(options, 'options', { names: ['backend'] }).backend;
}

function readString(value: unknown, name: string): string {
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
