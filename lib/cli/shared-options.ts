/** Options that several commands share, and readers for the values of options. */
import { InvalidArgumentError, Option } from 'commander';

/** `--backend`: one of the two, else the package's own choice. */
export function backendOption(): Option {
  const about = 'who serves: the Windows DLLs or the engines of the package (default: as WINWIRE_BACKEND says)';
  return new Option('--backend <name>', about).choices(['system', 'portable']);
}

/** For an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/** A token of RFC 9110 section 5.6.2, several times. */
export function collectToken(value: string, before: readonly string[] = []): string[] {
  if (!TOKEN.test(value)) throw new InvalidArgumentError('It is a token: letters, digits and some signs.');
  return [...before, value];
}

/** A token, such as a method. */
export function readToken(value: string): string {
  return collectToken(value)[0] ?? '';
}

/** `Name: value`, several times. */
export function collectHeader(line: string, before: readonly Header[] = []): Header[] {
  const [, name, value] = /^([^:]+):(.*)$/s.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("It is written 'Name: value'.");
  if (!TOKEN.test(name)) throw new InvalidArgumentError('The name of a header is a token.');
  if (/[\r\n\0]|[^\0-\xff]/.test(value)) {
    throw new InvalidArgumentError('A header has no line breaks, no NUL and nothing beyond Latin-1.');
  }
  return [...before, [name, value.trim()]];
}

export type Header = readonly [name: string, value: string];

/** Seconds, also fractions, as milliseconds. */
export function readSeconds(text: string): number {
  const seconds = Number(text);
  const isSeconds = /^\d*\.?\d+$/.test(text) && seconds > 0 && seconds <= MAX_SECONDS;
  if (!isSeconds) throw new InvalidArgumentError(`It is a number of seconds, more than 0 and up to ${MAX_SECONDS}.`);
  return Math.ceil(seconds * 1000);
}

// The longest timer of Node.
const MAX_SECONDS = 2_147_483;

/** A whole number within bounds. */
export function readInteger(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,10}$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}
