// A server on localhost, whose service the KDC knows, and which asks for more than it may have.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type RogueAnswer = (authorization: string, response: ServerResponse, request: IncomingMessage) => void;

export class Rogue implements AsyncDisposable {
  readonly #server: Server;
  /** Each request's Authorization, empty without one. */
  readonly seen: string[] = [];
  connections = 0;

  private constructor(answer: RogueAnswer) {
    const respond = (request: IncomingMessage, response: ServerResponse) => {
      const authorization = request.headers.authorization ?? '';
      this.seen.push(authorization);
      answer(authorization, response, request);
    };
    this.#server = createServer(respond);
    this.#server.on('connection', () => this.connections++);
  }

  static async start(answer: RogueAnswer): Promise<Rogue> {
    const rogue = new Rogue(answer);
    rogue.#server.listen(0, '127.0.0.1');
    await once(rogue.#server, 'listening');
    return rogue;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://localhost:${this.port}/`;
  }

  /** The schemes of the answers that it got. */
  get schemes(): string[] {
    return this.seen.map((value) => value.split(' ')[0] ?? '');
  }

  /** The tokens that it got. */
  get tokens(): Buffer[] {
    return this.seen.map((value) => Buffer.from(value.split(' ')[1] ?? '', 'base64'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await once(this.#server.close(), 'close');
  }
}

/** Answers 401 with these challenges. */
export const asking =
  (...challenges: string[]) =>
  (response: ServerResponse): void => {
    response.writeHead(401, { 'WWW-Authenticate': challenges }).end('who are you?');
  };
