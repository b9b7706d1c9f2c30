// A proxy of node:http that forwards the absolute form and opens tunnels, and records what it was asked. Every name
// is that of this machine.
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The answer to a request in place of forwarding it. */
export type Refusal = (message: IncomingMessage) => { status: number; headers?: Record<string, string> } | undefined;

export class ForwardProxy implements AsyncDisposable {
  /** `GET http://…` and `CONNECT host:port`, in turn. */
  readonly requests: string[] = [];
  /** The value of Proxy-Authorization of each request. */
  readonly credentials: (string | undefined)[] = [];
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(refusal: Refusal) {
    this.#server = createServer((message, response) => {
      this.#record(message);
      const refused = refusal(message);
      if (refused)
        return void message
          .resume()
          .on('end', () => response.writeHead(refused.status, refused.headers).end('refused'));
      const { port, pathname, search } = new URL(message.url as string);
      const { 'proxy-authorization': _, ...headers } = message.headers;
      const upstream = request({
        host: '127.0.0.1',
        port,
        path: pathname + search,
        method: message.method,
        headers,
        agent: false,
      });
      upstream.on('response', (answer) => {
        response.writeHead(answer.statusCode as number, answer.headers);
        answer.pipe(response);
      });
      upstream.on('error', () => response.destroy());
      response.on('close', () => upstream.destroy());
      message.pipe(upstream);
    });
    this.#server.on('connection', (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('connect', (message: IncomingMessage, socket: Duplex) => this.#tunnel(message, socket, refusal));
  }

  static async start(refusal: Refusal = () => undefined): Promise<ForwardProxy> {
    const proxy = new ForwardProxy(refusal);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get place(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The option `proxy` that names it, for servers of this machine too. */
  option(user = ''): { proxy: string; bypass: string[] } {
    return { proxy: `http://${user && `${user}@`}${this.place}`, bypass: ['<-loopback>'] };
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Resolves when no connection is open. */
  async allClosed(): Promise<void> {
    for (const socket of this.#sockets) await once(socket, 'close');
  }

  #record({ method, url, headers }: IncomingMessage): void {
    this.requests.push(`${method} ${url}`);
    this.credentials.push(headers['proxy-authorization']);
  }

  #tunnel(message: IncomingMessage, socket: Duplex, refusal: Refusal): void {
    this.#record(message);
    const refused = refusal(message);
    if (refused) {
      const fields = Object.entries(refused.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
      return void socket.end(`HTTP/1.1 ${refused.status} No\r\n${fields.join('')}Content-Length: 0\r\n\r\n`);
    }
    const target = connect(Number(/:(\d+)$/.exec(message.url as string)?.[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    target.on('error', () => socket.destroy());
    socket.on('close', () => target.destroy());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
