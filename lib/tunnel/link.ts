/** One socket that requests are sent on, in turn or, with HTTP/2, at once. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ProxyRoute } from '../proxy/types.ts';

export class Link {
  readonly socket: Socket;
  readonly route: ProxyRoute;
  readonly isAbsolute: boolean;
  readonly protocol: 'http/1.1' | 'h2';
  /** The number of requests that use it now. */
  uses = 0;
  /** Whether a request was sent on it before. */
  isReused = false;
  /** Called when the socket is closed, for each request on it. */
  readonly onClose = new Set<() => void>();
  /** Called when the socket is closed while the link is in a pool. */
  onGone: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, route: ProxyRoute, isAbsolute: boolean) {
    this.socket = socket;
    this.route = route;
    this.isAbsolute = isAbsolute;
    this.protocol = socket instanceof TLSSocket && socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1';
    socket.once('close', () => {
      this.#gone();
      for (const callback of this.onClose) callback();
    });
  }

  get isUsable(): boolean {
    const { destroyed, readable, writable } = this.socket;
    return !destroyed && readable && writable;
  }

  /** Waits for the next use, and does not keep the process alive. */
  enterIdle(limit: number): void {
    this.#timer = setTimeout(() => this.destroy(), limit).unref();
    this.socket.unref();
    this.socket.on('end', this.#drop);
    // The session of HTTP/2 reads on.
    if (this.protocol === 'h2') return;
    // Without a reader the end of the connection would not be noticed.
    if (this.socket.listenerCount('readable') > 0 || this.socket.listenerCount('data') > 0) return;
    this.socket.on('readable', this.#onReadable);
    this.#onReadable();
  }

  leaveIdle(): void {
    clearTimeout(this.#timer);
    this.socket.off('end', this.#drop).off('readable', this.#onReadable).ref();
  }

  destroy(error?: Error): void {
    this.#gone();
    // undici reads the error when the session is closed after its socket; without one it throws an uncaught TypeError.
    this.socket.destroy(error ?? (this.protocol === 'h2' ? new Error('The connection was closed') : undefined));
  }

  readonly #onReadable = (): void => {
    if (this.socket.read() !== null) this.destroy();
  };

  /** A peer that sends bytes without a request cannot be trusted with the next one. */
  readonly #drop = (): void => this.destroy();

  #gone(): void {
    clearTimeout(this.#timer);
    this.onGone?.();
    this.onGone = undefined;
  }
}
