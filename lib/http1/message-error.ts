/** What is wrong with the bytes of a message. */
export type MessageFault =
  /** They do not follow the grammar of RFC 9112, or could be read in two ways. */
  | 'malformed'
  /** A head, or the trailer of a body, is larger than its limit. */
  | 'head-too-large'
  /** The line before a chunk is longer than its limit, or tells a size that no number holds. */
  | 'chunk-line-too-large';

/** A message that cannot be read. */
export class MessageError extends Error {
  readonly fault: MessageFault;

  constructor(fault: MessageFault, message: string) {
    super(message);
    this.name = 'MessageError';
    this.fault = fault;
  }
}

/** Shorthand for the most frequent fault. */
export const malformed = (message: string): MessageError => new MessageError('malformed', message);
