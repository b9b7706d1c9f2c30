// A raw peer in either role: it writes any bytes, and reads frames.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export const Opcode = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 } as const;

interface Frame {
  fin: boolean;
  rsv: number;
  opcode: number;
  payload: Buffer;
}

interface FrameOptions {
  fin?: boolean;
  rsv?: number;
  /** Undefined: not masked, an error of a client. */
  key?: Buffer | undefined;
  /** Encodes the length in 16 or 64 bits, needed or not. */
  lengthBits?: 16 | 64;
}

const MASK_KEY = Buffer.from('37fa213d', 'hex');

const unmaskedForms = new WeakMap<Uint8Array, () => Buffer>();

/** Returns the bytes of one frame of a client (RFC 6455, 5.2). */
export function frame(opcode: number, payload: string | Uint8Array = '', options: FrameOptions = {}): Buffer {
  const data = Buffer.from(payload as string);
  const key = 'key' in options ? options.key : MASK_KEY;
  const bytes = encode(opcode, data, { ...options, key });
  unmaskedForms.set(bytes, () => encode(opcode, data, { ...options, key: undefined }));
  return bytes;
}

/** Returns the same frame as a server writes it; other bytes stay unchanged. */
export const ofServer = (bytes: Uint8Array): Uint8Array => unmaskedForms.get(bytes)?.() ?? bytes;

/** Returns a frame without its last bytes, in either form. */
export function withoutEnd(bytes: Uint8Array, size: number): Uint8Array {
  const start = bytes.subarray(0, bytes.length - size);
  const unmasked = unmaskedForms.get(bytes);
  if (unmasked) unmaskedForms.set(start, () => unmasked().subarray(0, -size));
  return start;
}

function encode(opcode: number, data: Buffer, { fin = true, rsv = 0, key, lengthBits }: FrameOptions): Buffer {
  const head = Buffer.concat([Buffer.of((fin ? 0x80 : 0) | (rsv << 4) | opcode), lengthField(data.length, lengthBits)]);
  if (!key) return Buffer.concat([head, data]);
  head[1] = (head[1] as number) | 0x80;
  return Buffer.concat([head, key, masked(data, key)]);
}

function masked(data: Buffer, key: Buffer): Buffer {
  const bytes = Buffer.from(data);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] as number) ^ (key[i & 3] as number);
  return bytes;
}

function lengthField(length: number, bits: 16 | 64 | undefined): Buffer {
  if (bits === 64 || length > 0xffff) {
    const field = Buffer.alloc(9, 127);
    field.writeBigUInt64BE(BigInt(length), 1);
    return field;
  }
  if (bits === 16 || length > 125) return Buffer.of(126, length >> 8, length & 0xff);
  return Buffer.of(length);
}

export const text = (data: string | Uint8Array, options?: FrameOptions) => frame(Opcode.TEXT, data, options);
export const binary = (data: string | Uint8Array, options?: FrameOptions) => frame(Opcode.BINARY, data, options);
export const more = (data: string | Uint8Array = '', options?: FrameOptions) =>
  frame(Opcode.CONTINUATION, data, options);
export const ping = (data: string | Uint8Array = '', options?: FrameOptions) => frame(Opcode.PING, data, options);
export const pong = (data: string | Uint8Array = '', options?: FrameOptions) => frame(Opcode.PONG, data, options);

/** Returns a close frame with a status and reason, or with any payload. */
export function close(status?: number | Uint8Array, reason: string | Uint8Array = ''): Buffer {
  if (typeof status !== 'number') return frame(Opcode.CLOSE, status ?? '');
  return frame(Opcode.CLOSE, Buffer.concat([Buffer.of(status >> 8, status & 0xff), Buffer.from(reason as string)]));
}

/** Splits a message into frames of at most `size` bytes. */
export function fragmented(opcode: number, payload: Buffer, size: number): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at === 0 || at < payload.length; at += size) {
    const fin = at + size >= payload.length;
    frames.push(frame(at === 0 ? opcode : Opcode.CONTINUATION, payload.subarray(at, at + size), { fin }));
  }
  return frames;
}

/** The Sec-WebSocket-Accept for a key (RFC 6455, 4.2.2). */
export const acceptOf = (key: string) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** The request of a client's opening handshake. */
export function handshake(headers: readonly string[] = []): Buffer {
  const lines = [
    'GET / HTTP/1.1',
    'Host: localhost',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${KEY}`,
    'Sec-WebSocket-Version: 13',
    ...headers,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}

/** Returns the response to a request with this head. */
export function handshakeAnswer(head: string): Buffer {
  const key = /^Sec-WebSocket-Key: *(\S+)/im.exec(head)?.[1] ?? '';
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptOf(key)}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}

export class RawPeer {
  readonly socket: Socket;
  readonly #role: 'client' | 'server';
  #chunks: Buffer[] = [];
  #length = 0;
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket, role: 'client' | 'server') {
    this.socket = socket;
    this.#role = role;
    socket.on('data', (chunk) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#wake();
    });
    // A server may reset the connection of a faulty peer; tests treat this as its end.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#end());
    socket.on('end', () => this.#end());
  }

  /** Connects and performs the opening handshake. */
  static async open(port: number, headers: readonly string[] = []): Promise<RawPeer> {
    const client = await RawPeer.connect(port);
    client.write(handshake(headers));
    const head = await client.readHead();
    if (!head.startsWith('HTTP/1.1 101 ') || !head.includes(acceptOf(KEY))) throw new Error(`no handshake: ${head}`);
    return client;
  }

  /** Answers the opening handshake of a client. */
  static async accept(socket: Socket): Promise<RawPeer> {
    const server = new RawPeer(socket, 'server');
    server.write(handshakeAnswer(await server.readHead()));
    return server;
  }

  /** Connects without a handshake. */
  static async connect(port: number): Promise<RawPeer> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawPeer(socket, 'client');
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Ends this side of the TCP connection. */
  end(): void {
    this.socket.end();
  }

  /** Writes piece by piece, each in a separate turn after the previous one was accepted. */
  async writePieces(pieces: Iterable<Uint8Array>): Promise<void> {
    for (const piece of pieces) {
      if (this.#ended) return;
      await new Promise<void>((resolve) => this.socket.write(piece, () => resolve()));
    }
  }

  /** Reads the head of an HTTP response. */
  async readHead(): Promise<string> {
    for (;;) {
      const all = Buffer.concat(this.#chunks);
      const end = all.indexOf('\r\n\r\n');
      if (end >= 0) return (await this.#take(end + 4))?.toString('latin1') ?? '';
      if (!(await this.#more())) return all.toString('latin1');
    }
  }

  /** Reads the next frame; undefined at the end of the stream. */
  async readFrame(): Promise<Frame | undefined> {
    const head = await this.#take(2);
    if (!head) return undefined;
    const [first = 0, second = 0] = head;
    if (second >= 0x80 !== (this.#role === 'server')) throw new Error('a client must mask, a server must not');
    const length = await this.#readLength(second & 0x7f);
    const key = this.#role === 'server' ? await this.#take(4) : undefined;
    const bytes = await this.#take(length);
    const payload = bytes && key ? masked(bytes, key) : bytes;
    return payload && { fin: (first & 0x80) !== 0, rsv: (first >> 4) & 7, opcode: first & 15, payload };
  }

  /** Resolves when the other side has ended the TCP connection; discards everything else. */
  async readToEnd(): Promise<void> {
    while (await this.#more());
  }

  destroy(): void {
    this.socket.destroy();
  }

  async #readLength(second: number): Promise<number> {
    if (second < 126) return second;
    const field = (await this.#take(second === 126 ? 2 : 8)) ?? Buffer.alloc(8);
    return second === 126 ? field.readUInt16BE() : Number(field.readBigUInt64BE());
  }

  async #take(length: number): Promise<Buffer | undefined> {
    while (this.#length < length) if (!(await this.#more())) return undefined;
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = all.length === length ? [] : [all.subarray(length)];
    this.#length -= length;
    return all.subarray(0, length);
  }

  /** Waits for more bytes; returns false at the end. */
  async #more(): Promise<boolean> {
    if (this.#ended) return false;
    const before = this.#length;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    return this.#length > before || !this.#ended;
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
  }
}
