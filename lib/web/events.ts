/** Events of the WHATWG WebSocket class that not every supported Node has as globals. */

export interface CloseEventInit {
  readonly code?: number | undefined;
  readonly reason?: string | undefined;
  readonly wasClean?: boolean | undefined;
}

/** How a connection ended. Source: WHATWG WebSockets, "The CloseEvent interface". */
export class CloseEvent extends Event {
  readonly #code: number;
  readonly #reason: string;
  readonly #wasClean: boolean;

  constructor(type: string, init: CloseEventInit = {}) {
    super(type);
    this.#code = init.code ?? 0;
    this.#reason = init.reason ?? '';
    this.#wasClean = init.wasClean ?? false;
  }

  /** The peer's close status; 1005 if it gave none, 1006 if the connection ended without a close handshake. */
  get code(): number {
    return this.#code;
  }

  /** The reason that the peer gave. */
  get reason(): string {
    return this.#reason;
  }

  /** Whether both sides sent a close. */
  get wasClean(): boolean {
    return this.#wasClean;
  }
}

/**
 * A failure of the connection. The WHATWG event says nothing of why, so that a page cannot probe a network; `error` does,
 * since code in Node can.
 */
export class WebSocketErrorEvent extends Event {
  readonly #error: unknown;

  constructor(error: unknown) {
    super('error');
    this.#error = error;
  }

  /** What has failed. */
  get error(): unknown {
    return this.#error;
  }

  /** The error's message. */
  get message(): string {
    return this.#error instanceof Error ? this.#error.message : '';
  }
}
