/** Channels of node:diagnostics_channel whose messages have a type. */
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

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

/** Subscribes; the result ends that. */
export function subscribeTo<Message>(name: string, listener: (message: Message) => void): () => void {
  const untyped = (message: unknown) => listener(message as Message);
  subscribe(name, untyped);
  return () => void unsubscribe(name, untyped);
}
