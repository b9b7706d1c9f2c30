/** The request headers set by the caller. */

import type { WinwireError } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import { shownText } from '../../shown-text.ts';
import { isToken } from '../../token.ts';
import { failureOf } from '../winhttp-errors.ts';

// A field value (RFC 9110 section 5.5), one byte per character: other characters cannot be sent unchanged.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Returns whether a string can be sent as a header value. */
export const isFieldValue = (text: string): boolean => VALUE.test(text);

/** One value per name; names are case-insensitive. */
export class RequestHeaders {
  readonly #fields = new Map<string, readonly [name: string, value: string]>();

  set(name: string, value: string): void {
    this.#fields.set(name.toLowerCase(), [name, value]);
  }

  delete(name: string): void {
    this.#fields.delete(name.toLowerCase());
  }

  /** Returns the value; `name` in lower case. */
  get(name: string): string | undefined {
    return this.#fields.get(name)?.[1];
  }

  get isEmpty(): boolean {
    return this.#fields.size === 0;
  }

  /** Yields the name in lower case, the name as given, and the value. */
  *[Symbol.iterator](): IterableIterator<[key: string, name: string, value: string]> {
    for (const [key, [name, value]] of this.#fields) yield [key, name, value];
  }

  clone(): RequestHeaders {
    const copy = new RequestHeaders();
    for (const [key, field] of this.#fields) copy.#fields.set(key, field);
    return copy;
  }
}

/** The error for a header with an invalid name or value. The value is not shown: it may be secret. */
export function invalidHeader(name: string): WinwireError {
  const what = isToken(name)
    ? `the value of ${JSON.stringify(name)} has a control character, or one above U+00FF`
    : `the name ${JSON.stringify(shownText(name, 60))} is not a token`;
  return failureOf('SetRequestHeader', HResult.ERROR_WINHTTP_INVALID_HEADER, { detail: what });
}
