// The receiving ends of both libraries without a network: chunks in, messages out.
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { Duplex } from 'node:stream';
import { WebSocketConnection } from 'winwire';

const { Receiver, Sender } = createRequire(import.meta.url)('ws') as typeof import('ws') & {
  Receiver: new (options: object) => NodeJS.WritableStream & NodeJS.EventEmitter;
  Sender: { frame(data: Buffer, options: object): Buffer[] };
};

/** Processes chunks of network bytes and counts messages. */
export interface MessageSource {
  feed(chunk: Buffer): void;
  readonly count: number;
}

const REQUEST = {
  method: 'GET',
  rawHeaders: [
    ['Host', 'localhost'],
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ].flat(),
} as IncomingMessage;

/** A transport that accepts everything and emits data on demand. */
function openTransport(): Duplex {
  return new Duplex({ read() {}, write: (_chunk, _encoding, callback) => callback() });
}

export async function winwireServer(): Promise<MessageSource> {
  const transport = openTransport();
  const connection = await WebSocketConnection.accept(REQUEST, transport, Buffer.alloc(0), {
    keepAlive: false,
    limits: { messageSize: Number.POSITIVE_INFINITY },
  });
  let count = 0;
  connection.on('message', (message) => {
    count += message.length >= 0 ? 1 : 0;
  });
  connection.on('error', (error) => {
    throw error;
  });
  // The connection starts to listen on a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  return {
    feed: (chunk) => void transport.emit('data', chunk),
    get count() {
      return count;
    },
  };
}

export function wsReceiver(): MessageSource {
  let count = 0;
  const receiver = new Receiver({ isServer: true, maxPayload: 0, allowSynchronousEvents: true });
  receiver.on('message', (data: Buffer, isBinary: boolean) => {
    count += (isBinary ? data.length : data.toString().length) >= 0 ? 1 : 0;
  });
  receiver.on('error', (error) => {
    throw error;
  });
  return {
    feed: (chunk) => void receiver.write(chunk),
    get count() {
      return count;
    },
  };
}

export interface WireOptions {
  isText?: boolean;
  /** Minimum number of bytes. */
  total: number;
  /** Maximum payload of a frame; longer messages are fragmented. Default: one frame per message. */
  frameSize?: number;
}

/** Returns masked frames of messages with these payloads in turn, split into chunks. */
export function wire(payloads: readonly Buffer[], chunkSize: number, options: WireOptions) {
  const { isText = false, total, frameSize = Number.POSITIVE_INFINITY } = options;
  const messages = payloads.map((payload) => framesOf(payload, isText ? 1 : 2, frameSize));
  const all: Buffer[] = [];
  for (let size = 0; size < total; size += all.at(-1)?.length ?? 0) {
    all.push(messages[all.length % messages.length] as Buffer);
  }
  const bytes = Buffer.concat(all);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) chunks.push(bytes.subarray(at, at + chunkSize));
  return { chunks, messages: all.length };
}

function framesOf(payload: Buffer, opcode: number, frameSize: number): Buffer {
  const frames: Buffer[] = [];
  for (let at = 0; at === 0 || at < payload.length; at += frameSize) {
    const options = { rsv1: false, mask: true, readOnly: true, opcode: at === 0 ? opcode : 0 };
    const fin = payload.length - at <= frameSize;
    frames.push(...Sender.frame(payload.subarray(at, at + frameSize), { ...options, fin }));
  }
  return Buffer.concat(frames);
}
