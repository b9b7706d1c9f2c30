/** Validates options and limits. */
import { argumentOutOfRange, invalidArgumentType } from './errors.ts';
import { type KnownOptions, rejectUnknown } from './known-options.ts';

/**
 * Returns the options object, an empty one for `undefined` and `null`; rejects unknown members if `known` is given.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or, for an unknown member, ERR_INVALID_ARG_VALUE.
 */
export function validateObject(value: unknown, name: string, known?: KnownOptions): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object') {
    const example = known?.example === undefined ? '' : ` such as ${known.example}`;
    throw invalidArgumentType(name, `an object${example}`, value);
  }
  if (known !== undefined) {
    // A payload or a list in place of options would be reported as an unknown option "0".
    if (Array.isArray(value) || ArrayBuffer.isView(value))
      throw invalidArgumentType(name, 'an object of options', value);
    rejectUnknown(value, name, known);
  }
  return value as Record<string, unknown>;
}

/** Returns the boolean, or `defaultValue` for `undefined`. */
export function validateBoolean(value: unknown, name: string, defaultValue = false): boolean {
  if (value === undefined) return defaultValue;
  if (typeof value !== 'boolean') throw invalidArgumentType(name, 'a boolean', value);
  return value;
}

/** Returns the AbortSignal; `undefined` for `undefined` and `null`. */
export function validateSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined || value === null) return undefined;
  if (!(value instanceof AbortSignal)) throw invalidArgumentType('signal', 'an AbortSignal', value);
  return value;
}

/** The options of a wait. */
export const WAIT_OPTIONS: KnownOptions = { names: ['signal'], instead: { timeout: 'signal: AbortSignal.timeout(…)' } };

/** Returns the signal in the options of a wait. */
export function validateWaitOptions(options: unknown): AbortSignal | undefined {
  return validateSignal(validateObject(options, 'options', WAIT_OPTIONS).signal);
}

/** Returns a number of at least `least`, which may be `Infinity`. `expected` replaces the description in the error. */
export function validateNumber(value: unknown, name: string, least: number, expected = 'a number'): number {
  if (typeof value !== 'number') throw invalidArgumentType(name, expected, value);
  if (!(value >= least)) throw argumentOutOfRange(name, `a number from ${least} to Infinity`, value);
  return value;
}

/** Returns an integer of at least `least`, or `Infinity`. */
export function validateInteger(value: unknown, name: string, least: number): number {
  if (typeof value !== 'number') throw invalidArgumentType(name, 'a number', value);
  const isAllowed = value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && value >= least);
  if (!isAllowed) throw argumentOutOfRange(name, `an integer from ${least}, or Infinity`, value);
  return value;
}

/**
 * Returns the defaults, overridden by the caller's limits. `validate` checks each given limit, `instead` maps the names
 * that other packages use.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE unless `given` is an object; ERR_INVALID_ARG_VALUE for an unknown limit.
 */
export function validateLimits<Limits extends object>(
  given: unknown,
  defaults: Limits,
  validate: (value: unknown, name: string) => number,
  instead: KnownOptions['instead'] = {},
): Limits {
  if (given === undefined || given === null) return defaults;
  const limits = { ...defaults } as Record<string, unknown>;
  const names = Object.keys(defaults);
  for (const [name, value] of Object.entries(validateObject(given, 'limits', { names, instead }))) {
    if (value !== undefined) limits[name] = validate(value, `limits.${name}`);
  }
  return limits as Limits;
}
