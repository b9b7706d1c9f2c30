/** Reads what every entry takes: an object of options, and what is often in one. */
import { invalidArgumentType } from './errors.ts';

/** Options as an object, whose members are looked at one by one. */
export function readObject(value: unknown, name: string): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object') throw invalidArgumentType(name, 'an object', value);
  return value as Record<string, unknown>;
}

/** `true` or `false`, which a caller may leave out. */
export function readBoolean(value: unknown, name: string, usual = false): boolean {
  if (value === undefined) return usual;
  if (typeof value !== 'boolean') throw invalidArgumentType(name, 'a boolean', value);
  return value;
}

/** A signal that a caller may leave out. */
export function readSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined || value === null) return undefined;
  if (!(value instanceof AbortSignal)) throw invalidArgumentType('signal', 'an AbortSignal', value);
  return value;
}
