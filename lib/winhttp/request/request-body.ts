/** Bodies that `send` takes; streams and iterables are collected, since the object takes one string or one array. */
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { copyBytes, isBytes } from '../../bytes.ts';
import { invalidArgumentType } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import type { RequestBody } from '../request-object.ts';
import { failureOf, tooLarge } from '../winhttp-errors.ts';

const EXPECTED = 'a string, bytes, a Blob, a Readable, a web stream or an async iterable';

/** Sorts a body by its kind: one that is there, or a stream that has to be collected. Nothing is read yet. */
export function readBody(body: unknown): RequestBody | Readable {
  if (body === undefined || body === null || typeof body === 'string') return body;
  if (typeof body !== 'object') throw invalidArgumentType('body', EXPECTED, body);
  if (isBytes(body)) return copyBytes(body, 'body');
  if (body instanceof Readable) return body;
  if (body instanceof Blob) return Readable.fromWeb(body.stream() as ReadableStream);
  if (body instanceof ReadableStream) return Readable.fromWeb(body, { objectMode: true });
  if (Symbol.asyncIterator in body) return Readable.from(body as AsyncIterable<unknown>);
  throw invalidArgumentType('body', EXPECTED, body);
}

/** Reads a stream to its end; to end it before, destroy it. What the stream itself fails with becomes the `cause`. */
export async function collect(source: Readable, limit: number): Promise<Buffer> {
  // It would give nothing, and an empty body would go out in place of the one that was meant.
  if (source.readableEnded) throw failureOf('Send', HResult.ERROR_READ_FAULT, { detail: 'the stream was read before' });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const part of partsOf(source)) {
    const chunk = bytesOf(part);
    size += chunk.length;
    if (size > limit) throw tooLarge('Send', 'requestBody', limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

async function* partsOf(source: Readable): AsyncGenerator<unknown, void, void> {
  try {
    yield* source;
  } catch (cause) {
    throw failureOf('Send', HResult.ERROR_READ_FAULT, { cause });
  }
}

function bytesOf(part: unknown): Buffer {
  if (typeof part === 'string') return Buffer.from(part);
  if (isBytes(part)) return copyBytes(part, 'body');
  throw invalidArgumentType('body', 'a source of strings or bytes', part);
}
