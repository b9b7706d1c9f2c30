/** Rejects unknown options: misspelt ones, and those of other packages. */
import { unknownOption } from './errors.ts';
import { shownText } from './shown-text.ts';

/** The options that an object may have. */
export interface KnownOptions {
  /** Their names, in the order in which errors list them. */
  readonly names: readonly string[];
  /** Replacements for the names that other packages use: `protocols: 'subprotocols'`. */
  readonly instead?: Readonly<Record<string, string>>;
  /** An example of the object, for the error when another value is passed. */
  readonly example?: string;
}

/**
 * Throws for an unknown option.
 *
 * @throws {TypeError} ERR_INVALID_ARG_VALUE for an unknown own enumerable property; the message suggests an option or
 *   lists all.
 */
export function rejectUnknown(options: object, name: string, known: KnownOptions): void {
  // The message says "headres", not "options.headres".
  const prefix = name === 'options' || name === 'init' ? '' : `${name}.`;
  for (const key of Object.keys(options)) {
    if (!known.names.includes(key)) throw unknownName(key, known, prefix);
  }
}

/** The error for a name that is not a known option; `prefix` precedes it in the message. */
export function unknownName(name: string, { names, instead = {} }: KnownOptions, prefix = ''): TypeError {
  const shown = shownText(name, MAX_SHOWN);
  return unknownOption(`${prefix}${shown}`, suggestionFor(name, names, instead), names);
}

const MAX_SHOWN = 60;

function suggestionFor(name: string, names: readonly string[], instead: Readonly<Record<string, string>>) {
  if (Object.hasOwn(instead, name)) return instead[name];
  const lower = name.toLowerCase();
  return names.find((known) => {
    const other = known.toLowerCase();
    return other === lower || (lower.length > 3 && (other.startsWith(lower) || lower.startsWith(other)));
  });
}
