/** A tunnel through a proxy: CONNECT, and what a proxy may say to it. Source: RFC 9110 section 9.3.6. */
import type { Socket } from 'node:net';
import { Code } from '../../winhttp-hresults.ts';
import { withoutBlanks } from '../response-headers.ts';
import type { Cancellation } from './cancellation.ts';
import { ResponseHead } from './headers.ts';
import { startLimit } from './timeouts.ts';
import { codeOf, sendFailure, timedOut } from './transport-failure.ts';

// A head that does not end before this many bytes is no head.
const MAX_HEAD = 64 * 1024;

/**
 * Asks for a tunnel on a connection to a proxy.
 *
 * @returns the head of the proxy's answer: with a status of 200 to 299 the socket is the tunnel now, else it is closed.
 */
export function openTunnel(
  socket: Socket,
  head: string,
  limit: number,
  cancellation: Cancellation,
): Promise<ResponseHead> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
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
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0 && received.length <= MAX_HEAD) return;
      const answer = end < 0 ? undefined : readHead(received.toString('latin1', 0, end));
      if (answer) finish(() => resolve(takeAnswer(socket, answer)));
      else fail(sendFailure(Code.ERROR_WINHTTP_INVALID_SERVER_RESPONSE, 'the answer of the proxy'));
    };
    const onEnd = () => fail(sendFailure(Code.ERROR_WINHTTP_CONNECTION_ERROR, 'the proxy has closed the connection'));
    const onError = (error: Error) => fail(sendFailure(Code.ERROR_WINHTTP_CONNECTION_ERROR, codeOf(error), error));
    const timer = startLimit(limit, () => fail(timedOut('the answer of the proxy', limit)));
    cancellation.tell(() => fail(sendFailure(Code.ERROR_WINHTTP_OPERATION_CANCELLED)));
    socket.on('data', onData).on('end', onEnd).on('error', onError);
    socket.write(head, 'latin1');
  });
}

function takeAnswer(socket: Socket, answer: ResponseHead): ResponseHead {
  // The listener has set the socket flowing; what is inside the tunnel is for somebody else.
  socket.pause();
  if (!isTunnel(answer)) socket.destroy();
  return answer;
}

export const isTunnel = ({ status }: ResponseHead): boolean => status >= 200 && status <= 299;

function readHead(text: string): ResponseHead | undefined {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const [, status, phrase] = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(statusLine) ?? [];
  if (status === undefined) return undefined;
  const raw = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), withoutBlanks(line.slice(colon + 1))].map((part) => Buffer.from(part, 'latin1'));
  });
  return new ResponseHead(Number(status), phrase ?? '', raw);
}
