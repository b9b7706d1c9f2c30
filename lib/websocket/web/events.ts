/** Events of the WHATWG WebSocket class that not every supported Node has as globals. */
import { defineInterface, requireArgument, toUnsignedShort, toUSVString } from './web-idl.ts';

/** What a CloseEvent is made of. Source: WHATWG WebSockets, "The CloseEvent interface". */
export interface CloseEventInit {
  readonly bubbles?: boolean;
  readonly cancelable?: boolean;
  readonly composed?: boolean;
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
    // biome-ignore lint/complexity/noArguments: no argument is an error, `undefined` is none, and `length` has to be 1
    requireArgument(arguments.length, 'CloseEvent');
    super(type, init);
    this.#code = toUnsignedShort(init.code ?? 0);
    this.#reason = toUSVString(init.reason ?? '');
    this.#wasClean = Boolean(init.wasClean);
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

  static {
    defineInterface(CloseEvent, 'CloseEvent');
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
