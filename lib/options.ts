/** Reads what every entry takes: an object of options, and the signal in it. */
import { invalidArgumentType } from './errors.ts';

/** Options as an object, whose members are looked at one by one. */
export function readObject(value: unknown, name: string): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object') throw invalidArgumentType(name, 'an object', value);
  return value as Record<string, unknown>;
}

/** A signal that a caller may leave out. */
export function readSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined || value === null) return undefined;
  if (!(value instanceof AbortSignal)) throw invalidArgumentType('signal', 'an AbortSignal', value);
  return value;
}
