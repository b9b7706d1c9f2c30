/** ResponseStream of the system object: an IStream, read on a separate thread on demand. */
import { Readable } from 'node:stream';
import type { Channel } from './com-channel.ts';
import type { NativeObject } from './winhttp-native.ts';

const CHUNK = 64 * 1024;

export class ResponseReadable extends Readable {
  readonly #channel: Channel;
  readonly #id: number;
  readonly #stream: NativeObject;

  /** `id` is the number of the call that opened the stream. */
  constructor(channel: Channel, id: number, stream: NativeObject) {
    super({ highWaterMark: CHUNK });
    this.#channel = channel;
    this.#id = id;
    this.#stream = stream;
  }

  override _read(): void {
    this.#channel
      .call<Buffer>(this.#id, (call) => this.#channel.native.readStream(this.#stream, call, CHUNK))
      .then(
        (bytes) => this.push(bytes.length === 0 ? null : bytes),
        (error) => this.destroy(error),
      );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#channel.native.closeStream(this.#stream);
    done(error);
  }
}
