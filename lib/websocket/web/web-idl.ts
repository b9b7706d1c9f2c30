/** Web IDL rules for interfaces and values that JavaScript classes do not implement. */
import { toUSVString } from 'node:util';

export { toUSVString };

/** DOMString. @throws {TypeError} for a symbol. */
export function toDOMString(value: unknown): string {
  return `${value}`;
}

/** unsigned short: modulo 65,536. */
export function toUnsignedShort(value: unknown): number {
  return new Uint16Array([toNumber(value)])[0] as number;
}

/** [Clamp] unsigned short: the nearest that there is, of two the even one. */
export function clampUnsignedShort(value: unknown): number {
  const number = toNumber(value);
  if (Number.isNaN(number)) return 0;
  const clamped = Math.min(Math.max(number, 0), 65_535);
  const floor = Math.floor(clamped);
  const rest = clamped - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** ECMAScript ToNumber; `Number()` would accept a BigInt. */
function toNumber(value: unknown): number {
  return +(value as number);
}

/** @throws {TypeError} "If the number of arguments is less than required". */
export function requireArgument(count: number, what: string): void {
  if (count === 0) throw new TypeError(`${what} needs an argument`);
}

/**
 * Completes a class as the interface `name`: members are enumerable, `Symbol.toStringTag` is `name`, and class and
 * prototype have read-only constants.
 *
 * Source: Web IDL, "Interfaces" (ECMAScript binding).
 */
export function defineInterface(
  interfaceObject: { readonly prototype: object },
  name: string,
  constants: Readonly<Record<string, number>> = {},
): void {
  const { prototype } = interfaceObject;
  for (const member of Object.getOwnPropertyNames(prototype)) {
    if (member !== 'constructor') Object.defineProperty(prototype, member, { enumerable: true });
  }
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
  for (const [constant, value] of Object.entries(constants)) {
    for (const holder of [interfaceObject, prototype]) {
      Object.defineProperty(holder, constant, { value, enumerable: true });
    }
  }
}
