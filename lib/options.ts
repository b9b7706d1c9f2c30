/** Reads what every entry takes: an object of options, and what is often in one. */
import { invalidArgumentType } from './errors.ts';
import { type KnownOptions, rejectUnknown } from './known-options.ts';

/**
 * Options as an object; with `known`, one without other members.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or, for an unknown member, ERR_INVALID_ARG_VALUE.
 */
export function readObject(value: unknown, name: string, known?: KnownOptions): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object') throw invalidArgumentType(name, 'an object', value);
  if (known !== undefined) rejectUnknown(value, name, known);
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

/** Options of a wait. */
export const WAIT_OPTIONS: KnownOptions = { names: ['signal'], instead: { timeout: 'signal: AbortSignal.timeout(…)' } };

/** The signal of `{ signal }`, which is all that a wait can be given. */
export function readWaitOptions(options: unknown): AbortSignal | undefined {
  return readSignal(readObject(options, 'options', WAIT_OPTIONS).signal);
}
