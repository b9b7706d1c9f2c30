// The web server of the second act: it reports requests, and the ends of connections.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const SIZE = 8 * 1024 * 1024;
export const USER = { name: 'Aladdin', password: 'open sesame' } as const;

type Tell = (what: string, ...details: string[]) => void;

export class WebServer {
  readonly #server: Server;
  readonly #tell: Tell;
  /** Resolves when the last connection is closed. */
  closed: Promise<unknown> = Promise.resolve();

  constructor(tell: Tell) {
    this.#tell = tell;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on('connection', (socket) => {
      this.closed = once(socket, 'close');
      socket.on('error', () => {});
    });
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '' } = request;
    this.#tell(`${method} ${url}`, ...(request.headers.authorization ? ['with Authorization'] : []));
    if (url === '/never') return;
    if (url === '/stalls') response.writeHead(200, { 'Content-Length': '10' }).write('half ');
    else if (url === '/old') this.#end(response.writeHead(301, { Location: '/new' }));
    else if (url === '/private') this.#askForUser(request, response);
    else if (url === '/download') sendBytes(response);
    else this.#end(response, 'You have found it.');
  }

  #askForUser(request: IncomingMessage, response: ServerResponse): void {
    const wanted = `Basic ${Buffer.from(`${USER.name}:${USER.password}`).toString('base64')}`;
    if (request.headers.authorization === wanted) this.#end(response, 'Welcome.');
    else this.#end(response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="the cave"' }));
  }

  #end(response: ServerResponse, text = ''): void {
    this.#tell(`${response.statusCode}`);
    response.end(text);
  }
}

function sendBytes(response: ServerResponse): void {
  const part = Buffer.alloc(64 * 1024, 'The quick brown fox jumps over the lazy dog. ');
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': String(SIZE) });
  let left = SIZE;
  const write = () => {
    for (; left > 0; left -= part.length) {
      if (response.write(part)) continue;
      left -= part.length;
      response.once('drain', write);
      return;
    }
    response.end();
  };
  write();
}
