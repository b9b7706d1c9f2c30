/** Turns what `send` takes into buffers of the component's types; messages keep the order of their sends. */
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

const EXPECTED = 'a string, bytes, a Blob or an iterable of strings or bytes';

export class MessageSender {
  readonly #outbox: Outbox;
  readonly #listener: OutboxListener;
  readonly #connection: object;
  // Undefined until the bytes of a message are not at hand when it is sent.
  #turns: SendTurns | undefined;

  /** `connection` is who diagnostics name. */
  constructor(outbox: Outbox, listener: OutboxListener, connection: object) {
    this.#outbox = outbox;
    this.#listener = listener;
    this.#connection = connection;
  }

  /** Payload bytes of messages whose turn has not come, as far as it is known. */
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
    const full = this.#outbox.whyFull(this.#turns?.waitingCount, this.#turns?.waitingBytes);
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
    // It is not counted where it was refused.
    if (this.#outbox.partCount > before) {
      const isBinary = type === TypeBits.BINARY_MESSAGE || type === TypeBits.BINARY_FRAGMENT;
      messageSent.publish({ connection: this.#connection, data, isBinary, isFinal: (type & 1) === 0 });
    }
    return sent;
  }

  #sendInTurn(message: Sendable, options: SendOptions | undefined): Promise<void> {
    this.#turns ??= new SendTurns();
    // Bytes are copied before `send` returns, whenever their turn comes.
    const kept = isBytes(message) ? copyBytes(message, 'message') : message;
    return this.#turns.take<Exclude<Sendable, Blob>>(
      sizeOf(kept),
      () => (kept instanceof Blob ? kept.arrayBuffer() : kept),
      (data) =>
        typeof data === 'string' || isBytes(data) ? this.#sendWhole(data, options) : this.#sendFragments(data, options),
    );
  }

  /** Rejects every send that waits for its bytes or its turn. */
  fail(error: unknown): void {
    this.#turns?.fail(error);
  }

  /** Each element becomes a fragment; an empty last part ends the message, since none is known to be the last. */
  async #sendFragments(fragments: Fragments, options: SendOptions | undefined): Promise<void> {
    let isText: boolean | undefined;
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
      }
    } catch (error) {
      // The peer has the beginning of a message that will not end.
      if (isText !== undefined) this.#listener.broken(error);
      throw error;
    }
    return this.#hand(isText === false ? TypeBits.BINARY_MESSAGE : TypeBits.UTF8_MESSAGE, '');
  }
}

/** Of an iterable nothing is known. */
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
