/** Events of the WHATWG WebSocket class that are not globals in every supported Node.js. */
import { defineInterface, requireArgument, toUnsignedShort, toUSVString } from './web-idl.ts';

/** The fields of a CloseEvent. Source: WHATWG WebSockets, "The CloseEvent interface". */
export interface CloseEventInit {
  readonly bubbles?: boolean;
  readonly cancelable?: boolean;
  readonly composed?: boolean;
  readonly code?: number | undefined;
  readonly reason?: string | undefined;
  readonly wasClean?: boolean | undefined;
}

/** Reports how a connection ended. Source: WHATWG WebSockets, "The CloseEvent interface". */
export class CloseEvent extends Event {
  readonly #code: number;
  readonly #reason: string;
  readonly #wasClean: boolean;

  constructor(type: string, init: CloseEventInit = {}) {
    // biome-ignore lint/complexity/noArguments: a missing argument is an error, `undefined` is not, and `length` must be 1
    requireArgument(arguments.length, 'CloseEvent');
    super(type, init);
    this.#code = toUnsignedShort(init.code ?? 0);
    this.#reason = toUSVString(init.reason ?? '');
    this.#wasClean = Boolean(init.wasClean);
  }

  /** The peer's close status; 1005 if it had none, 1006 if there was no close handshake. */
  get code(): number {
    return this.#code;
  }

  /** The peer's reason. */
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
 * A failure of the connection. The WHATWG event gives no reason, so that pages cannot probe a network; `error` gives
 * it.
 */
export class WebSocketErrorEvent extends Event {
  readonly #error: unknown;

  constructor(error: unknown) {
    super('error');
    this.#error = error;
  }

  /** The error that ended the connection. */
  get error(): unknown {
    return this.#error;
  }

  /** The error's message. */
  get message(): string {
    return this.#error instanceof Error ? this.#error.message : '';
  }
}
