/** Opens a tunnel through a proxy with CONNECT. Source: RFC 9110 section 9.3.6. */
import type { Socket } from 'node:net';
import { type BodyReader, bodyReaderFor, canStayOpen } from '../../http1/body-reader.ts';
import { HeadReader } from '../../http1/head-reader.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import { startLimit } from '../../time-limit.ts';

/** A request for a tunnel. */
interface TunnelRequest {
  /** The whole head of the CONNECT request. */
  readonly head: string;
  /** Maximum size of the answer's head in bytes. */
  readonly maxHeaderSize: number;
  /** Time limit for each packet of the answer, in milliseconds; `Infinity` disables it. */
  readonly limit: number;
}

/** Sets the callback that cancels the current operation. */
interface Canceller {
  onCancel(callback: (() => void) | undefined): void;
}

/** Why a request for a tunnel failed without an answer. */
export type TunnelFault = 'closed' | 'broken' | 'invalid' | 'timeout' | 'cancelled';

/** The proxy's answer is missing or invalid; `cause` is the error of the socket or of the answer. */
export class TunnelError extends Error {
  readonly fault: TunnelFault;

  constructor(fault: TunnelFault, cause?: unknown) {
    super(fault, { cause });
    this.fault = fault;
  }
}

/** The answer to a request for a tunnel. */
export interface TunnelAnswer {
  readonly head: ResponseHead;
  /** The socket is open: it is the tunnel, or the refusal was read and the request can be repeated on it. */
  readonly isOpen: boolean;
}

/** The maximum size of a refusal's body that is read to keep the connection, in bytes. */
const MAX_BODY = 64 * 1024;

/**
 * Sends CONNECT on a connection to a proxy. The socket is closed after a refusal whose body is too long or does not end
 * in time.
 *
 * @throws {TunnelError} if there is no answer; the socket is closed.
 */
export function openTunnel(
  socket: Socket,
  { head, maxHeaderSize, limit }: TunnelRequest,
  canceller: Canceller,
): Promise<TunnelAnswer> {
  return new Promise((resolve, reject) => {
    const reader = new AnswerReader(maxHeaderSize);
    const finish = (outcome: () => void) => {
      clearTimeout(timer);
      canceller.onCancel(undefined);
      socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
      // The listener made the socket flow; what follows is for its next reader.
      socket.pause();
      outcome();
    };
    const answered = (answer: ResponseHead, rest: Buffer | undefined) =>
      finish(() => {
        if (rest === undefined) socket.destroy();
        else if (rest.length > 0) socket.unshift(rest);
        resolve({ head: answer, isOpen: rest !== undefined });
      });
    const fail = (fault: TunnelFault, cause?: unknown) => {
      // A refusal whose body does not end is a refusal.
      if (reader.head && fault !== 'cancelled') return answered(reader.head, undefined);
      finish(() => {
        socket.destroy();
        reject(new TunnelError(fault, cause));
      });
    };
    const onData = (chunk: Buffer) => {
      if (!reader.head) timer?.refresh();
      try {
        const end = reader.read(chunk);
        if (end && reader.head) answered(reader.head, end.rest);
      } catch (error) {
        fail('invalid', error);
      }
    };
    const onEnd = () => fail('closed');
    const onError = (error: Error) => fail('broken', error);
    const timer = startLimit(limit, () => fail('timeout'));
    socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
    // The second request on a connection finds it paused.
    socket.resume();
    socket.write(head, 'latin1');
    canceller.onCancel(() => fail('cancelled'));
  });
}

/** Reads the head of an answer, and the body of a refusal. */
class AnswerReader {
  readonly #headReader: HeadReader;
  readonly #maxHeaderSize: number;
  head: ResponseHead | undefined;
  #body: BodyReader | undefined;
  #size = 0;

  constructor(maxHeaderSize: number) {
    this.#headReader = new HeadReader(maxHeaderSize);
    this.#maxHeaderSize = maxHeaderSize;
  }

  /** Returns the bytes behind the answer when it has ended; `rest` is undefined if the connection cannot be used. */
  read(chunk: Buffer): { readonly rest: Buffer | undefined } | undefined {
    if (this.#body) return this.#readBody(chunk, this.#body);
    this.head = this.#headReader.read(chunk);
    if (!this.head) return undefined;
    const { rest } = this.#headReader;
    if (isTunnel(this.head)) return { rest };
    this.#body = bodyReaderFor(this.head, false, this.#maxHeaderSize);
    if (!canStayOpen(this.head, this.#body) || (this.head.length ?? 0) > MAX_BODY) return { rest: undefined };
    return this.#readBody(rest, this.#body);
  }

  #readBody(chunk: Buffer, body: BodyReader): { readonly rest: Buffer | undefined } | undefined {
    this.#size += chunk.length;
    const end = body.read(chunk, () => {});
    // A proxy that sends more than its answer cannot be trusted with the next request.
    if (end >= 0) return { rest: end === chunk.length ? chunk.subarray(end) : undefined };
    return this.#size > MAX_BODY ? { rest: undefined } : undefined;
  }
}

export const isTunnel = ({ status }: ResponseHead): boolean => status >= 200 && status <= 299;
