/** The head of a response: status line and fields, one character per byte. */
import { MessageHead } from './message-head.ts';

export class ResponseHead extends MessageHead {
  readonly status: number;
  readonly statusText: string;
  /** The server uses HTTP/1.0: connections close unless a header says otherwise. */
  readonly isVersion10: boolean;
  #text: string | undefined;

  constructor(status: number, statusText: string, raw: readonly string[], isVersion10 = false) {
    super(raw);
    this.status = status;
    this.statusText = statusText;
    this.isVersion10 = isVersion10;
  }

  /** The value of Content-Length; undefined if it is missing, or if the body is chunked. */
  get length(): number | undefined {
    const [length] = this.list('content-length');
    if (length === undefined || this.first('transfer-encoding') !== undefined) return undefined;
    return /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  }

  /** All fields as GetAllResponseHeaders returns them: order, spelling and duplicates as received. */
  get text(): string {
    this.#text ??= this.#joined();
    return this.#text;
  }

  #joined(): string {
    let text = '';
    for (let index = 0; index + 1 < this.raw.length; index += 2)
      text += `${this.raw[index]}: ${this.raw[index + 1]}\r\n`;
    return `${text}\r\n`;
  }
}
