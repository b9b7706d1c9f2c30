/** The headers of a response, parsed from the text of GetAllResponseHeaders. */
import { invalidArgumentType } from '../errors.ts';
import { withoutBlanks } from '../http1/blanks.ts';

/**
 * A read-only list of headers with the methods of the web's `Headers`: names are case-insensitive, values of equal
 * names are joined.
 */
export class ResponseHeaders implements Iterable<[name: string, value: string]> {
  readonly #text: string;
  #list: [string, string][] | undefined;

  /** @throws {TypeError} ERR_INVALID_ARG_TYPE unless `text` is a string. */
  constructor(text: string) {
    if (typeof text !== 'string') throw invalidArgumentType('text', 'a string', text);
    this.#text = fieldsOf(text);
  }

  /** Returns the values of all headers with this name, joined by `, `; `null` if there are none. */
  get(name: string): string | null {
    const values = this.getAll(name);
    return values.length > 0 ? values.join(', ') : null;
  }

  /** Returns the values of all headers with this name, in order. */
  getAll(name: string): string[] {
    const wanted = name.toLowerCase();
    return this.#headers.filter(([other]) => other.toLowerCase() === wanted).map(([, value]) => value);
  }

  /** Returns the values of all Set-Cookie headers. */
  getSetCookie(): string[] {
    return this.getAll('Set-Cookie');
  }

  /** Returns whether there is a header with this name. */
  has(name: string): boolean {
    return this.getAll(name).length > 0;
  }

  /** Yields names and values as received, including duplicates. */
  [Symbol.iterator](): IterableIterator<[name: string, value: string]> {
    return this.#headers.map(([name, value]): [string, string] => [name, value])[Symbol.iterator]();
  }

  /** Returns the iterator. */
  entries(): IterableIterator<[name: string, value: string]> {
    return this[Symbol.iterator]();
  }

  /** Returns the text of GetAllResponseHeaders, without a status line. */
  toString(): string {
    return this.#text;
  }

  /** Returns names in lower case; values of equal names are joined. */
  toJSON(): Record<string, string> {
    const names = new Set(this.#headers.map(([name]) => name.toLowerCase()));
    return Object.fromEntries([...names].map((name) => [name, this.get(name) ?? '']));
  }

  get #headers(): [string, string][] {
    this.#list ??= parseHeaders(this.#text);
    return this.#list;
  }
}

const FIELD = /^[\w!#$%&'*+.^`|~-]+[ \t]*:/;

/**
 * Removes a first line that is not a field from the text of GetAllResponseHeaders: Wine's object returns the status line
 * there; whether Microsoft's does is unknown (RQ-099).
 */
export function fieldsOf(text: string): string {
  if (text === '' || text.startsWith('\r\n') || FIELD.test(text)) return text;
  const end = text.indexOf('\r\n');
  return end < 0 ? '' : text.slice(end + 2);
}

/** Parses `Name: value` lines. */
function parseHeaders(text: string): [string, string][] {
  const list: [string, string][] = [];
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) list.push([line.slice(0, colon), withoutBlanks(line.slice(colon + 1))]);
  }
  return list;
}
