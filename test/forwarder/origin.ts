// A server of raw bytes for tests of the forwarder.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Calls `onSocket` for each connection; `seen` has what each has received. */
export class RawOrigin implements AsyncDisposable {
  readonly sockets: Socket[] = [];
  readonly #server: Server;

  private constructor(onSocket: (socket: Socket, origin: RawOrigin) => void) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.sockets.push(socket);
      socket.on('error', () => {});
      onSocket(socket, this);
    });
  }

  static async start(onSocket: (socket: Socket, origin: RawOrigin) => void): Promise<RawOrigin> {
    const origin = new RawOrigin(onSocket);
    origin.#server.listen(0, '127.0.0.1');
    await once(origin.#server, 'listening');
    return origin;
  }

  /** Answers the request number `n` of all connections with `answers(n)`; keeps its text in `heads`. */
  static answering(answers: (n: number, head: string) => string, heads: string[] = []): Promise<RawOrigin> {
    return RawOrigin.start((socket) => {
      let text = '';
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1');
        for (let at = text.indexOf('\r\n\r\n'); at >= 0; at = text.indexOf('\r\n\r\n')) {
          heads.push(text.slice(0, at + 4));
          text = text.slice(at + 4);
          socket.write(answers(heads.length, heads.at(-1) ?? ''), 'latin1');
        }
      });
      socket.on('end', () => socket.end());
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get place(): string {
    return `127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
