/** Reads a response from a server's connection, and relays it to the client. */
import type { Socket } from 'node:net';
import { type BodyReader, bodyReaderFor, canStayOpen } from '../http1/body-reader.ts';
import { HeadReader } from '../http1/head-reader.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import { startTimer } from '../time-limit.ts';
import { forwardedFields, proxySupportLines, viaLine } from './fields.ts';
import { statusLine } from './refusal.ts';

const MAX_HEAD = 64 * 1024;
/** Limits of the body of a refusal that is read to keep the connection, in bytes and milliseconds. */
const MAX_REFUSAL = 64 * 1024;
const MAX_REFUSAL_TIME = 5_000;
const LAST_CHUNK = '0\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/** The server closed the connection, or its response is invalid. */
export class ResponseFailure extends Error {
  /** Whether a byte of the response had arrived. */
  readonly hasBegun: boolean;

  constructor(message: string, hasBegun: boolean, cause?: unknown) {
    super(message, { cause });
    this.hasBegun = hasBegun;
  }
}

/** What a response answers. */
export interface ResponseContext {
  /** The request was HEAD. */
  readonly isHead: boolean;
  /** The client speaks HTTP/1.0: it knows no chunks. */
  readonly isVersion10: boolean;
  /** Whether the client's connection is to stay open. */
  readonly isKept: boolean;
  readonly pseudonym: string;
  /** No further proxy is between. */
  readonly isDirect: boolean;
}

/** A response whose body is still to be read. */
export interface UnreadResponse {
  readonly head: ResponseHead;
  readonly body: BodyReader;
}

/** @throws {MessageError} if readers could disagree about the length of the body. */
export const responseOf = (head: ResponseHead, isHead: boolean): UnreadResponse => ({
  head,
  body: bodyReaderFor(head, isHead, MAX_HEAD),
});

/** Waits for the head of the response. The body is the next that the socket gives. */
export function readResponseHead(socket: Socket): Promise<ResponseHead> {
  const reader = new HeadReader(MAX_HEAD);
  let hasBegun = false;
  return reading(socket, (resolve, reject) => ({
    onData: (bytes) => {
      hasBegun = true;
      const head = reader.read(bytes);
      if (!head) return;
      socket.pause();
      if (reader.rest.length > 0) socket.unshift(reader.rest);
      resolve(head);
    },
    onEnd: (cause) => reject(new ResponseFailure('it closed the connection without a response', hasBegun, cause)),
  }));
}

/**
 * Reads the body of a refusal without using it. Returns false if the connection cannot be used for the next request: the
 * body is larger than 64 KiB, takes longer than 5 s, or is invalid.
 */
export async function skipBody(socket: Socket, head: ResponseHead, isHead: boolean): Promise<boolean> {
  const timer = startTimer(MAX_REFUSAL_TIME, () => socket.destroy());
  try {
    const body = bodyReaderFor(head, isHead, MAX_REFUSAL);
    if (!canStayOpen(head, body) || (!isHead && (head.length ?? 0) > MAX_REFUSAL)) return false;
    let size = 0;
    return await transfer(socket, body, (part) => {
      size += part.length;
      if (size > MAX_REFUSAL) throw new ResponseFailure('its refusal is too long', true);
    });
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Relays a response whose head was read.
 *
 * @returns whether the server's connection can be used for another request.
 * @throws {ResponseFailure} if the body ends early or is invalid: the client's connection must be broken off then.
 */
export async function relayResponse(
  client: Socket,
  server: Socket,
  { head, body }: UnreadResponse,
  context: ResponseContext,
): Promise<boolean> {
  const framing = framingFor(head, context);
  client.write(responseText(head, framing, context), 'latin1');
  const onDrain = () => server.resume();
  client.on('drain', onDrain);
  try {
    const isExact = await transfer(server, body, (part) => {
      writePart(client, part, framing.isChunked);
      if (client.writableNeedDrain) server.pause();
    });
    if (framing.isChunked) client.write(LAST_CHUNK, 'latin1');
    return isExact && canStayOpen(head, body);
  } finally {
    client.off('drain', onDrain);
  }
}

/** How the client finds the end of the body. */
interface ResponseFraming {
  readonly field: string | undefined;
  readonly isChunked: boolean;
}

function framingFor(head: ResponseHead, { isHead, isVersion10 }: ResponseContext): ResponseFraming {
  const { length, status } = head;
  const field = length === undefined ? undefined : `Content-Length: ${length}`;
  if (status === 204) return { field: undefined, isChunked: false };
  if (isHead || status === 304 || length !== undefined) return { field, isChunked: false };
  return isVersion10 ? { field, isChunked: false } : { field: 'Transfer-Encoding: chunked', isChunked: true };
}

/** Returns whether the client finds the end of the response only by the end of the connection. */
export function endsConnection(head: ResponseHead, context: ResponseContext): boolean {
  const { field, isChunked } = framingFor(head, context);
  const hasBody = !context.isHead && head.status !== 204 && head.status !== 304;
  return hasBody && field === undefined && !isChunked;
}

function responseText(head: ResponseHead, { field }: ResponseFraming, context: ResponseContext): string {
  const lines = [
    statusLine(head.status, head.statusText),
    ...forwardedFields(head, false),
    viaLine(head, context.pseudonym),
    ...proxySupportLines(head, context.isDirect),
    ...(field === undefined ? [] : [field]),
    `Connection: ${context.isKept ? 'keep-alive' : 'close'}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function writePart(client: Socket, part: Buffer, isChunked: boolean): void {
  if (!isChunked) return void client.write(part);
  client.cork();
  client.write(`${part.length.toString(16)}\r\n`, 'latin1');
  client.write(part);
  client.write('\r\n', 'latin1');
  client.uncork();
}

/** Returns true if the last byte received was the body's last one. */
function transfer(socket: Socket, body: BodyReader, onPart: (part: Buffer) => void): Promise<boolean> {
  return reading(socket, (resolve, reject) => {
    const onData = (bytes: Buffer) => {
      const end = body.read(bytes, onPart);
      if (end < 0) return;
      socket.pause();
      resolve(end === bytes.length && socket.readableLength === 0);
    };
    return {
      onData,
      onEnd: (cause) => {
        if (body.isUntilClose && cause === undefined) return resolve(false);
        reject(new ResponseFailure('it closed the connection within its response', true, cause));
      },
      onStart: () => onData(NOTHING),
    };
  });
}

interface Handlers {
  onData(bytes: Buffer): void;
  /** `cause` is undefined for an orderly end. */
  onEnd(cause?: Error): void;
  /** Called before the first byte. */
  onStart?(): void;
}

/** Reads a socket until the promise settles; an exception of a handler rejects it. */
function reading<T>(
  socket: Socket,
  begin: (resolve: (value: T) => void, reject: (error: Error) => void) => Handlers,
): Promise<T> {
  return new Promise<T>((resolvePromise, rejectPromise) => {
    let isSettled = false;
    const settle = (outcome: () => void) => {
      if (isSettled) return;
      isSettled = true;
      socket.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
      outcome();
    };
    const handlers = begin(
      (value) => settle(() => resolvePromise(value)),
      (error) => settle(() => rejectPromise(error)),
    );
    const attempt = (run: () => void) => {
      try {
        run();
      } catch (error) {
        const message = `its response is invalid: ${(error as Error).message}`;
        const failure = error instanceof ResponseFailure ? error : new ResponseFailure(message, true, error);
        settle(() => rejectPromise(failure));
      }
    };
    const onData = (bytes: Buffer) => attempt(() => handlers.onData(bytes));
    const onEnd = () => attempt(() => handlers.onEnd());
    const onError = (error: Error) => attempt(() => handlers.onEnd(error));
    const onClose = () => attempt(() => handlers.onEnd(new Error('the connection was closed')));
    attempt(() => handlers.onStart?.());
    if (isSettled) return;
    socket.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
    if (socket.destroyed) onClose();
    else if (socket.readableEnded) onEnd();
    else socket.resume();
  });
}
