// A TCP server that answers each head with raw bytes.
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** The answer to a head: bytes; the empty string closes the connection, and undefined gives no answer. */
type Answer = (head: string) => string | undefined;

export class RawServer implements AsyncDisposable {
  readonly heads: string[] = [];
  connections = 0;
  readonly #server: Server;
  readonly #events = new EventEmitter();
  readonly #sockets = new Set<Socket>();

  constructor(answer: Answer) {
    this.#server = createServer((socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
      socket.on('data', (bytes) => {
        this.heads.push(bytes.toString('latin1'));
        const text = answer(bytes.toString('latin1'));
        if (text === '') socket.end();
        else if (text !== undefined) socket.write(text);
        this.#events.emit('head');
      });
    });
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get place(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when so many heads have arrived. */
  async received(count: number): Promise<void> {
    while (this.heads.length < count) await once(this.#events, 'head');
  }

  /** Resolves when no connection is open. */
  async allClosed(): Promise<void> {
    for (const socket of this.#sockets) await once(socket, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export const startRaw = (answer: Answer): Promise<RawServer> => new RawServer(answer).listen();
