// Creates handshake headers by hand, and reads lists of headers.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { HttpHeader } from '../websocket/functions/websocket-types.ts';

/** RFC 6455 section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The key of RFC 6455 section 1.3's example, and the answer to it. */
export const EXAMPLE_HANDSHAKE_KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
export const EXAMPLE_HANDSHAKE_ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

export function acceptFor(key: string): string {
  return createHash('sha1')
    .update(key + GUID, 'latin1')
    .digest('base64');
}

/** Returns the values of all headers with this case-insensitive name. */
export function allValues(headers: readonly HttpHeader[], name: string): string[] {
  return headers.filter((header) => header.name.toLowerCase() === name.toLowerCase()).map(({ value }) => value);
}

/** Returns the value of the only header with this name. */
export function onlyValue(headers: readonly HttpHeader[], name: string): string {
  const values = allValues(headers, name);
  assert.equal(values.length, 1, `${name} is there once`);
  return values[0] as string;
}

/** Returns the elements of a list header, in order. */
export function listElements(headers: readonly HttpHeader[], name: string): string[] {
  return allValues(headers, name)
    .flatMap((value) => value.split(','))
    .map((element) => element.trim());
}

/** Returns headers from an object; a list of values gives one header each, `undefined` none. */
export function headersOf(values: Record<string, string | readonly string[] | undefined>): HttpHeader[] {
  return Object.entries(values).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : (value ?? [])).map((one) => ({ name, value: one })),
  );
}

/** Replacements for headers; `undefined` removes one. */
export type HeaderChanges = Record<string, string | readonly string[] | undefined>;

/** Returns the request of RFC 6455 section 1.3 with changes: `undefined` removes a header. */
export function requestHeaders(changes: HeaderChanges = {}): HttpHeader[] {
  return headersOf({
    Host: 'server.example.com',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': EXAMPLE_HANDSHAKE_KEY,
    'Sec-WebSocket-Version': '13',
    ...changes,
  });
}

/** Returns the response to a client's request, with changes. */
export function responseHeaders(request: readonly HttpHeader[], changes: HeaderChanges = {}): HttpHeader[] {
  return headersOf({
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Accept': acceptFor(onlyValue(request, 'Sec-WebSocket-Key')),
    ...changes,
  });
}

export function lowerCaseNames(headers: readonly HttpHeader[]): HttpHeader[] {
  return headers.map(({ name, value }) => ({ name: name.toLowerCase(), value }));
}
