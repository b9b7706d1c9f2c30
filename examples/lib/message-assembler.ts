// Assembles the parts that the receive queue indicates, within a limit, and checks text as it arrives.
import { BufferType, CloseStatus } from 'winwire/sys';

/** An error of the peer, with the status of the Close that answers it. */
export class PeerFault extends Error {
  override readonly name = 'PeerFault';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/**
 * Assembles one message at a time. Text is decoded part by part, so that invalid UTF-8 is reported at the first wrong
 * byte, as RFC 6455 (8.1) allows and strict peers expect, and not at the end of the message.
 */
export class MessageAssembler {
  readonly #limit: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #size = 0;
  #text = '';
  #binary: Buffer[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Returns the whole message after its last part. Throws a {@link PeerFault}. */
  add(bufferType: number, data: Buffer): string | Buffer | undefined {
    this.#size += data.length;
    if (this.#size > this.#limit) {
      throw new PeerFault(CloseStatus.MESSAGE_TOO_BIG, `a message is longer than ${this.#limit} bytes`);
    }
    switch (bufferType) {
      case BufferType.UTF8_FRAGMENT:
        this.#text += this.#decode(data, true);
        return undefined;
      case BufferType.UTF8_MESSAGE:
        return this.#take(this.#text + this.#decode(data, false));
      case BufferType.BINARY_FRAGMENT:
        this.#binary.push(data);
        return undefined;
      case BufferType.BINARY_MESSAGE:
        return this.#take(this.#binary.length === 0 ? data : Buffer.concat([...this.#binary, data]));
      default:
        throw new PeerFault(CloseStatus.SERVER_ERROR, `a part of the unknown type ${bufferType}`);
    }
  }

  #decode(data: Buffer, stream: boolean): string {
    try {
      return this.#decoder.decode(data, { stream });
    } catch (cause) {
      throw new PeerFault(CloseStatus.INVALID_PAYLOAD, 'a text message is not UTF-8', { cause });
    }
  }

  #take<T>(message: T): T {
    this.#size = 0;
    this.#text = '';
    this.#binary = [];
    return message;
  }
}
