/** Bodies for `send`; streams and iterables are collected, because the object takes one string or one array. */
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { copyBytes, isBytes } from '../../bytes.ts';
import { invalidArgumentType } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import type { RequestBody } from '../request-object.ts';
import { failureOf, tooLarge } from '../winhttp-errors.ts';

const EXPECTED = 'a string (JSON.stringify an object), bytes, a Blob, a Readable, a web stream or an async iterable';

/** Returns a body, or a stream that must be collected. Reads nothing yet. */
export function normalizeBody(body: unknown): RequestBody | Readable {
  if (body === undefined || body === null || typeof body === 'string') return body;
  if (typeof body !== 'object') throw invalidArgumentType('body', EXPECTED, body);
  if (isBytes(body)) return copyBytes(body, 'body');
  if (body instanceof Readable) return body;
  if (body instanceof Blob) return Readable.fromWeb(body.stream() as ReadableStream);
  if (body instanceof ReadableStream) return Readable.fromWeb(body, { objectMode: true });
  if (Symbol.asyncIterator in body) return Readable.from(body as AsyncIterable<unknown>);
  throw invalidArgumentType('body', EXPECTED, body);
}

/** Reads a stream to its end; destroy the stream to stop. The stream's error becomes the `cause`. */
export async function collectBody(source: Readable, limit: number): Promise<Buffer> {
  // It has no data left, so an empty body would be sent by mistake.
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
