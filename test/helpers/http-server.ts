// A web server of this machine with a path for each kind of response that a client must handle. It records requests,
// and reports the ends of its connections.
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions as SecureOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A request as received. */
export interface Seen {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  /** Names as received, and values. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** The number of its connection, from 1. */
  readonly connection: number;
}

type Route = (response: ServerResponse, request: IncomingMessage, seen: Seen, url: URL) => void;

const REALM = 'test';
export const USER = { userName: 'Aladdin', password: 'open sesame' } as const;

/** Texts in four charsets, by the value of Content-Type. */
export const CHARSETS: Readonly<Record<string, readonly [bytes: string, text: string]>> = {
  'text/plain; charset=utf-8': ['c3a9e4b896', 'é世'],
  'text/plain; charset=utf-16': ['e900164e', 'é世'],
  'text/plain; charset=windows-1251': ['cff0e8e2e5f2', 'Привет'],
  'text/plain; charset=shift_jis': ['93fa967b', '日本'],
  'text/plain': ['80e9', '€é'],
};

export class HttpServer implements AsyncDisposable {
  readonly requests: Seen[] = [];
  connections = 0;
  readonly #server: Server;
  readonly #scheme: string;
  readonly #events = new EventEmitter();
  readonly #numbers = new WeakMap<Socket, number>();
  #open = 0;

  private constructor(secure: SecureOptions | undefined) {
    this.#scheme = secure ? 'https' : 'http';
    const listener = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response);
    this.#server = secure ? createSecureServer(secure, listener) : createServer(listener);
    this.#server.on(secure ? 'secureConnection' : 'connection', (socket: Socket) => this.#connected(socket));
    this.#server.on('checkContinue', (request, response) => {
      response.writeContinue();
      listener(request, response);
    });
    this.#server.on('tlsClientError', () => {});
    this.#server.setMaxListeners(0);
    this.#events.setMaxListeners(0);
  }

  static async start(secure?: SecureOptions): Promise<HttpServer> {
    const server = new HttpServer(secure);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = '/', host = '127.0.0.1'): string {
    return `${this.#scheme}://${host}:${this.port}${path}`;
  }

  /** Resolves with the last request, or the one with this number. */
  async arrived(count = 1): Promise<Seen> {
    while (this.requests.length < count) await once(this.#events, 'request');
    return this.requests[count - 1] as Seen;
  }

  /** Resolves when the server has no open connection. */
  async allClosed(): Promise<void> {
    while (this.#open > 0) await once(this.#events, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #connected(socket: Socket): void {
    this.#numbers.set(socket, ++this.connections);
    this.#open++;
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#open--;
      this.#events.emit('close');
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const raw = request.rawHeaders;
    const headers = raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? ''] as const] : []));
    const { method = '', url: target = '', httpVersion: version } = request;
    const connection = this.#numbers.get(request.socket) ?? 0;
    const seen = { method, target, version, headers, body: Buffer.concat(chunks), connection };
    this.requests.push(seen);
    this.#events.emit('request');
    const url = new URL(target, 'http://any');
    const route = ROUTES[`/${url.pathname.split('/')[1]}`] ?? ROUTES['/'];
    route?.(response, request, seen, url);
  }
}

/** Returns the first value of a request header, with a case-insensitive name. */
export function headerOf({ headers }: Seen, name: string): string | undefined {
  return headers.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
}

const ROUTES: Readonly<Record<string, Route>> = {
  '/': (response) => {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.end('hello');
  },
  '/echo': (response, _request, seen) => {
    response.setHeader('Content-Type', 'application/octet-stream');
    response.end(seen.body);
  },
  '/never': () => {},
  '/head-only': (response) => {
    response.writeHead(200, { 'Content-Length': '10' });
    response.write('part');
  },
  '/status': (response, _request, _seen, url) => {
    const code = Number(url.searchParams.get('code'));
    response.writeHead(code, url.searchParams.get('text') ?? undefined).end();
  },
  '/trickle': (response, _request, _seen, url) => {
    const interval = Number(url.searchParams.get('every'));
    let left = Number(url.searchParams.get('parts'));
    response.writeHead(200);
    const timer = setInterval(() => {
      response.write('x');
      if (--left === 0) response.end();
    }, interval);
    response.on('close', () => clearInterval(timer));
  },
  '/reset': (response, request) => {
    response.writeHead(200, { 'Content-Length': '100' });
    response.write('some', () => request.socket.resetAndDestroy());
  },
  '/short': (response, request) => {
    response.writeHead(200, { 'Content-Length': '100' });
    response.write('some', () => request.socket.end());
  },
  '/trailers': (response) => {
    response.writeHead(200, { Trailer: 'X-Sum' });
    response.write('chunk one, ');
    response.write('chunk two');
    response.addTrailers({ 'X-Sum': '20' });
    response.end();
  },
  '/gzip': (response) => {
    response.setHeader('Content-Encoding', 'gzip');
    response.end(gzipSync('hello'));
  },
  '/once': (response, request) => {
    // Announces keep-alive, then closes.
    response.end('hello', () => request.socket.end());
  },
  '/charset': (response, _request, _seen, url) => {
    const type = url.searchParams.get('type') ?? '';
    response.setHeader('Content-Type', type);
    response.end(Buffer.from(url.searchParams.get('hex') ?? CHARSETS[type]?.[0] ?? '', 'hex'));
  },
  '/cookies': (response) => {
    response.setHeader('Set-Cookie', ['first=1; Path=/', 'second=2; Path=/']);
    response.end();
  },
  '/redirect': (response, _request, _seen, url) => {
    const location = url.searchParams.get('to');
    const code = Number(url.searchParams.get('code') ?? 302);
    response.writeHead(code, location === null ? {} : { Location: location }).end('moved');
  },
  '/hops': (response, _request, _seen, url) => {
    const left = Number(url.searchParams.get('left'));
    if (left === 0) return void response.end('arrived');
    response.writeHead(302, { Location: `/hops?left=${left - 1}` }).end();
  },
  '/loop': (response) => {
    response.writeHead(302, { Location: '/loop' }).end();
  },
  '/basic': (response, request) => {
    const wanted = `Basic ${Buffer.from(`${USER.userName}:${USER.password}`).toString('base64')}`;
    if (request.headers.authorization === wanted) return void response.end('welcome');
    response.writeHead(401, { 'WWW-Authenticate': `Basic realm="${REALM}"` }).end('who are you?');
  },
  '/digest': (response, request, seen, url) => {
    const algorithm = url.searchParams.get('algorithm') ?? 'MD5';
    if (isDigest(request.headers.authorization, seen, algorithm)) return void response.end('welcome');
    const challenge = `Digest realm="${REALM}", qop="auth", algorithm=${algorithm}, nonce="abc", opaque="xyz"`;
    response.writeHead(401, { 'WWW-Authenticate': challenge }).end();
  },
  '/ntlm': (response) => {
    response.writeHead(401, { 'WWW-Authenticate': ['Negotiate', 'NTLM'] }).end();
  },
  '/large': (response, _request, _seen, url) => {
    const size = Number(url.searchParams.get('size'));
    const chunk = Buffer.alloc(64 * 1024, 'winwire ');
    let left = size;
    response.writeHead(200, { 'Content-Length': String(size) });
    const write = () => {
      while (left > 0) {
        const part = left < chunk.length ? chunk.subarray(0, left) : chunk;
        left -= part.length;
        if (!response.write(part)) return void response.once('drain', write);
      }
      response.end();
    };
    write();
  },
};

function isDigest(authorization: string | undefined, { method, target }: Seen, algorithm: string): boolean {
  if (!authorization?.startsWith('Digest ')) return false;
  const matches = authorization.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g);
  const fields = Object.fromEntries([...matches].map(([, name, quoted, plain]) => [name, quoted ?? plain]));
  const hash = (text: string) =>
    createHash(algorithm.startsWith('SHA') ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  const secret = hash(`${USER.userName}:${REALM}:${USER.password}`);
  const first = algorithm.endsWith('-sess') ? hash(`${secret}:abc:${fields.cnonce}`) : secret;
  const expected = hash(`${first}:abc:${fields.nc}:${fields.cnonce}:auth:${hash(`${method}:${target}`)}`);
  return fields.response === expected && fields.uri === target && fields.opaque === 'xyz';
}
