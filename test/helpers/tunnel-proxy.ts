// A proxy for CONNECT that resolves every name to this machine.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Answers the head of a request, the number `count` of the proxy; undefined opens a tunnel to this machine, the empty string
 * closes the connection, and null leaves the request without an answer.
 */
export type TunnelAnswer = (head: string, count: number, socket: Socket) => string | null | undefined;

/** A proxy whose answer to CONNECT is the test's; without one it opens tunnels to this machine. */
export class TunnelProxy implements AsyncDisposable {
  readonly heads: string[] = [];
  /** The number of connections so far. */
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #answer: TunnelAnswer;

  private constructor(server: Server, answer: TunnelAnswer) {
    this.#server = server;
    this.#answer = answer;
    const event = 'setSecureContext' in server ? 'secureConnection' : 'connection';
    server.on(event, (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
      this.#serve(socket);
    });
  }

  static async start(answer?: string | TunnelAnswer, server: Server = createServer()): Promise<TunnelProxy> {
    const proxy = new TunnelProxy(server, typeof answer === 'function' ? answer : () => answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get place(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  #serve(socket: Socket): void {
    let received = '';
    const onData = (bytes: Buffer) => {
      received += bytes.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const head = received.slice(0, end + 4);
        received = received.slice(end + 4);
        this.heads.push(head);
        const answer = this.#answer(head, this.heads.length, socket);
        if (answer === undefined) {
          socket.off('data', onData);
          return openTunnel(socket, head);
        }
        if (answer === '') return void socket.end();
        if (answer !== null && !socket.writableEnded) socket.write(answer, 'latin1');
      }
    };
    socket.on('data', onData);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function openTunnel(socket: Socket, head: string): void {
  const [, port] = /^CONNECT \S+:(\d+) /.exec(head) ?? [];
  const target = connect(Number(port), '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.pipe(target).pipe(socket);
  });
  target.on('error', () => socket.destroy());
  socket.on('close', () => target.destroy());
}

/** An answer 407 without a body, with these challenges. */
export const challenge = (...challenges: string[]): string =>
  `HTTP/1.1 407 Authenticate\r\n${challenges.map((one) => `Proxy-Authenticate: ${one}\r\n`).join('')}Content-Length: 0\r\n\r\n`;
