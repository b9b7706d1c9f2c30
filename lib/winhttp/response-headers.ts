/** The headers of a response, read from the text that GetAllResponseHeaders gives. */
import { withoutBlanks } from '../http1/blanks.ts';

/** A read-only list of headers that can be asked as a `Headers` of the web: names in any case, equal ones joined. */
export class ResponseHeaders implements Iterable<[name: string, value: string]> {
  readonly #text: string;
  #list: [string, string][] | undefined;

  constructor(text: string) {
    this.#text = fieldsOf(text);
  }

  /** The values of all headers with that name, joined by `, `; `null` if there is none. */
  get(name: string): string | null {
    const values = this.getAll(name);
    return values.length > 0 ? values.join(', ') : null;
  }

  /** The values of all headers with that name, in their order. */
  getAll(name: string): string[] {
    const wanted = name.toLowerCase();
    return this.#headers.filter(([other]) => other.toLowerCase() === wanted).map(([, value]) => value);
  }

  /** The values of all Set-Cookie headers. */
  getSetCookie(): string[] {
    return this.getAll('Set-Cookie');
  }

  /** Whether there is a header with that name. */
  has(name: string): boolean {
    return this.getAll(name).length > 0;
  }

  /** Names and values as they were received, in their order, equal names included. */
  [Symbol.iterator](): IterableIterator<[name: string, value: string]> {
    return this.#headers.map(([name, value]): [string, string] => [name, value])[Symbol.iterator]();
  }

  /** As the iterator. */
  entries(): IterableIterator<[name: string, value: string]> {
    return this[Symbol.iterator]();
  }

  /** The text of GetAllResponseHeaders, without a status line. */
  toString(): string {
    return this.#text;
  }

  /** Names in lower case, equal ones joined. */
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

/** The `Name: value` lines of a text. */
function parseHeaders(text: string): [string, string][] {
  const list: [string, string][] = [];
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) list.push([line.slice(0, colon), withoutBlanks(line.slice(colon + 1))]);
  }
  return list;
}
