/** Makes the requests for a tunnel through a proxy. */
import type { Socket } from 'node:net';
import type { AuthOutcome } from '../../auth/session.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import type { AuthenticationState } from './authentication-state.ts';
import type { RequestUrl } from './url.ts';

export interface TunnelClient {
  /** Returns the head of the next request, on this connection. */
  head(socket: Socket): Promise<string>;
  /** Processes a refusal. */
  settle(answer: ResponseHead): Promise<AuthOutcome>;
  /** Processes the answer with which the tunnel begins. */
  complete(answer: ResponseHead): Promise<void>;
  /** Decides after a connection that was closed without an answer. */
  closed(cause: unknown): AuthOutcome;
}

export function tunnelClientOf(
  authentication: AuthenticationState,
  { authority, secure }: RequestUrl,
  userAgent: string,
): TunnelClient {
  const target = `${authority}${/:\d+$/.test(authority) ? '' : secure ? ':443' : ':80'}`;
  const lines = `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\nUser-Agent: ${userAgent}\r\nProxy-Connection: Keep-Alive\r\n`;
  return {
    head: async (socket) => {
      authentication.tunnel?.useConnection(socket);
      const answer = await authentication.tunnel?.header({ method: 'CONNECT', target });
      return answer === undefined ? `${lines}\r\n` : `${lines}Proxy-Authorization: ${answer}\r\n\r\n`;
    },
    settle: (answer) => authentication.settleTunnel(answer),
    complete: async (answer) => authentication.tunnel?.complete(answer),
    closed: (cause) => authentication.tunnel?.closed(cause) ?? 'final',
  };
}
