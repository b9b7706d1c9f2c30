/** The head of a response: status line and fields, one character a byte. */
import { withoutBlanks } from './blanks.ts';

export class ResponseHead {
  readonly status: number;
  readonly statusText: string;
  /** The server speaks HTTP/1.0: connections are closed unless it says otherwise. */
  readonly isVersion10: boolean;
  /** Names and values by turns, in their order and spelling. */
  readonly raw: readonly string[];

  constructor(status: number, statusText: string, raw: readonly string[], isVersion10 = false) {
    this.status = status;
    this.statusText = statusText;
    this.raw = raw;
    this.isVersion10 = isVersion10;
  }

  /** The values of all fields of that name, which is in lower case. */
  all(name: string): string[] {
    const values: string[] = [];
    for (let index = 0; index + 1 < this.raw.length; index += 2) {
      if (this.#isNamed(index, name)) values.push(this.raw[index + 1] as string);
    }
    return values;
  }

  /** The value of the first field of that name, which is in lower case. */
  first(name: string): string | undefined {
    for (let index = 0; index + 1 < this.raw.length; index += 2) {
      if (this.#isNamed(index, name)) return this.raw[index + 1];
    }
    return undefined;
  }

  /** The elements of a field that is a list, in lower case (RFC 9110 section 5.6.1). */
  list(name: string): string[] {
    const elements = this.all(name).flatMap((value) => value.toLowerCase().split(','));
    return elements.map(withoutBlanks).filter((element) => element !== '');
  }

  /** The length of the body as Content-Length tells it; undefined if it tells none, or if chunks do. */
  get length(): number | undefined {
    const [length] = this.list('content-length');
    if (length === undefined || this.first('transfer-encoding') !== undefined) return undefined;
    return /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  }

  /** All fields as GetAllResponseHeaders gives them: order, spelling and duplicates as received. */
  get text(): string {
    let text = '';
    for (let index = 0; index + 1 < this.raw.length; index += 2)
      text += `${this.raw[index]}: ${this.raw[index + 1]}\r\n`;
    return `${text}\r\n`;
  }

  /** Names are compared only where the length fits: most fields are skipped. */
  #isNamed(index: number, name: string): boolean {
    const candidate = this.raw[index] as string;
    return candidate.length === name.length && candidate.toLowerCase() === name;
  }
}
