// The server's side of HTTP/1 on a socket, parsed byte by byte and written as given: node:http would reject or correct
// much of what the statements test.
import type { Socket } from 'node:net';
import { Watch } from './waiting.ts';

/** Names and values, in order. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** A request as received. */
export class SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
  /** The number of its connection, from 1. */
  readonly connection: number;

  constructor(head: string, body: Buffer, connection: number) {
    const [requestLine = '', ...lines] = head.split('\r\n');
    const [method = '', target = '', version = ''] = requestLine.split(' ');
    this.method = method;
    this.target = target;
    this.version = version;
    this.headers = lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    this.body = body;
    this.connection = connection;
  }

  /** Returns the values of all header lines with this name. */
  values(name: string): string[] {
    return this.headers.filter(([other]) => other.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  }

  /** Returns the value of the first header line with this name. */
  header(name: string): string | undefined {
    return this.values(name)[0];
  }
}

/** Reads requests from a socket in turn. The socket flows all the time, so that its end is noticed at once. */
export class RequestReader {
  readonly #connection: number;
  readonly #changed = new Watch();
  #unread: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(socket: Socket, connection: number) {
    this.#connection = connection;
    socket.on('data', (chunk: Buffer) => {
      this.#unread = Buffer.concat([this.#unread, chunk]);
      this.#changed.notify();
    });
    socket.on('close', () => {
      this.#ended = true;
      this.#changed.notify();
    });
  }

  /**
   * Resolves with the next request, with `undefined` if the connection ends before it is complete. `onHead` gets its
   * head.
   */
  async next(onHead: (head: string) => void): Promise<SeenRequest | undefined> {
    const head = await this.#take(() => {
      const end = this.#unread.indexOf('\r\n\r\n');
      return end < 0 ? undefined : end + 4;
    });
    if (head === undefined) return undefined;
    const text = head.toString('latin1').slice(0, -4);
    onHead(text);
    const length = Number(/^content-length:\s*(\d+)/im.exec(text)?.[1] ?? 0);
    const body = await this.#take(() => length);
    return body && new SeenRequest(text, body, this.#connection);
  }

  /** Resolves with as many bytes as `measure` returns, when they have arrived. */
  async #take(measure: () => number | undefined): Promise<Buffer | undefined> {
    for (;;) {
      const length = measure();
      if (length !== undefined && this.#unread.length >= length) {
        const taken = this.#unread.subarray(0, length);
        this.#unread = this.#unread.subarray(length);
        return taken;
      }
      if (this.#ended) return undefined;
      await this.#changed.next();
    }
  }
}

/** A response; default: 200 without headers and body. */
export interface ResponseOptions {
  status?: number;
  phrase?: string;
  /** Header lines; a list of values gives one line each. Content-Length is added if missing. */
  headers?: Readonly<Record<string, string | readonly string[]>>;
  body?: string | Uint8Array;
}

/** Returns the bytes of a whole response. */
export function responseBytes({ status = 200, phrase = 'OK', headers = {}, body = '' }: ResponseOptions = {}): Buffer {
  const bytes = Buffer.from(body as string);
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one) => `${name}: ${one}`),
  );
  const bodyless = status === 204 || status === 304;
  const measured = Object.keys(headers).some((name) => /^(content-length|transfer-encoding)$/i.test(name));
  if (!measured && !bodyless) lines.push(`Content-Length: ${bytes.length}`);
  const head = Buffer.from([`HTTP/1.1 ${status} ${phrase}`, ...lines, '', ''].join('\r\n'), 'latin1');
  return Buffer.concat([head, bytes]);
}

/** The answer to one request. */
export class Reply {
  readonly socket: Socket;
  readonly #method: string;

  constructor(socket: Socket, method: string) {
    this.socket = socket;
    this.#method = method;
  }

  /** Sends a whole response; for HEAD only its head. */
  send(options: ResponseOptions = {}): void {
    const bytes = responseBytes(options);
    this.write(this.#method === 'HEAD' ? bytes.subarray(0, bytes.indexOf('\r\n\r\n') + 4) : bytes);
  }

  /** Writes bytes unchanged. */
  write(bytes: string | Uint8Array): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  /** Closes the connection after all data is written. */
  end(): void {
    this.socket.end();
  }

  /** Resets the connection. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}
