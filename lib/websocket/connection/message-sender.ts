/** Converts the arguments of `send` into buffers of the component's types; messages keep the order of their sends. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { abortErrorOf, refusalOfOptions, withSignal } from '../../abort-signal.ts';
import { copyBytes, isBytes, toUint8Array } from '../../bytes.ts';
import { messageSent } from '../../diagnostics/websocket-channels.ts';
import { invalidArgumentType } from '../../errors.ts';
import type { Sendable, SendableBytes, SendOptions } from './connection-types.ts';
import type { Outbox, OutboxListener } from './outbox.ts';
import { TypeBits } from './pump-block.ts';
import { SendTurns } from './send-turns.ts';

type Fragments = AsyncIterable<string | SendableBytes> | Iterable<string | SendableBytes>;

const SEND_OPTIONS = {
  names: ['signal', 'binary'],
  instead: { fin: 'an iterable of fragments', compress: 'no compression: the component has none' },
};

// Where the system takes each write at once, promises alone would keep the event loop from reading and from timers.
const FRAGMENTS_PER_TURN = 64;

const EXPECTED = 'a string (JSON.stringify an object), bytes, a Blob or an iterable of strings or bytes';

export class MessageSender {
  readonly #outbox: Outbox;
  readonly #listener: OutboxListener;
  readonly #connection: object;
  // Undefined until the bytes of a message have to be awaited.
  #turns: SendTurns | undefined;

  /** Diagnostics report `connection`. */
  constructor(outbox: Outbox, listener: OutboxListener, connection: object) {
    this.#outbox = outbox;
    this.#listener = listener;
    this.#connection = connection;
  }

  /** Known payload bytes of messages that wait for their turn. */
  get waitingBytes(): number {
    return this.#turns?.waitingBytes ?? 0;
  }

  send(message: Sendable, options: SendOptions | undefined): Promise<void> {
    try {
      return this.#send(message, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #send(message: Sendable, options: SendOptions | undefined): Promise<void> {
    const refusal = refusalOfOptions(options, SEND_OPTIONS);
    if (refusal !== undefined) return Promise.reject(refusal);
    const signal = options?.signal;
    const isAtHand = !this.#turns?.isBusy && (typeof message === 'string' || isBytes(message));
    if (isAtHand && !signal) return this.#sendWhole(message as string | SendableBytes, options);
    if (!isSendable(message)) return Promise.reject(invalidArgumentType('message', EXPECTED, message));
    const full = this.#outbox.queueFullError(this.#turns?.waitingCount, this.#turns?.waitingBytes);
    if (full !== undefined) return this.#outbox.refuse(full);
    const sent = isAtHand
      ? this.#sendWhole(message as string | SendableBytes, options)
      : this.#sendInTurn(message, options);
    return withSignal(sent, signal);
  }

  #sendWhole(message: string | SendableBytes, options: SendOptions | undefined): Promise<void> {
    if (typeof message === 'string') return this.#hand(TypeBits.UTF8_MESSAGE, message);
    const type = options?.binary === false ? TypeBits.UTF8_MESSAGE : TypeBits.BINARY_MESSAGE;
    return this.#hand(type, toUint8Array(message, 'message'));
  }

  #hand(type: number, data: string | Uint8Array): Promise<void> {
    if (!messageSent.hasSubscribers) return this.#outbox.send(type, data);
    const before = this.#outbox.partCount;
    const sent = this.#outbox.send(type, data);
    // Rejected messages do not count.
    if (this.#outbox.partCount > before) {
      const isBinary = type === TypeBits.BINARY_MESSAGE || type === TypeBits.BINARY_FRAGMENT;
      messageSent.publish({ connection: this.#connection, data, isBinary, isFinal: (type & 1) === 0 });
    }
    return sent;
  }

  #sendInTurn(message: Sendable, options: SendOptions | undefined): Promise<void> {
    this.#turns ??= new SendTurns();
    // Bytes are copied before `send` returns, even if they wait for their turn.
    const kept = isBytes(message) ? copyBytes(message, 'message') : message;
    return this.#turns.take<Exclude<Sendable, Blob>>(
      sizeOf(kept),
      () => (kept instanceof Blob ? kept.arrayBuffer() : kept),
      (data) =>
        typeof data === 'string' || isBytes(data) ? this.#sendWhole(data, options) : this.#sendFragments(data, options),
    );
  }

  /** Rejects all sends that wait for their bytes or their turn. */
  fail(error: unknown): void {
    this.#turns?.fail(error);
  }

  /** Sends each element as a fragment, then an empty last part, since the last element is not known in advance. */
  async #sendFragments(fragments: Fragments, options: SendOptions | undefined): Promise<void> {
    let isText: boolean | undefined;
    let count = 0;
    try {
      for await (const fragment of fragments) {
        if (options?.signal?.aborted) throw abortErrorOf(options.signal);
        const fragmentIsText = typeof fragment === 'string' || options?.binary === false;
        if (!(typeof fragment === 'string' || isBytes(fragment)) || fragmentIsText !== (isText ?? fragmentIsText)) {
          throw invalidArgumentType('message', 'fragments that are all strings or all bytes', fragment);
        }
        isText = fragmentIsText;
        const type = isText ? TypeBits.UTF8_FRAGMENT : TypeBits.BINARY_FRAGMENT;
        await this.#hand(type, typeof fragment === 'string' ? fragment : toUint8Array(fragment, 'message'));
        if (++count % FRAGMENTS_PER_TURN === 0) await nextTurn();
      }
    } catch (error) {
      // The peer has the start of a message that cannot be completed.
      if (isText !== undefined) this.#listener.onSendFailed(error);
      throw error;
    }
    return this.#hand(isText === false ? TypeBits.BINARY_MESSAGE : TypeBits.UTF8_MESSAGE, '');
  }
}

/** The size of an iterable is unknown. */
function sizeOf(message: Sendable): number {
  if (typeof message === 'string') return Buffer.byteLength(message);
  if (message instanceof Blob) return message.size;
  return isBytes(message) ? message.byteLength : 0;
}

function isSendable(value: unknown): boolean {
  if (typeof value === 'string' || isBytes(value) || value instanceof Blob) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}
