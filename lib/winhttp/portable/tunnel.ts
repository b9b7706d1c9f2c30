/** A tunnel through a proxy: CONNECT, and what a proxy may say to it. Source: RFC 9110 section 9.3.6. */
import type { Socket } from 'node:net';
import { HResult } from '../../hresult.ts';
import { HeadReader } from '../../http1/head-reader.ts';
import type { MessageError } from '../../http1/message-error.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import type { Cancellation } from './cancellation.ts';
import { startLimit } from './timeouts.ts';
import { codeOf, messageFailure, sendFailure, timedOut } from './transport-failure.ts';

/** How a proxy is asked for a tunnel. */
interface TunnelRequest {
  /** The whole head of the CONNECT request. */
  readonly head: string;
  /** Bytes that the head of the answer may have. */
  readonly maxHeaderSize: number;
  /** Milliseconds for each packet of the answer. */
  readonly limit: number;
}

/**
 * Asks for a tunnel on a connection to a proxy.
 *
 * @returns the head of the proxy's answer: with a status of 200 to 299 the socket is the tunnel now, else it is closed.
 */
export function openTunnel(
  socket: Socket,
  { head, maxHeaderSize, limit }: TunnelRequest,
  cancellation: Cancellation,
): Promise<ResponseHead> {
  return new Promise((resolve, reject) => {
    const reader = new HeadReader(maxHeaderSize);
    const finish = (outcome: () => void) => {
      clearTimeout(timer);
      cancellation.tell(undefined);
      socket.off('data', onData).off('end', onEnd).off('error', onError);
      outcome();
    };
    const fail = (error: Error) =>
      finish(() => {
        socket.destroy();
        reject(error);
      });
    const onData = (chunk: Buffer) => {
      timer?.refresh();
      try {
        const answer = reader.read(chunk);
        if (answer) finish(() => resolve(takeAnswer(socket, answer, reader.rest)));
      } catch (error) {
        fail(messageFailure(error as MessageError, 'the answer of the proxy: '));
      }
    };
    const onEnd = () =>
      fail(sendFailure(HResult.ERROR_WINHTTP_CONNECTION_ERROR, 'the proxy has closed the connection'));
    const onError = (error: Error) => fail(sendFailure(HResult.ERROR_WINHTTP_CONNECTION_ERROR, codeOf(error), error));
    const timer = startLimit(limit, () => fail(timedOut('the answer of the proxy', limit)));
    socket.on('data', onData).on('end', onEnd).on('error', onError);
    socket.write(head, 'latin1');
    cancellation.tell(() => fail(sendFailure(HResult.ERROR_WINHTTP_OPERATION_CANCELLED)));
  });
}

function takeAnswer(socket: Socket, answer: ResponseHead, rest: Buffer): ResponseHead {
  // The listener has set the socket flowing; what is inside the tunnel is for somebody else.
  socket.pause();
  if (!isTunnel(answer)) socket.destroy();
  else if (rest.length > 0) socket.unshift(rest);
  return answer;
}

export const isTunnel = ({ status }: ResponseHead): boolean => status >= 200 && status <= 299;
