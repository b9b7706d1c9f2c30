/** Rejects options that do not exist: a misspelt one, or one of another package, must not pass unnoticed. */
import { unknownOption } from './errors.ts';

/** The members that an object of options may have. */
export interface KnownOptions {
  /** Their names; in an error they are listed in this order. */
  readonly names: readonly string[];
  /** What to write in place of names that other packages use: `protocols: 'subprotocols'`. */
  readonly instead?: Readonly<Record<string, string>>;
}

/**
 * @throws {TypeError} ERR_INVALID_ARG_VALUE for an own enumerable member that is not known; the text says what to write
 * in its place, or which options there are.
 */
export function rejectUnknown(options: object, name: string, { names, instead = {} }: KnownOptions): void {
  // "options.headres" reads worse than the option's name alone.
  const prefix = name === 'options' || name === 'init' ? '' : `${name}.`;
  for (const key of Object.keys(options)) {
    if (names.includes(key)) continue;
    throw unknownOption(`${prefix}${key}`, suggestionFor(key, names, instead), names);
  }
}

function suggestionFor(name: string, names: readonly string[], instead: Readonly<Record<string, string>>) {
  if (Object.hasOwn(instead, name)) return instead[name];
  const lower = name.toLowerCase();
  return names.find((known) => {
    const other = known.toLowerCase();
    return other === lower || (lower.length > 3 && (other.startsWith(lower) || lower.startsWith(other)));
  });
}
