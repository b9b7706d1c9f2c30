/** A connection as a pair of web streams, or as a Duplex of Node.js; both with backpressure. */

import { Duplex } from 'node:stream';
import { ReadableStream, WritableStream } from 'node:stream/web';
import { CloseStatus } from '../../close-codes.ts';
import { invalidArgumentType } from '../../errors.ts';
import { validateObject } from '../../options.ts';
import type { Sendable, SendableBytes } from './connection-types.ts';
import type { Message } from './inbox.ts';
import { WebSocketConnection } from './websocket-connection.ts';

/** Result of {@link toWebStreams}. */
export interface WebStreams {
  /** Messages: text as strings, binary as Buffers. Cancelling it closes the connection. */
  readonly readable: ReadableStream<Message>;
  /** Each chunk is sent as a message. Closing the stream closes the connection, aborting it aborts the connection. */
  readonly writable: WritableStream<Sendable>;
}

/** Returns a connection as web streams. Source: WHATWG Streams; the shape is that of WebSocketStream. */
export function toWebStreams(connection: WebSocketConnection): WebStreams {
  checkConnection(connection);
  const readable = new ReadableStream<Message>(
    {
      async pull(controller) {
        const message = await connection.receive();
        if (message === undefined) controller.close();
        else controller.enqueue(message);
      },
      async cancel() {
        await connection.close();
      },
    },
    // Messages stay in the connection until they are read, so that its own limits apply.
    { highWaterMark: 0 },
  );
  const writable = new WritableStream<Sendable>({
    write: (message) => connection.send(message),
    close: async () => void (await connection.close(CloseStatus.SUCCESS)),
    abort: (reason) => connection.abort(reason),
  });
  return { readable, writable };
}

/** Options of {@link toDuplex}. */
export interface DuplexOptions {
  /**
   * `true`: each chunk is a message, text as a string. Default `false`: a stream of bytes that ignores the bounds of
   * messages.
   */
  readonly objectMode?: boolean | undefined;
}

/** Returns a connection as a Duplex. Ending the stream closes the connection, destroying it aborts the connection. */
export function toDuplex(connection: WebSocketConnection, options?: DuplexOptions): Duplex {
  checkConnection(connection);
  const given = validateObject(options, 'options', { names: ['objectMode'] });
  const objectMode = given.objectMode === true;
  const duplex: Duplex = new Duplex({
    objectMode,
    // Once the peer has closed, the writable side ends too.
    allowHalfOpen: false,
    // A written string is sent as text in object mode, otherwise as bytes.
    decodeStrings: !objectMode,
    read() {
      (objectMode ? connection.receive() : receiveBytes(connection)).then(
        (message) => duplex.push(message ?? null),
        (error: Error) => duplex.destroy(error),
      );
    },
    write(chunk: string | SendableBytes, _encoding, callback) {
      connection.send(chunk).then(() => callback(), callback);
    },
    final(callback) {
      connection.close(CloseStatus.SUCCESS).then(() => callback(), callback);
    },
    destroy(error, callback) {
      if (connection.state !== 'closed') connection.abort(error);
      callback(error);
    },
  });
  return duplex;
}

function checkConnection(value: unknown): void {
  if (!(value instanceof WebSocketConnection)) throw invalidArgumentType('connection', 'a WebSocketConnection', value);
}

/** Returns the next message that is not empty: an empty chunk would end a stream of bytes. */
async function receiveBytes(connection: WebSocketConnection): Promise<Buffer | undefined> {
  for (;;) {
    const message = await connection.receive();
    if (message === undefined) return undefined;
    if (message.length > 0) return typeof message === 'string' ? Buffer.from(message) : message;
  }
}
