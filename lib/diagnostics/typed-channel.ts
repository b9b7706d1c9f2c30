/** Channels of node:diagnostics_channel with typed messages. */
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

/** The part of a channel that a publisher uses. */
export interface TypedChannel<Message> {
  readonly hasSubscribers: boolean;
  /** An exception of a subscriber is thrown later and does not reach the publisher. */
  publish(message: Message): void;
}

/** Returns the channel with this name. */
export function typedChannel<Message>(name: string): TypedChannel<Message> {
  return channel(name);
}

/** Subscribes; the returned function unsubscribes. */
export function subscribeTo<Message>(name: string, listener: (message: Message) => void): () => void {
  const untyped = (message: unknown) => listener(message as Message);
  subscribe(name, untyped);
  return () => void unsubscribe(name, untyped);
}
