// Subscribes to channels for the duration of a test, and records their messages in order.
import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';

export class Subscriptions implements Disposable {
  /** Channel (without `winwire:`) and message, in order. */
  readonly told: (readonly [channel: string, message: Record<string, unknown>])[] = [];
  readonly #ends: (() => void)[] = [];

  /** Subscribes to `winwire:` and each of these names. */
  constructor(...names: string[]) {
    for (const name of names) this.on(name, (message) => this.told.push([name, message as Record<string, unknown>]));
  }

  on(name: string, listener: (message: unknown) => void): this {
    subscribe(`winwire:${name}`, listener);
    this.#ends.push(() => unsubscribe(`winwire:${name}`, listener));
    return this;
  }

  /** Subscribes to the five channels of a TracingChannel. */
  trace(name: string): this {
    const tell = (step: string) => (message: object) =>
      void this.told.push([`${name}:${step}`, message as Record<string, unknown>]);
    const subscribers = {
      start: tell('start'),
      end: tell('end'),
      asyncStart: tell('asyncStart'),
      asyncEnd: tell('asyncEnd'),
      error: tell('error'),
    };
    const channel = tracingChannel(`winwire:${name}`);
    channel.subscribe(subscribers);
    this.#ends.push(() => channel.unsubscribe(subscribers));
    return this;
  }

  /** Returns the messages of one channel. */
  of<Message = Record<string, unknown>>(name: string): Message[] {
    return this.told.filter(([channel]) => channel === name).map(([, message]) => message as Message);
  }

  [Symbol.dispose](): void {
    for (const end of this.#ends.splice(0)) end();
  }
}
