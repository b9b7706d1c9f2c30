// A server that answers with any bytes; node:http would only write valid ones.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer, type TlsOptions } from 'node:tls';

/** Answers the request with this head; `count` is its number. */
export type RawAnswer = (socket: Socket, head: string, count: number) => void;

export class RawServer implements AsyncDisposable {
  /** The heads of all requests. */
  readonly heads: string[] = [];
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #scheme: string;

  private constructor(answer: RawAnswer, secure: TlsOptions | undefined) {
    this.#scheme = secure ? 'https' : 'http';
    const onSocket = (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      let received = '';
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1');
        for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
          const head = received.slice(0, end + 4);
          received = received.slice(head.length);
          this.heads.push(head);
          answer(socket, head, this.heads.length);
        }
      });
    };
    this.#server = secure ? createSecureServer(secure, onSocket) : createServer(onSocket);
  }

  static async start(answer: RawAnswer, secure?: TlsOptions): Promise<RawServer> {
    const server = new RawServer(answer, secure);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** Returns a server that always sends the same bytes, and closes the connection if `closes` is set. */
  static answering(bytes: string, { closes = false } = {}): Promise<RawServer> {
    return RawServer.start((socket) => {
      if (closes) socket.end(bytes, 'latin1');
      else socket.write(bytes, 'latin1');
    });
  }

  /** Number of open connections. */
  get open(): number {
    return this.#sockets.size;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = '/'): string {
    return `${this.#scheme}://127.0.0.1:${this.port}${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
