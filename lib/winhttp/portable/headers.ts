/** The headers of a request as the caller sets them. */

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// A field value (RFC 9110 section 5.5), one byte a character: anything beyond latin1 could only be sent as something else.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Whether a string is a token: a method or the name of a header (RFC 9110 section 5.6.2). */
export const isToken = (text: string): boolean => TOKEN.test(text);

/** Whether a string can be sent as the value of a header. */
export const isFieldValue = (text: string): boolean => VALUE.test(text);

/** One value for each name, whatever its case. */
export class RequestHeaders {
  readonly #fields = new Map<string, readonly [name: string, value: string]>();

  set(name: string, value: string): void {
    this.#fields.set(name.toLowerCase(), [name, value]);
  }

  delete(name: string): void {
    this.#fields.delete(name.toLowerCase());
  }

  /** The value; `name` in lower case. */
  get(name: string): string | undefined {
    return this.#fields.get(name)?.[1];
  }

  get isEmpty(): boolean {
    return this.#fields.size === 0;
  }

  /** Lower-case name, name as given, value. */
  *[Symbol.iterator](): IterableIterator<[key: string, name: string, value: string]> {
    for (const [key, [name, value]] of this.#fields) yield [key, name, value];
  }

  clone(): RequestHeaders {
    const copy = new RequestHeaders();
    for (const [key, field] of this.#fields) copy.#fields.set(key, field);
    return copy;
  }
}
