/** Publishes what happens to a request of node:http, on the channels `winwire:http:…`. */
import { errorMonitor } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type HttpFields, HttpTracer } from '../diagnostics/http-channels.ts';
import type { LateSocket } from './late-socket.ts';

/** Runs `add`, which gives the request to its agent. */
export function traceRequest(request: ClientRequest, origin: string, add: () => void): void {
  const tracer = HttpTracer.begin(() => ({
    door: 'agent',
    method: request.method,
    url: request.path.startsWith('/') ? `${origin}${request.path}` : request.path,
    headers: fieldsOf(request),
    total: undefined,
  }));
  if (tracer) {
    follow(request, tracer);
    tracer.start(add);
  } else {
    add();
  }
}

function fieldsOf(request: ClientRequest): HttpFields {
  return request.getRawHeaderNames().flatMap((name) => {
    const value = request.getHeader(name);
    return (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)] as const);
  });
}

function follow(request: ClientRequest, tracer: HttpTracer): void {
  let failure: Error | undefined;
  let isComplete = false;
  const start = performance.now();
  request.once('socket', (socket) => onSocket(socket, tracer, start));
  followBody(request, tracer);
  request.on(errorMonitor, (error: Error) => (failure ??= error));
  request.prependListener('response', (response: IncomingMessage) => {
    // With this listener alone, node:http would wait for a reader of the body.
    if (request.listenerCount('response') === 1) response.resume();
    followResponse(response, tracer);
    response.on(errorMonitor, (error: Error) => (failure ??= error));
    response.on('end', () => {
      isComplete = true;
    });
  });
  request.on('close', () => {
    const { statusCode } = (request as { res?: IncomingMessage }).res ?? {};
    const isBroken = !isComplete && statusCode !== 101 && request.method !== 'CONNECT';
    tracer.end(failure ?? (isBroken ? abortedOf(request) : undefined));
  });
}

const abortedOf = ({ reusedSocket }: ClientRequest): Error =>
  Object.assign(new Error(reusedSocket ? 'socket hang up' : 'aborted'), { code: 'ECONNRESET' });

function onSocket(socket: Socket, tracer: HttpTracer, start: number): void {
  if (!socket.connecting) return;
  socket.once('connect', () => {
    const { route } = socket as LateSocket;
    const proxy = route && route.kind !== 'direct' ? `${route.host}:${route.port}` : undefined;
    tracer.connected({ address: socket.remoteAddress, proxy, connect: performance.now() - start });
  });
}

type Write = (chunk: unknown, ...rest: unknown[]) => unknown;

/** Node tells of no part of a body that it sends: these methods get them. */
function followBody(request: ClientRequest, tracer: HttpTracer): void {
  const methods = request as unknown as Record<'write' | 'end', Write>;
  for (const name of ['write', 'end'] as const) {
    const own = methods[name];
    methods[name] = function (this: unknown, chunk, ...rest) {
      if (!request.headersSent) tracer.headers = fieldsOf(request);
      const [encoding] = rest;
      if (typeof chunk === 'string') tracer.sent(Buffer.from(chunk, encodingOf(encoding)));
      else if (chunk instanceof Uint8Array) tracer.sent(chunk);
      return own.call(this, chunk, ...rest);
    };
  }
}

const encodingOf = (value: unknown): BufferEncoding =>
  typeof value === 'string' && Buffer.isEncoding(value) ? value : 'utf8';

function followResponse(response: IncomingMessage, tracer: HttpTracer): void {
  const { statusCode = 0, statusMessage = '', rawHeaders } = response;
  const fields: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    fields.push([rawHeaders[index] as string, rawHeaders[index + 1] as string]);
  }
  tracer.responseStarted(statusCode, statusMessage, fields);
  // A listener of `data` would begin to read the body.
  const { push } = response;
  response.push = function (this: IncomingMessage, chunk: unknown, ...rest: []) {
    if (chunk instanceof Uint8Array) tracer.data(chunk);
    return push.call(this, chunk, ...rest);
  };
}
