/** Sends a request to a proxy and reads the head and the body of its answer. */
import type { Socket } from 'node:net';
import { bodyReaderFor, canStayOpen } from '../http1/body-reader.ts';
import { HeadReader } from '../http1/head-reader.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { Attempt } from './attempt.ts';

const MAX_HEAD = 64 * 1024;
/** Maximum number of bytes of a refusal's body that are read to keep the connection. */
const MAX_BODY = 64 * 1024;

/** The connection ended before the answer was complete. */
export class ConnectionEnded extends Error {
  /** Whether the answer had begun. */
  readonly hasAnswer: boolean;

  constructor(hasAnswer: boolean, cause?: Error) {
    const text = hasAnswer ? 'it closed the connection in its answer' : 'it closed the connection without an answer';
    super(cause ? `${text} (${cause.message})` : text, { cause });
    this.hasAnswer = hasAnswer;
  }
}

/**
 * Sends a head and returns that of the answer. The bytes behind it are the next ones that the socket gives.
 *
 * @throws {ConnectionEnded}; {MessageError} for an invalid answer; {AttemptTimeout}, {AbortError}.
 */
export function exchangeHeads(socket: Socket, head: string, attempt: Attempt): Promise<ResponseHead> {
  const reader = new HeadReader(MAX_HEAD);
  socket.write(head, 'latin1');
  return readSocket(socket, attempt, (chunk) => {
    attempt.isAnswered = true;
    const answer = reader.read(chunk);
    return answer && { value: answer, rest: reader.rest };
  });
}

/**
 * Reads the body of a refusal.
 *
 * @returns whether the connection can be used for the next request: the body has ended within 64 KiB.
 */
export async function drainBody(socket: Socket, head: ResponseHead, attempt: Attempt): Promise<boolean> {
  try {
    const body = bodyReaderFor(head, false, MAX_BODY);
    if (!canStayOpen(head, body) || (head.length ?? 0) > MAX_BODY) return false;
    if (head.length === 0) return true;
    let size = 0;
    return await readSocket(socket, attempt, (chunk) => {
      const end = body.read(chunk, () => {});
      size += chunk.length;
      if (end >= 0) return { value: true, rest: chunk.subarray(end) };
      return size > MAX_BODY ? { value: false, rest: chunk.subarray(chunk.length) } : undefined;
    });
  } catch (error) {
    if (error instanceof ConnectionEnded || (error as Error).name === 'MessageError') return false;
    throw error;
  }
}

interface Found<T> {
  readonly value: T;
  readonly rest: Buffer;
}

/** Reads chunks until `take` finds what it looks for; gives the rest back to the socket. */
function readSocket<T>(socket: Socket, attempt: Attempt, take: (chunk: Buffer) => Found<T> | undefined): Promise<T> {
  let hasBytes = false;
  return attempt.stage((resolve, reject) => {
    const onReadable = () => {
      try {
        for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
          hasBytes = true;
          const found = take(chunk);
          if (found === undefined) continue;
          if (found.rest.length > 0) socket.unshift(found.rest);
          return resolve(found.value);
        }
      } catch (error) {
        reject(error as Error);
      }
    };
    const onEnd = () => reject(new ConnectionEnded(hasBytes));
    const onError = (error: Error) => reject(new ConnectionEnded(hasBytes, error));
    // Without the event `data` the socket stays as a new one: it flows when its next reader listens.
    socket.on('readable', onReadable).on('end', onEnd).on('close', onEnd).on('error', onError);
    if (socket.destroyed || socket.readableEnded) onEnd();
    return () => void socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd).off('error', onError);
  });
}
