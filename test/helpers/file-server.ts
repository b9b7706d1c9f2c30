// Serves one file with ranges and conditions; can ignore them, and stop in the middle.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class FileServer implements AsyncDisposable {
  content: Buffer;
  etag: string | undefined = '"first"';
  lastModified: string | undefined;
  /** Always answers with the whole file. */
  ignoresRanges = false;
  /** Stops after this many bytes; the connection stays open. */
  stopsAfter = Number.POSITIVE_INFINITY;
  /** Replaces the value of Content-Range. */
  contentRange: string | undefined;
  readonly requests: IncomingMessage[] = [];
  readonly #server: Server;

  private constructor(content: Buffer) {
    this.content = content;
    this.#server = createServer((request, response) => this.#serve(request, response));
  }

  static async start(content: Buffer): Promise<FileServer> {
    const server = new FileServer(content);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/file`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(request);
    const start = this.#startOf(request);
    const size = this.content.length;
    if (this.etag) response.setHeader('ETag', this.etag);
    if (this.lastModified) response.setHeader('Last-Modified', this.lastModified);
    if (start !== undefined && start >= size) {
      response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
      return;
    }
    const part = this.content.subarray(start ?? 0);
    const range = this.contentRange ?? `bytes ${start}-${size - 1}/${size}`;
    response.writeHead(start === undefined ? 200 : 206, {
      'Content-Length': part.length,
      ...(start === undefined ? {} : { 'Content-Range': range }),
    });
    if (part.length > this.stopsAfter) response.write(part.subarray(0, this.stopsAfter));
    else response.end(part);
  }

  #startOf({ headers }: IncomingMessage): number | undefined {
    const start = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
    if (start === undefined || this.ignoresRanges) return undefined;
    const condition = headers['if-range'];
    return condition === undefined || condition === this.etag || condition === this.lastModified
      ? Number(start)
      : undefined;
  }
}
