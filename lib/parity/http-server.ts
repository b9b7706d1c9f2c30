// A loopback server that a script describes: every request is kept as it was on the wire, and what becomes of its
// connections can be awaited.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { Reply, RequestReader, type SeenRequest } from './http-wire.ts';
import { Watch, within } from './waiting.ts';

/** Answers one request; the next of the same connection is read when it is done. */
export type Answer = (request: SeenRequest, reply: Reply) => void | Promise<void>;

/** Options of {@link ScriptedServer.start}. */
export interface ServerOptions {
  readonly tls?: TlsOptions | undefined;
  /** Keep no request: there will be very many. */
  readonly forgetful?: boolean;
  /** Is told of every complete request, before it is answered. */
  readonly onRequest?: ((request: SeenRequest) => void) | undefined;
}

/** A body of plain text. */
export const hello: Answer = (_request, reply) =>
  reply.send({ headers: { 'Content-Type': 'text/plain' }, body: 'hello' });

/** No answer, ever. */
export const silence: Answer = () => new Promise<void>(() => {});

/** A server on a free port of this machine, that answers as a function says. */
export class ScriptedServer {
  readonly #answer: Answer;
  readonly #forgetful: boolean;
  readonly #onRequest: ServerOptions['onRequest'];
  readonly #scheme: 'http' | 'https';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #changed = new Watch();
  /** Heads of requests, also of those whose body never came. */
  readonly heads: string[] = [];
  /** Complete requests, in the order of their ends. */
  readonly requests: SeenRequest[] = [];
  /** How many connections were made. */
  connections = 0;

  private constructor(answer: Answer, { tls, forgetful = false, onRequest }: ServerOptions) {
    this.#answer = answer;
    this.#forgetful = forgetful;
    this.#onRequest = onRequest;
    this.#scheme = tls === undefined ? 'http' : 'https';
    const serve = (socket: Socket) => void this.#serve(socket);
    this.#server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  }

  /** Listens; `answer` says hello unless told otherwise. */
  static async start(answer: Answer = hello, options: ServerOptions = {}): Promise<ScriptedServer> {
    const server = new ScriptedServer(answer, options);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    // A client that refuses the certificate is no failure of the server.
    server.#server.on('tlsClientError', () => {});
    return server;
  }

  /** Where it listens. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Its address and port, as a Host header has them. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** A URL of it. */
  url(path = '/', host = '127.0.0.1'): string {
    return `${this.#scheme}://${host}:${this.port}${path}`;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** The n-th complete request, from 1, as soon as it is there. */
  async arrived(count = 1): Promise<SeenRequest> {
    await this.#changed.until(() => this.requests.length >= count, `request ${count} arrives at the server`);
    return this.requests[count - 1] as SeenRequest;
  }

  /** Resolves when as many connections as told have been made. */
  connected(count = 1): Promise<void> {
    return this.#changed.until(() => this.connections >= count, `connection ${count} is made`);
  }

  /** Resolves when the server sees no open connection. */
  closed(): Promise<void> {
    return this.#changed.until(() => this.#sockets.size === 0, 'the server sees its connections closed');
  }

  /** Closes every connection from this side. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Closes it, with all its connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    const ended = once(this.#server, 'close');
    this.#server.close();
    await within(ended, 'the server ends');
  }

  async #serve(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    this.connections += 1;
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#changed.tell();
    });
    this.#changed.tell();
    const reader = new RequestReader(socket, this.connections);
    for (;;) {
      const request = await reader.next((head) => {
        if (!this.#forgetful) this.heads.push(head);
        this.#changed.tell();
      });
      if (request === undefined) return void socket.end();
      if (!this.#forgetful) this.requests.push(request);
      this.#onRequest?.(request);
      this.#changed.tell();
      await this.#answer(request, new Reply(socket, request.method));
    }
  }
}

/** An address of this machine at which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
