/** The headers of a request as the caller sets them, and those of a response as they came. */

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

/** The head of a response. */
export class ResponseHead {
  readonly status: number;
  readonly statusText: string;
  /** Names and values by turns, as bytes. */
  readonly #raw: readonly Buffer[];

  constructor(status: number, statusText: string, raw: readonly Buffer[]) {
    this.status = status;
    this.statusText = statusText;
    this.#raw = raw;
  }

  /** The values of all headers of that name, which is in lower case. */
  all(name: string): string[] {
    const values: string[] = [];
    this.#find(name, (value) => {
      values.push(value);
      return false;
    });
    return values;
  }

  /** The value of the first header of that name, which is in lower case. */
  first(name: string): string | undefined {
    let first: string | undefined;
    this.#find(name, (value) => {
      first = value;
      return true;
    });
    return first;
  }

  /** Content-Length, if there is a plausible one. */
  get length(): number | undefined {
    const length = this.first('content-length');
    return length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  }

  /** All lines as GetAllResponseHeaders gives them: order, spelling and duplicates as received. */
  get text(): string {
    let text = '';
    for (let index = 0; index + 1 < this.#raw.length; index += 2) {
      text += `${latin1(this.#raw[index])}: ${latin1(this.#raw[index + 1])}\r\n`;
    }
    return `${text}\r\n`;
  }

  /** Names are compared only where the length fits: most headers are looked past. */
  #find(name: string, take: (value: string) => boolean): void {
    for (let index = 0; index + 1 < this.#raw.length; index += 2) {
      const candidate = this.#raw[index] as Buffer;
      if (candidate.length !== name.length || latin1(candidate).toLowerCase() !== name) continue;
      if (take(latin1(this.#raw[index + 1]))) return;
    }
  }
}

function latin1(bytes: Buffer | undefined): string {
  return bytes === undefined ? '' : bytes.toString('latin1');
}
