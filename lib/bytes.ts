/** Bytes passed by callers: their types, their memory, and copies. */
import { isAnyArrayBuffer, isTypedArray, isUint8Array } from 'node:util/types';
import { invalidArgumentValue } from './errors.ts';

/** Readable bytes: any view, ArrayBuffer or SharedArrayBuffer. */
export type Bytes = ArrayBufferView | ArrayBufferLike;

// Saved at load, like the prototypes' getters: callers may replace or shadow them later.
const ByteArray = Uint8Array;
const { from: bufferFrom } = Buffer;
type Getter<T> = (view: ArrayBufferView) => T;
const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
const [typedArrayBuffer, dataViewBuffer] = gettersOf<ArrayBufferLike>('buffer');
const [typedArrayByteOffset, dataViewByteOffset] = gettersOf<number>('byteOffset');
const [typedArrayByteLength, dataViewByteLength] = gettersOf<number>('byteLength');

// Throws for an array whose memory is detached, where the getters return 0.
const typedArrayKeys: (array: ArrayBufferView) => unknown = Function.prototype.call.bind(typedArrayPrototype.keys);

function gettersOf<T>(name: string): [typedArray: Getter<T>, dataView: Getter<T>] {
  const getterOf = (prototype: object): Getter<T> =>
    Function.prototype.call.bind(Object.getOwnPropertyDescriptor(prototype, name)?.get as () => T);
  return [getterOf(typedArrayPrototype), getterOf(DataView.prototype)];
}

/** Returns whether a value is bytes, detached or not; {@link toUint8Array} rejects detached ones. */
export function isBytes(value: unknown): value is Bytes {
  return ArrayBuffer.isView(value) || isAnyArrayBuffer(value);
}

/**
 * Returns a Uint8Array over the same memory; a Uint8Array is returned unchanged.
 *
 * @throws {TypeError} ERR_INVALID_ARG_VALUE for detached memory.
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
 * Returns a copy that the caller cannot change.
 *
 * @throws {TypeError} as {@link toUint8Array}.
 */
export function copyBytes(value: Bytes, name: string): Buffer {
  // Buffer.prototype.slice would return a view.
  const copy = new ByteArray(toUint8Array(value, name));
  return bufferFrom(copy.buffer, 0, copy.length);
}

/** Whether the memory of a typed array is gone: its buffer was detached or made smaller. */
function isCutOff(array: ArrayBufferView): boolean {
  try {
    typedArrayKeys(array);
    return false;
  } catch {
    return true;
  }
}

/** Returns the first `length` bytes of a Uint8Array as a Buffer over the same memory; `undefined` if it has fewer. */
export function viewOf(target: Uint8Array, length: number): Buffer | undefined {
  const available = typedArrayByteLength(target);
  if (available === 0 || available < length) return undefined;
  return bufferFrom(typedArrayBuffer(target) as ArrayBuffer, typedArrayByteOffset(target), length);
}

/** The error for detached bytes. */
export function detached(name: string, value: unknown): TypeError {
  return invalidArgumentValue(name, 'bytes whose memory is neither detached nor cut off', value);
}
