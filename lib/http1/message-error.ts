/** Why a message is invalid. */
export type MessageFault =
  /** Violates the grammar of RFC 9112, or is ambiguous. */
  | 'malformed'
  /** A head, or the trailer of a body, exceeds its limit. */
  | 'head-too-large'
  /** The line before a chunk exceeds its limit, or its size is not a valid number. */
  | 'chunk-line-too-large';

/** Reports an invalid message. */
export class MessageError extends Error {
  readonly fault: MessageFault;

  constructor(fault: MessageFault, message: string) {
    super(message);
    this.name = 'MessageError';
    this.fault = fault;
  }
}

/** Creates the most frequent error. */
export const malformed = (message: string): MessageError => new MessageError('malformed', message);
