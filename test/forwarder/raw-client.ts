// A client of the forwarder that sends bytes as they are.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The value of Proxy-Authorization for the URL of a forwarder. */
export function authorizationOf(url: string): string {
  const { username, password } = new URL(url);
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(user).toString('base64')}`;
}

export class RawClient implements AsyncDisposable {
  readonly socket: Socket;
  received = Buffer.alloc(0);
  readonly #ended: Promise<unknown>;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
    });
    socket.on('error', () => {});
    this.#ended = new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  }

  static async open(port: number, host = '127.0.0.1'): Promise<RawClient> {
    const socket = connect({ port, host, allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  get text(): string {
    return this.received.toString('latin1');
  }

  write(text: string | Buffer): void {
    if (typeof text === 'string') this.socket.write(text, 'latin1');
    else this.socket.write(text);
  }

  /** Resolves when the received bytes match. */
  async receives(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.text);
      if (match) return match;
      if (this.socket.destroyed || this.socket.readableEnded)
        throw new Error(`ended with ${JSON.stringify(this.text)}`);
      await Promise.race([once(this.socket, 'data'), this.#ended]);
    }
  }

  /** Resolves with all bytes when the other side has ended. */
  async end(): Promise<string> {
    await this.#ended;
    return this.text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    if (!this.socket.closed) await once(this.socket, 'close');
  }
}

/** Sends bytes on a new connection; resolves with all that is answered. */
export async function answerTo(port: number, bytes: string): Promise<string> {
  await using client = await RawClient.open(port);
  client.write(bytes);
  return await client.end();
}
