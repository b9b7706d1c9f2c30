/** Options of several commands, and parsers for their values. */
import { InvalidArgumentError, Option } from 'commander';
import { isToken } from '../token.ts';

/** `--backend`: `system` or `portable`; default as in the package. */
export function backendOption(): Option {
  const about = 'who serves: the Windows DLLs or the engines of the package (default: as WINWIRE_BACKEND says)';
  return new Option('--backend <name>', about).choices(['system', 'portable']);
}

/** Collects the values of a repeated option. */
export function collectValues(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** Collects tokens (RFC 9110 section 5.6.2) of a repeated option. */
export function collectToken(value: string, before: readonly string[] = []): string[] {
  if (!isToken(value)) throw new InvalidArgumentError('It is a token: letters, digits and some signs.');
  return [...before, value];
}

/** Parses a token, such as a method. */
export function parseToken(value: string): string {
  return collectToken(value)[0] ?? '';
}

/** Collects headers `Name: value` of a repeated option. */
export function collectHeader(line: string, before: readonly Header[] = []): Header[] {
  const [, name, value] = /^([^:]+):(.*)$/s.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("It is written 'Name: value'.");
  if (!isToken(name)) throw new InvalidArgumentError('The name of a header is a token.');
  if (/[\r\n\0]|[^\0-\xff]/.test(value)) {
    throw new InvalidArgumentError('A header has no line breaks, no NUL and nothing beyond Latin-1.');
  }
  return [...before, [name, value.trim()]];
}

export type Header = readonly [name: string, value: string];

/** Parses seconds, with fractions, into milliseconds. */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  const isSeconds = /^\d*\.?\d+$/.test(text) && seconds > 0 && seconds <= MAX_SECONDS;
  if (!isSeconds) throw new InvalidArgumentError(`It is a number of seconds, more than 0 and up to ${MAX_SECONDS}.`);
  return Math.ceil(seconds * 1000);
}

// The longest timer of Node.js.
const MAX_SECONDS = 2_147_483;

/** Returns a parser for an integer within bounds. */
export function integerParser(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,10}$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}
