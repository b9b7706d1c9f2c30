/** Bytes that a caller gives: which values they are, their memory, and copies of it. */
import { isAnyArrayBuffer, isTypedArray, isUint8Array } from 'node:util/types';
import { invalidArgumentValue } from './errors.ts';

/** Bytes that are read: any view, ArrayBuffer or SharedArrayBuffer. */
export type Bytes = ArrayBufferView | ArrayBufferLike;

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

/** Whether a value is bytes. Says nothing about detached ones; {@link toUint8Array} does. */
export function isBytes(value: unknown): value is Bytes {
  return ArrayBuffer.isView(value) || isAnyArrayBuffer(value);
}

/**
 * Returns bytes as a Uint8Array over the same memory, a Uint8Array as it is.
 *
 * @throws {TypeError} ERR_INVALID_ARG_VALUE for bytes whose memory is detached.
 */
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

/**
 * Returns a copy of bytes, which the caller cannot change.
 *
 * @throws {TypeError} as {@link toUint8Array}.
 */
export function copyBytes(value: Bytes, name: string): Buffer {
  // Not `slice`, which of a Buffer is a view.
  const copy = new ByteArray(toUint8Array(value, name));
  return bufferFrom(copy.buffer, 0, copy.length);
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

/** Returns a part of the memory of a Uint8Array as a Buffer; undefined if there is not so much of it any more. */
export function viewOf(target: Uint8Array, length: number): Buffer | undefined {
  const available = typedArrayByteLength(target);
  if (available === 0 || available < length) return undefined;
  return bufferFrom(typedArrayBuffer(target) as ArrayBuffer, typedArrayByteOffset(target), length);
}

/** The error for bytes whose memory is gone. */
export function detached(name: string, value: unknown): TypeError {
  return invalidArgumentValue(name, 'bytes whose memory is neither detached nor cut off', value);
}
