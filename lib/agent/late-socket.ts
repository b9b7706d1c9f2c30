/** A socket that node:http gets at once, and that is joined with its connection when that is open. */
import { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ProxyRoute } from '../proxy/types.ts';

/** Changes the head of a request, which is the first thing that is written for it. */
export type HeadWriter = (head: string) => string | Promise<string>;

type Callback = (error?: Error | null) => void;

/** A write that waits for the connection. */
interface Pending {
  readonly chunk: Buffer | string;
  readonly encoding: BufferEncoding;
  readonly callback: Callback;
}

export class LateSocket extends Socket {
  /** As of a TLSSocket: clients look at it. */
  readonly encrypted: true | undefined;
  /** How the connection goes, once it is open. */
  route: ProxyRoute | undefined;
  /** Whether it is closed when it is free. */
  isForOneRequest = false;
  #connection: Socket | undefined;
  #headWriter: HeadWriter | undefined;
  /** The next write begins the head of a request. */
  #isAtHead = true;
  #pending: Pending | undefined;
  #pendingEnd: Callback | undefined;
  #isReferenced = true;
  #keepAlive: readonly [enable?: boolean, delay?: number] | undefined;
  readonly #onDestroy: () => void;

  /** `onDestroy` ends the attempt to open the connection. */
  constructor(isSecure: boolean, onDestroy: () => void) {
    super();
    this.#setConnecting(true);
    if (isSecure) this.encrypted = true;
    this.#onDestroy = onDestroy;
    // node:http emits it between two requests.
    this.on('free', () => {
      this.#isAtHead = true;
      if (this.isForOneRequest) this.destroy();
    });
  }

  /** The open connection. */
  get connection(): Socket | undefined {
    return this.#connection;
  }

  /** Joins the socket with its connection. */
  join(connection: Socket, headWriter: HeadWriter | undefined): void {
    if (this.destroyed) return void connection.destroy();
    this.#connection = connection;
    this.#headWriter = headWriter;
    connection.on('data', (chunk: Buffer) => {
      this.#refreshTimeout();
      if (!this.push(chunk)) connection.pause();
    });
    connection.on('end', () => this.push(null));
    connection.on('error', (error) => this.destroy(error));
    connection.on('close', () => this.destroy());
    if (!this.#isReferenced) connection.unref();
    if (this.#keepAlive) connection.setKeepAlive(...this.#keepAlive);
    this.#setConnecting(false);
    this.emit('connect');
    this.emit('ready');
    if (this.encrypted) this.emit('secureConnect');
    this.#flush();
    // Its authentication has paused it.
    connection.resume();
  }

  #flush(): void {
    const { chunk, encoding, callback } = this.#pending ?? {};
    this.#pending = undefined;
    if (callback) this._write(chunk as Buffer | string, encoding as BufferEncoding, callback);
    const end = this.#pendingEnd;
    this.#pendingEnd = undefined;
    if (end) this._final(end);
  }

  override _read(): void {
    this.#connection?.resume();
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, callback: Callback): void {
    const connection = this.#connection;
    if (!connection) {
      this.#pending = { chunk, encoding, callback };
      return;
    }
    this.#refreshTimeout();
    const isHead = this.#isAtHead;
    this.#isAtHead = false;
    if (!isHead || !this.#headWriter) {
      send(connection, chunk, encoding, callback);
      return;
    }
    const head = typeof chunk === 'string' ? chunk : chunk.toString('latin1');
    const write = (text: string) => send(connection, text, 'latin1', callback);
    const changed = this.#headWriter(head);
    if (typeof changed === 'string') write(changed);
    else changed.then(write, callback);
  }

  override _writev(chunks: readonly { chunk: Buffer; encoding: BufferEncoding }[], callback: Callback): void {
    let index = 0;
    const next = (error?: Error | null): void => {
      let failed = error;
      while (!failed && index < chunks.length) {
        const { chunk, encoding } = chunks[index++] as (typeof chunks)[number];
        let isWritten: boolean | undefined = false;
        this._write(chunk, encoding, (fault) => {
          failed = fault;
          // Undefined: the loop has ended.
          if (isWritten === undefined) next(fault);
          else isWritten = true;
        });
        if (isWritten) continue;
        isWritten = undefined;
        return;
      }
      callback(failed);
    };
    next();
  }

  override _final(callback: Callback): void {
    if (this.connecting) this.#pendingEnd = callback;
    else if (this.#connection) this.#connection.end(() => callback());
    else callback();
  }

  override _destroy(error: Error | null, callback: Callback): void {
    this.#setConnecting(false);
    this.#onDestroy();
    this.#connection?.destroy();
    callback(error);
    // A socket of node:net emits it itself, when its handle is closed.
    process.nextTick(() => this.emit('close', error !== null));
  }

  override ref(): this {
    this.#isReferenced = true;
    this.#connection?.ref();
    return this;
  }

  override unref(): this {
    this.#isReferenced = false;
    this.#connection?.unref();
    return this;
  }

  override setKeepAlive(enable?: boolean, delay?: number): this {
    this.#keepAlive = [enable, delay];
    this.#connection?.setKeepAlive(enable, delay);
    return this;
  }

  override setNoDelay(noDelay?: boolean): this {
    this.#connection?.setNoDelay(noDelay);
    return this;
  }

  override resetAndDestroy(): this {
    this.#connection?.resetAndDestroy();
    return this.destroy();
  }

  #setConnecting(isConnecting: boolean): void {
    (this as { connecting: boolean }).connecting = isConnecting;
  }

  // node:net restarts the time-out of a socket with a handle only.
  #refreshTimeout(): void {
    (this as unknown as { _unrefTimer?(): void })._unrefTimer?.();
  }
}

function send(connection: Socket, chunk: Buffer | string, encoding: BufferEncoding, callback: Callback): void {
  if (connection.write(chunk, encoding)) callback();
  else waitForDrain(connection, callback);
}

function waitForDrain(connection: Socket, callback: Callback): void {
  const finish = () => {
    connection.off('drain', finish).off('close', finish);
    callback();
  };
  connection.on('drain', finish).on('close', finish);
}

/** What the connection knows. */
const PROPERTIES = [
  ...['remoteAddress', 'remoteFamily', 'remotePort', 'localAddress', 'localFamily', 'localPort'],
  ...['bytesRead', 'bytesWritten', 'authorized', 'authorizationError', 'alpnProtocol', 'servername'],
];
const METHODS = [
  ...['address', 'getCertificate', 'getCipher', 'getEphemeralKeyInfo', 'getFinished', 'getPeerCertificate'],
  ...['getPeerFinished', 'getPeerX509Certificate', 'getProtocol', 'getSession', 'getSharedSigalgs'],
  ...['getTLSTicket', 'getX509Certificate', 'isSessionReused', 'exportKeyingMaterial'],
] as const;

for (const name of PROPERTIES) {
  Object.defineProperty(LateSocket.prototype, name, {
    configurable: true,
    get(this: LateSocket) {
      return (this.connection as unknown as Record<string, unknown> | undefined)?.[name];
    },
    // The constructor of Bun's Socket assigns some.
    set() {},
  });
}
for (const name of METHODS) {
  Object.defineProperty(LateSocket.prototype, name, {
    configurable: true,
    writable: true,
    value(this: LateSocket, ...args: unknown[]) {
      const connection = this.connection as unknown as
        | Partial<Record<string, (...args: unknown[]) => unknown>>
        | undefined;
      return connection?.[name]?.(...args);
    },
  });
}
Object.defineProperty(LateSocket.prototype, 'pending', {
  configurable: true,
  get(this: LateSocket) {
    return this.connecting;
  },
});

/** The methods of a TLS connection, which a LateSocket has for a secure request. */
export type LateTlsSocket = LateSocket & TLSSocket;
