/** The arguments of the WebSocket class. */

import { isBytes } from '../../bytes.ts';
import { isApplicationCode, MAX_CLOSE_REASON_LENGTH } from '../../close-codes.ts';
import type { ConnectOptions } from '../connection/connect.ts';
import { clampUnsignedShort, toDOMString, toUSVString } from './web-idl.ts';

/** What Node adds to the second argument: the options of WebSocketConnection.connect, and `protocols`. */
export interface WebSocketInit extends Omit<ConnectOptions, 'subprotocols' | 'signal'> {
  readonly protocols?: string | readonly string[] | undefined;
}

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

/** "To get a URL record": http and https stand for ws and wss, and a fragment is an error. */
export function readUrl(url: unknown): URL {
  const text = toUSVString(url as string);
  if (!URL.canParse(text)) throw new DOMException(`Not a URL: ${text}`, 'SyntaxError');
  const parsed = new URL(text);
  if (parsed.protocol === 'http:' || parsed.protocol === 'https:')
    parsed.protocol = parsed.protocol.replace('http', 'ws');
  if (parsed.protocol !== 'ws:' && parsed.protocol !== 'wss:') {
    throw new DOMException(`Not a WebSocket URL: ${parsed.href}`, 'SyntaxError');
  }
  if (parsed.hash !== '' || parsed.href.endsWith('#')) throw new DOMException('The URL has a fragment', 'SyntaxError');
  return parsed;
}

/** The second argument: sub-protocols, or an object with options. What can be iterated is a sequence, as in Web IDL. */
export function connectOptions(argument: unknown): ConnectOptions {
  if (argument === undefined || argument === null) return {};
  if (typeof argument !== 'object' || Symbol.iterator in argument) return { subprotocols: readSubprotocols(argument) };
  const { protocols, ...options } = argument as WebSocketInit;
  return { ...options, subprotocols: readSubprotocols(protocols ?? []) };
}

function readSubprotocols(protocols: unknown): string[] {
  const isSequence = typeof protocols === 'object' && protocols !== null && Symbol.iterator in protocols;
  const list = isSequence ? Array.from(protocols as Iterable<unknown>, toDOMString) : [toDOMString(protocols)];
  const unique = new Set(list.map((protocol) => protocol.toLowerCase()));
  if (unique.size !== list.length || !list.every((protocol) => TOKEN.test(protocol))) {
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

/** What `send` takes; anything else goes as the text that it converts to. */
export type WebSocketData = string | ArrayBufferLike | ArrayBufferView | Blob;

export function readData(data: unknown): WebSocketData {
  if (isBytes(data) || data instanceof Blob) return data;
  return toUSVString(data as string);
}

/** Bytes of payload. */
export function sizeOf(data: WebSocketData): number {
  if (typeof data === 'string') return Buffer.byteLength(data);
  return data instanceof Blob ? data.size : data.byteLength;
}
