/**
 * Between undici and a socket: what undici would refuse to write (HTTP/1.0, the caller's own Connection header, header
 * names in the caller's spelling) or to read (heads whose lines end in a mere LF, 100 Continue), and the arrival of each
 * packet, which the limit for receiving is about.
 */
import type { Socket } from 'node:net';

const LF = 10;
const CR = 13;
// "HTTP/1.1 1..": where the status begins in a status line, and what an interim one begins with.
const STATUS_AT = 9;
const ONE = 0x31;
// Source: Microsoft, WinHttpReceiveResponse: interim responses are skipped, up to ten.
const MAX_INTERIM = 10;
const NOTHING = Buffer.alloc(0);

type Write = (chunk: string | Uint8Array, encoding?: BufferEncoding) => boolean;
type Push = (chunk: Buffer | null, encoding?: BufferEncoding) => boolean;

/** A socket whose `write` and `push` are looked after. One exchange at a time uses it. */
export class Wire {
  readonly socket: Socket;
  readonly #maxHeaderSize: number;
  /** Bytes that have come since `begin`. */
  received = 0;
  #head: string | undefined;
  #onPacket: (() => void) | undefined;
  /** Whether the next bytes belong to the head of a response, and what is held back of it. */
  #inHead = false;
  #held: Buffer = NOTHING;
  #interim = 0;

  constructor(socket: Socket, maxHeaderSize: number) {
    this.socket = socket;
    this.#maxHeaderSize = maxHeaderSize;
    const write = socket.write.bind(socket) as Write;
    const push = socket.push.bind(socket) as Push;
    socket.write = ((chunk: string | Uint8Array, encoding?: BufferEncoding) =>
      this.#head === undefined ? write(chunk, encoding) : write(this.#takeHead(chunk), 'latin1')) as Socket['write'];
    socket.push = (chunk: Buffer | null, encoding?: BufferEncoding) =>
      chunk === null ? push(null) : push(this.#packet(chunk), encoding);
  }

  /** A new exchange: `head` goes out in the place of what undici writes first. */
  begin(head: string, onPacket: () => void): void {
    this.#head = head;
    this.#onPacket = onPacket;
    this.received = 0;
    this.#inHead = true;
    this.#held = NOTHING;
    this.#interim = 0;
  }

  /** The exchange is over. */
  end(): void {
    this.#head = undefined;
    this.#onPacket = undefined;
    this.#inHead = false;
  }

  #takeHead(chunk: string | Uint8Array): string {
    const head = this.#head as string;
    this.#head = undefined;
    if (typeof chunk !== 'string' || !chunk.endsWith('\r\n\r\n')) throw new Error('undici did not write a whole head');
    return head;
  }

  #packet(chunk: Buffer): Buffer {
    this.received += chunk.length;
    this.#onPacket?.();
    return this.#inHead ? this.#readable(chunk) : chunk;
  }

  /** Bytes from the start of a head on, as undici's parser can read them; what is incomplete is held back. */
  #readable(chunk: Buffer): Buffer {
    let bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = NOTHING;
    for (;;) {
      const lineEnd = bytes.indexOf(LF);
      if (lineEnd < 0) return this.#hold(bytes);
      const isInterim = bytes[STATUS_AT] === ONE && !isSwitch(bytes);
      if (!isInterim && bytes[lineEnd - 1] === CR) return this.#release(bytes);
      const end = endOfHead(bytes);
      if (end < 0) return this.#hold(bytes);
      if (!isInterim) return this.#release(withCrLf(bytes, end));
      if (++this.#interim > MAX_INTERIM) return this.#release(bytes);
      bytes = bytes.subarray(end);
    }
  }

  #hold(bytes: Buffer): Buffer {
    // Too much to be a head: undici will say so.
    if (bytes.length > this.#maxHeaderSize) return this.#release(bytes);
    this.#held = bytes;
    return NOTHING;
  }

  #release(bytes: Buffer): Buffer {
    this.#inHead = false;
    return bytes;
  }
}

/** 101 answers an Upgrade and is final. */
const isSwitch = (bytes: Buffer): boolean => bytes.toString('latin1', STATUS_AT, STATUS_AT + 3) === '101';

/** Where the empty line of a head ends, in either spelling; negative if it is not there. */
function endOfHead(bytes: Buffer): number {
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

function withCrLf(bytes: Buffer, end: number): Buffer {
  const head = bytes.toString('latin1', 0, end).replace(/\r?\n/g, '\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes.subarray(end)]);
}
