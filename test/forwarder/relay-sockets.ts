// The sockets of a forwarder in this process, and what it keeps of a sender whose receiver does not read.
import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect } from 'vitest';
import { answerTo } from './raw-client.ts';

const BLOCK = Buffer.alloc(64 * 1024);
/** A sender that may send so much is not held back: the system keeps less for a connection. */
const ALL = 400 * 1024 * 1024;
/** The forwarder may keep so much of a connection: its streams have 64 KiB each, and a read takes as much. */
const KEPT = 512 * 1024;

/** Collects the sockets that this process opens and accepts. */
export class RelaySockets implements Disposable {
  readonly #sockets: Socket[] = [];
  readonly #onSocket = (message: unknown) => void this.#sockets.push((message as { socket: Socket }).socket);

  constructor() {
    for (const name of CHANNELS) diagnostics.subscribe(name, this.#onSocket);
  }

  /** The forwarder's side of a client's connection. */
  acceptedAt(port: number): Socket {
    return this.#sockets.find(({ localPort }) => localPort === port) as Socket;
  }

  /** The forwarder's connection to a server. */
  connectedTo(port: number): Socket {
    return this.#sockets.find(({ remotePort }) => remotePort === port) as Socket;
  }

  [Symbol.dispose](): void {
    for (const name of CHANNELS) diagnostics.unsubscribe(name, this.#onSocket);
  }
}

const CHANNELS = ['net.client.socket', 'net.server.socket'];

/** One direction: the sender, the forwarder's two sockets, and the receiver, which is paused. */
export interface Direction {
  readonly sender: Socket;
  readonly incoming: Socket;
  readonly outgoing: Socket;
  readonly receiver: Socket;
}

/** Sends until the forwarder pauses the sender; it keeps little then. Returns the number of bytes sent. */
export async function expectPaused({ sender, incoming, outgoing }: Direction, forwarderPort: number): Promise<number> {
  let isPaused = incoming.isPaused();
  const paused = new Promise<void>((resolve) => {
    if (isPaused) resolve();
    incoming.once('pause', resolve);
  }).then(() => {
    isPaused = true;
  });
  let sent = 0;
  for (; sent < ALL && !isPaused; sent += BLOCK.length) {
    if (!sender.write(BLOCK)) await Promise.race([once(sender, 'drain'), paused]);
  }
  expect(isPaused, 'the forwarder takes everything').toBe(true);
  const read = incoming.bytesRead;
  // The event loop has turned several times when others are answered.
  for (let i = 0; i < 5; i++)
    expect(await answerTo(forwarderPort, 'GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  expect(incoming.isPaused()).toBe(true);
  expect(incoming.bytesRead - read).toBeLessThan(KEPT);
  expect(outgoing.writableLength + incoming.readableLength).toBeLessThan(KEPT);
  return sent;
}

/** Lets the receiver read until it has received as many bytes. */
export async function expectRest({ receiver }: Direction, count: number): Promise<void> {
  // The client's own listener would join all of them.
  receiver.removeAllListeners('data').resume();
  while (receiver.bytesRead < count) await once(receiver, 'data');
}
