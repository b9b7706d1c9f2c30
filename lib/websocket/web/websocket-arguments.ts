/** Validates the arguments of the WebSocket class. */

import { isBytes } from '../../bytes.ts';
import { isApplicationCode, MAX_CLOSE_REASON_LENGTH } from '../../close-codes.ts';
import { shownUrl } from '../../shown-text.ts';
import { isToken } from '../../token.ts';
import { validUrl } from '../../valid-url.ts';
import type { ConnectOptions } from '../connection/connect.ts';
import { clampUnsignedShort, toDOMString, toUSVString } from './web-idl.ts';

/** The second argument in Node.js: the options of WebSocketConnection.connect, and `protocols`. */
export interface WebSocketInit extends Omit<ConnectOptions, 'subprotocols' | 'signal'> {
  readonly protocols?: string | readonly string[] | undefined;
}

const URL_FORM = 'pass a ws:, wss:, http: or https: URL, such as ws://localhost:8080/';

/** "To get a URL record": http and https mean ws and wss, and a fragment is an error. */
export function parseWebSocketUrl(url: unknown): URL {
  const text = toUSVString(url as string);
  const parsed = validUrl(text);
  if (!parsed)
    throw new DOMException(`Not an absolute URL: ${JSON.stringify(shownUrl(text))}; ${URL_FORM}`, 'SyntaxError');
  if (parsed.protocol === 'http:' || parsed.protocol === 'https:')
    parsed.protocol = parsed.protocol.replace('http', 'ws');
  if (parsed.protocol !== 'ws:' && parsed.protocol !== 'wss:') {
    throw new DOMException(`Not a WebSocket URL: ${JSON.stringify(shownUrl(parsed.href))}; ${URL_FORM}`, 'SyntaxError');
  }
  if (parsed.hash !== '' || parsed.href.endsWith('#')) throw new DOMException('The URL has a fragment', 'SyntaxError');
  return parsed;
}

/**
 * Returns the options of the second argument: sub-protocols, or an object. Any iterable is a sequence, as in Web IDL.
 */
export function connectOptions(argument: unknown): ConnectOptions {
  if (argument === undefined || argument === null) return {};
  if (typeof argument !== 'object' || Symbol.iterator in argument) return { subprotocols: parseSubprotocols(argument) };
  const { protocols, ...options } = argument as WebSocketInit;
  return { ...options, subprotocols: parseSubprotocols(protocols ?? []) };
}

function parseSubprotocols(protocols: unknown): string[] {
  const isSequence = typeof protocols === 'object' && protocols !== null && Symbol.iterator in protocols;
  const list = isSequence ? Array.from(protocols as Iterable<unknown>, toDOMString) : [toDOMString(protocols)];
  const unique = new Set(list.map((protocol) => protocol.toLowerCase()));
  if (unique.size !== list.length || !list.every(isToken)) {
    throw new DOMException('The sub-protocols must be tokens and each given once', 'SyntaxError');
  }
  return list;
}

interface CloseArguments {
  readonly code: number | undefined;
  readonly reason: string | undefined;
}

/** "To validate close code and reason". */
export function validateWebClose(code: unknown, reason: unknown): CloseArguments {
  const status = code === undefined ? undefined : clampUnsignedShort(code);
  const text = reason === undefined ? undefined : toUSVString(reason as string);
  if (status !== undefined && !isApplicationCode(status)) {
    throw new DOMException(`The close code ${status} is neither 1000 nor 3000 to 4999`, 'InvalidAccessError');
  }
  if (text !== undefined && Buffer.byteLength(text) > MAX_CLOSE_REASON_LENGTH) {
    throw new DOMException(`The close reason is longer than ${MAX_CLOSE_REASON_LENGTH} bytes`, 'SyntaxError');
  }
  return { code: status, reason: text };
}

/** The data that `send` accepts; any other value is converted to text. */
export type WebSocketData = string | ArrayBufferLike | ArrayBufferView | Blob;

export function normalizeData(data: unknown): WebSocketData {
  if (isBytes(data) || data instanceof Blob) return data;
  return toUSVString(data as string);
}

/** Returns the payload size in bytes. */
export function sizeOf(data: WebSocketData): number {
  if (typeof data === 'string') return Buffer.byteLength(data);
  return data instanceof Blob ? data.size : data.byteLength;
}
