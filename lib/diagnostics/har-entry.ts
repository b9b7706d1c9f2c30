/** Creates a HAR entry from the recorded events of one request. */
import { isUtf8 } from 'node:buffer';
import { withoutBlanks } from '../http1/blanks.ts';
import { ResponseHeaders } from '../winhttp/response-headers.ts';
import type { HarCookie, HarEntry, HarField, HarRequest, HarResponse, HarTimings } from './har-types.ts';
import { HIDDEN, redactBody, redactHeader, redactUrls } from './redact.ts';
import type { RequestTrace } from './winhttp-channels.ts';

/** A request as an entry describes it. */
export type HarTrace = Omit<RequestTrace, 'backend'> & {
  readonly backend?: RequestTrace['backend'];
  /** The door of a request that no backend sends. */
  readonly door?: string;
};

/** Recorded events of one request; moments are values of performance.now(). */
export interface Observation {
  trace: HarTrace;
  readonly date: Date;
  readonly start: number;
  address?: string | undefined;
  /** Milliseconds, summed over all connections. */
  lookup?: number;
  connect?: number;
  tls?: number;
  /** When the last connection was established. */
  connected?: number;
  sent?: number;
  /** The recorded parts of a request body that the trace does not have, and their size in bytes. */
  sentChunks?: Buffer[];
  sentSize?: number;
  responseStart?: number;
  end: number;
  /** The recorded part of the response body. */
  chunks: Buffer[];
  /** Size of the body in bytes; -1 if it was not recorded. */
  size: number;
}

/** Options of {@link entryOf}. */
export interface EntryOptions {
  readonly keepSecrets: boolean;
  readonly bodies: boolean;
  readonly bodySize: number;
}

/** Returns the entry of a request that has ended. */
export function entryOf(seen: Observation, options: EntryOptions): HarEntry {
  const { trace, date } = seen;
  const timings = timingsOf(seen);
  const from = trace.responseUrl === undefined || trace.responseUrl === trace.url ? '' : `, from ${trace.responseUrl}`;
  const comment = `${trace.door ?? `backend ${trace.backend}`}${from}`;
  return {
    startedDateTime: date.toISOString(),
    time: seen.end - seen.start,
    request: requestOf(seen, options),
    response: responseOf(seen, options),
    cache: {},
    timings,
    ...(seen.address === undefined ? {} : { serverIPAddress: seen.address }),
    comment: options.keepSecrets ? comment : redactUrls(comment),
  };
}

/**
 * The format requires numbers for the last three, and `time` as their sum: unknown parts count as `wait`. A connection may
 * have been begun for another request: only what follows `start` counts. `connected` may follow the start of a response that
 * was not the last one.
 */
function timingsOf(seen: Observation): HarTimings {
  const { start, end, connected = start } = seen;
  const answered = Math.max(connected, seen.responseStart ?? end);
  const sent = seen.sent === undefined ? connected : Math.max(connected, Math.min(seen.sent, answered));
  // In the order from last to first, each with the time that the later ones leave.
  let left = connected - start;
  const [ssl, tcp, dns] = [seen.tls, seen.connect, seen.lookup].map((duration) => {
    if (duration === undefined) return -1;
    const counted = Math.min(duration, left);
    left -= counted;
    return counted;
  }) as [number, number, number];
  // In HAR, `connect` includes TLS.
  const connect = tcp < 0 ? -1 : tcp + Math.max(ssl, 0);
  return {
    blocked: -1,
    dns,
    connect,
    ssl,
    send: sent - connected,
    wait: answered - sent + left,
    receive: end - answered,
  };
}

function requestOf({ trace, sentChunks, sentSize }: Observation, options: EntryOptions): HarRequest {
  const { method } = trace;
  const body = sentChunks ? Buffer.concat(sentChunks) : trace.body;
  const headers = trace.headers.map(([name, value]) => ({ name, value }));
  const url = options.keepSecrets ? trace.url : redactUrls(trace.url);
  const size = sentSize ?? (body === undefined || body === null ? 0 : Buffer.byteLength(body));
  return {
    method: method || 'GET',
    url,
    httpVersion: 'HTTP/1.1',
    cookies: headers.filter(({ name }) => /^cookie$/i.test(name)).flatMap(({ value }) => sentCookies(value, options)),
    headers: redactFields(headers, options),
    queryString: [...searchOf(url)].map(([name, value]) => ({ name, value })),
    ...(size > 0 && body ? { postData: postDataOf(body, typeOf(headers), options, size) } : {}),
    headersSize: -1,
    bodySize: size,
  };
}

function postDataOf(
  body: string | Uint8Array,
  mimeType: string,
  options: EntryOptions,
  size: number,
): HarRequest['postData'] {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const { text, encoding, comment } = contentOf(bytes, mimeType, options, size);
  if (text === undefined) return { mimeType, text: '', ...(comment === undefined ? {} : { comment }) };
  if (encoding) return { mimeType, text, comment: encoding };
  if (!/^application\/x-www-form-urlencoded\b/i.test(mimeType)) return { mimeType, text };
  return { mimeType, text, params: [...new URLSearchParams(text)].map(([name, value]) => ({ name, value })) };
}

function responseOf(seen: Observation, options: EntryOptions): HarResponse {
  const { trace, chunks, size } = seen;
  const text = trace.responseHeaders ?? '';
  const list = new ResponseHeaders(text);
  const headers = [...list].map(([name, value]) => ({ name, value }));
  const mimeType = typeOf(headers);
  const isKept = trace.error === undefined && size >= 0;
  const location = list.get('Location') ?? '';
  return {
    status: trace.status ?? 0,
    statusText: trace.statusText ?? '',
    httpVersion: 'HTTP/1.1',
    cookies: list.getSetCookie().map((value) => receivedCookie(value, options)),
    headers: redactFields(headers, options),
    content: { size, mimeType, ...(isKept ? contentOf(Buffer.concat(chunks), mimeType, options, size) : {}) },
    redirectURL: options.keepSecrets ? location : redactUrls(location),
    headersSize: -1,
    bodySize: size,
    ...(trace.error === undefined ? {} : { comment: redactUrls(String(trace.error)) }),
  };
}

type Content = Pick<HarResponse['content'], 'text' | 'encoding' | 'comment'>;

/** Text if the bytes are UTF-8, else base64: bytes in another charset stay unchanged. */
function contentOf(bytes: Uint8Array, mimeType: string, options: EntryOptions, size = bytes.length): Content {
  if (!options.bodies) return {};
  if (size > options.bodySize) return { comment: `left out: ${size} bytes are more than the limit` };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isUtf8(buffer) || buffer.includes(0)) return { text: buffer.toString('base64'), encoding: 'base64' };
  const text = buffer.toString('utf8');
  return { text: options.keepSecrets ? text : redactBody(text, mimeType) };
}

const typeOf = (headers: readonly HarField[]): string =>
  headers.find(({ name }) => /^content-type$/i.test(name))?.value ?? '';

function redactFields(fields: readonly HarField[], { keepSecrets }: EntryOptions): HarField[] {
  return fields.map(({ name, value }) => ({ name, value: keepSecrets ? value : redactHeader(name, value) }));
}

function searchOf(url: string): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? '');
}

/** Parses a Cookie header (RFC 6265 section 4.2.1). */
function sentCookies(header: string, { keepSecrets }: EntryOptions): HarCookie[] {
  return header.split(';').map((pair) => {
    const [name, value] = nameAndValue(pair);
    return { name, value: keepSecrets ? value : HIDDEN };
  });
}

/** Splits at the first `=`. */
function nameAndValue(pair: string): [name: string, value: string] {
  const equals = pair.indexOf('=');
  if (equals < 0) return [withoutBlanks(pair), ''];
  return [withoutBlanks(pair.slice(0, equals)), withoutBlanks(pair.slice(equals + 1))];
}

/** Parses a Set-Cookie header (RFC 6265 section 5.2). */
function receivedCookie(header: string, options: EntryOptions): HarCookie {
  const [pair = '', ...attributes] = header.split(';');
  const [cookie = { name: '', value: '' }] = sentCookies(pair, options);
  const given = new Map(
    attributes.map((attribute) => {
      const [name, value] = nameAndValue(attribute);
      return [name.toLowerCase(), value] as const;
    }),
  );
  const path = given.get('path');
  const domain = given.get('domain');
  const expires = dateTime(given.get('expires') ?? '');
  return {
    ...cookie,
    ...(path === undefined ? {} : { path }),
    ...(domain === undefined ? {} : { domain }),
    ...(expires === undefined ? {} : { expires }),
    httpOnly: given.has('httponly'),
    secure: given.has('secure'),
  };
}

/** RFC 3339 allows years up to 9999. */
function dateTime(text: string): string | undefined {
  const date = new Date(text);
  const isDate = !Number.isNaN(date.getTime()) && date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9999;
  return isDate ? date.toISOString() : undefined;
}
