/** A tunnel through a proxy, with as many requests and connections as the authentication takes. */
import type { Socket } from 'node:net';
import type { AuthOutcome } from '../../auth/session.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import type { Cancellation } from './cancellation.ts';
import { isTunnel, openTunnel, type TunnelAnswer, TunnelError } from './connect-request.ts';
import type { TunnelClient } from './tunnel-client.ts';

/** What a tunnel is opened with. */
interface TunnelParts {
  readonly socket: Socket;
  /** Opens a further connection to the proxy. */
  connect(): Promise<Socket>;
  readonly client: TunnelClient;
  readonly cancellation: Cancellation;
}

interface TunnelLimits {
  readonly maxHeaderSize: number;
  readonly limit: number;
  onAnswer(): void;
}

export class TunnelAttempt {
  readonly #parts: TunnelParts;
  readonly #limits: TunnelLimits;
  /** The current connection. */
  socket: Socket;

  constructor(parts: TunnelParts, limits: TunnelLimits) {
    this.#parts = parts;
    this.#limits = limits;
    this.socket = parts.socket;
  }

  /**
   * Returns the head of a refusal; undefined if the socket is the tunnel.
   *
   * @throws {TunnelError} without an answer; {AuthenticationError}.
   */
  async open(): Promise<ResponseHead | undefined> {
    const { client } = this.#parts;
    for (;;) {
      const answer = await this.#ask();
      if (answer && isTunnel(answer.head)) {
        await client.complete(answer.head);
        return undefined;
      }
      const outcome: AuthOutcome = answer ? await client.settle(answer.head) : 'again on a new connection';
      if (answer && outcome === 'final') {
        this.socket.destroy();
        return answer.head;
      }
      if (outcome === 'again' && answer?.isOpen) continue;
      // Between two legs a new connection does not help.
      if (outcome === 'again') client.closed(undefined);
      await this.#reconnect();
    }
  }

  /** Undefined: the proxy closed the connection without an answer, and a new one may help. */
  async #ask(): Promise<TunnelAnswer | undefined> {
    const { client, cancellation } = this.#parts;
    const { maxHeaderSize, limit, onAnswer } = this.#limits;
    const { socket } = this;
    cancellation.onCancel(() => socket.destroy());
    const head = await client.head(socket);
    if (cancellation.isCancelled) throw new TunnelError('cancelled');
    try {
      const answer = await openTunnel(socket, { head, maxHeaderSize, limit }, cancellation);
      onAnswer();
      return answer;
    } catch (error) {
      const isClosed = error instanceof TunnelError && (error.fault === 'closed' || error.fault === 'broken');
      if (isClosed && client.closed(error.cause) === 'again on a new connection') return undefined;
      throw error;
    }
  }

  async #reconnect(): Promise<void> {
    this.socket.destroy();
    if (this.#parts.cancellation.isCancelled) throw new TunnelError('cancelled');
    this.socket = await this.#parts.connect();
  }
}
