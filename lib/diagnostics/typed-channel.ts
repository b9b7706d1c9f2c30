/** Channels of node:diagnostics_channel whose messages have a type. */
import { channel } from 'node:diagnostics_channel';

/** What a publisher needs of a channel. */
export interface TypedChannel<Message> {
  readonly hasSubscribers: boolean;
  /** What a subscriber throws is thrown later, on its own: it does not reach the publisher. */
  publish(message: Message): void;
}

/** The channel of that name, as node:diagnostics_channel has it. */
export function typedChannel<Message>(name: string): TypedChannel<Message> {
  return channel(name);
}
