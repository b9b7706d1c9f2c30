// A loopback server with scripted answers. It records every request as received, and reports the state of its
// connections.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { illegalConstructor } from '../errors.ts';
import { Reply, RequestReader, type SeenRequest } from './http-wire.ts';
import { Watch, within } from './waiting.ts';

/** Answers one request; the next one of the connection is read afterwards. */
export type Answer = (request: SeenRequest, reply: Reply) => void | Promise<void>;

/** Options of {@link ScriptedServer.start}. */
export interface ServerOptions {
  readonly tls?: TlsOptions | undefined;
  /** Does not record requests, if there are very many. */
  readonly forgetful?: boolean;
  /** Called with every complete request, before the answer. */
  readonly onRequest?: ((request: SeenRequest) => void) | undefined;
}

/** Answers with plain text. */
export const hello: Answer = (_request, reply) =>
  reply.send({ headers: { 'Content-Type': 'text/plain' }, body: 'hello' });

/** Never answers. */
export const silence: Answer = () => new Promise<void>(() => {});

/** A server on a free port of this machine with a scripted answer. */
export class ScriptedServer {
  readonly #answer: Answer;
  readonly #forgetful: boolean;
  readonly #onRequest: ServerOptions['onRequest'];
  readonly #scheme: 'http' | 'https';
  readonly #server: Server;
  /** The open connections, with the line of the last request of each. */
  readonly #sockets = new Map<Socket, { requestLine: string }>();
  readonly #changed = new Watch();
  /** Heads of all requests, even of those whose body is incomplete. */
  readonly heads: string[] = [];
  /** Complete requests, in order of completion. */
  readonly requests: SeenRequest[] = [];
  /** Number of connections so far. */
  connections = 0;

  private constructor(answer: Answer, options: ServerOptions) {
    if (typeof options !== 'object') throw illegalConstructor('ScriptedServer', 'ScriptedServer.start(answer)');
    const { tls, forgetful = false, onRequest } = options;
    this.#answer = answer;
    this.#forgetful = forgetful;
    this.#onRequest = onRequest;
    this.#scheme = tls === undefined ? 'http' : 'https';
    const serve = (socket: Socket) => void this.#serve(socket);
    this.#server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  }

  /** Starts to listen; the default answer is `hello`. */
  static async start(answer: Answer = hello, options: ServerOptions = {}): Promise<ScriptedServer> {
    const server = new ScriptedServer(answer, options);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    // A client that rejects the certificate is not a failure of the server.
    server.#server.on('tlsClientError', () => {});
    return server;
  }

  /** The port. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Address and port, as in a Host header. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Returns a URL of this server. */
  url(path = '/', host = '127.0.0.1'): string {
    return `${this.#scheme}://${host}:${this.port}${path}`;
  }

  /** Number of open connections. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Resolves with the n-th complete request, counted from 1. */
  async arrived(count = 1): Promise<SeenRequest> {
    await this.#changed.until(() => this.requests.length >= count, `request ${count} arrives at the server`);
    return this.requests[count - 1] as SeenRequest;
  }

  /** Resolves when this many connections have been made. */
  connected(count = 1): Promise<void> {
    return this.#changed.until(() => this.connections >= count, `connection ${count} is made`);
  }

  /** Resolves when no connection is open. */
  closed(): Promise<void> {
    const missing = () => {
      const open = [...this.#sockets.values()].map(({ requestLine }) => requestLine);
      return `the server sees its connections closed, but not ${open.join(', ')}`;
    };
    return this.#changed.until(() => this.#sockets.size === 0, missing);
  }

  /** Closes every connection. */
  cut(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  /** Closes the server and all its connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    const ended = once(this.#server, 'close');
    this.#server.close();
    await within(ended, 'the server ends');
  }

  async #serve(socket: Socket): Promise<void> {
    const last = { requestLine: 'one without a request' };
    this.#sockets.set(socket, last);
    this.connections += 1;
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#changed.notify();
    });
    this.#changed.notify();
    const reader = new RequestReader(socket, this.connections);
    for (;;) {
      const request = await reader.next((head) => {
        [last.requestLine = ''] = head.split('\r\n', 1);
        if (!this.#forgetful) this.heads.push(head);
        this.#changed.notify();
      });
      if (request === undefined) return void socket.end();
      if (!this.#forgetful) this.requests.push(request);
      this.#onRequest?.(request);
      this.#changed.notify();
      await this.#answer(request, new Reply(socket, request.method));
    }
  }
}

/** Returns a free port of this machine. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
