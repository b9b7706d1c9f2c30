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

  get code(): number {
    return this.#code;
  }

  get reason(): string {
    return this.#reason;
  }

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

  get error(): unknown {
    return this.#error;
  }

  get message(): string {
    return this.#error instanceof Error ? this.#error.message : '';
  }
}
