/** The options of one dispatch, and changes to their headers. */
import { isToken } from '../token.ts';
import { undiciError } from './undici-errors.ts';

/** What interceptors and callers pass to `dispatch`; undici validates the rest. */
export interface DispatchOptions {
  readonly origin?: string | URL | undefined;
  readonly path: string;
  readonly method: string;
  readonly body?: unknown;
  readonly headers?: unknown;
  readonly upgrade?: boolean | string | null | undefined;
  readonly servername?: string | undefined;
  readonly allowH2?: boolean | undefined;
  readonly idempotent?: boolean | undefined;
}

/** The name and value of one field. */
export type Field = readonly [name: string, value: string];

// Any character that cannot stand in a request line.
const NOT_IN_PATH = /[^\u0021-\u00ff]/;

/**
 * Validates what can be without a connection, as undici does; the rest it validates itself.
 *
 * @throws undici's InvalidArgumentError.
 */
export function checkOptions({ path, method, upgrade }: DispatchOptions): void {
  if (typeof path !== 'string') throw undiciError('UND_ERR_INVALID_ARG', 'path must be a string');
  if (!/^(?:\/|https?:\/\/)/.test(path) && method !== 'CONNECT') {
    throw undiciError('UND_ERR_INVALID_ARG', 'path must be an absolute URL or start with a slash');
  }
  if (NOT_IN_PATH.test(path)) throw undiciError('UND_ERR_INVALID_ARG', 'invalid request path');
  if (typeof method !== 'string') throw undiciError('UND_ERR_INVALID_ARG', 'method must be a string');
  if (!isToken(method)) throw undiciError('UND_ERR_INVALID_ARG', 'invalid request method');
  if (upgrade && typeof upgrade !== 'string') throw undiciError('UND_ERR_INVALID_ARG', 'upgrade must be a string');
}

/** Whether a request that can have arrived may be sent again; by default as undici has it. */
export const isIdempotent = ({ method, idempotent }: DispatchOptions): boolean =>
  idempotent ?? (method === 'GET' || method === 'HEAD');

export const hasBody = ({ body }: DispatchOptions): boolean => body !== undefined && body !== null && body !== '';

/** Whether the connection becomes the caller's socket. */
export const isUpgrade = ({ method, upgrade }: DispatchOptions): boolean => method === 'CONNECT' || Boolean(upgrade);

/** A parsed origin; not to be changed. */
export interface ParsedOrigin {
  readonly url: URL;
  readonly text: string;
  readonly isSecure: boolean;
}

/** Valid origins by their text; most programs have few. */
const origins = new Map<string, ParsedOrigin>();
const MAX_ORIGINS = 100;

/**
 * Returns the origin of a dispatch.
 *
 * @throws undici's InvalidArgumentError; Node's TypeError for a text that is not a URL.
 */
export function originOf({ origin }: DispatchOptions): ParsedOrigin {
  if (typeof origin !== 'string') return parseOrigin(origin);
  const known = origins.get(origin);
  if (known) return known;
  const parsed = parseOrigin(origin);
  if (origins.size === MAX_ORIGINS) origins.clear();
  origins.set(origin, parsed);
  return parsed;
}

function parseOrigin(origin: unknown): ParsedOrigin {
  if (!origin || !(typeof origin === 'string' || origin instanceof URL)) {
    throw undiciError('UND_ERR_INVALID_ARG', 'opts.origin must be a non-empty string or URL.');
  }
  const url = new URL(origin);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw undiciError('UND_ERR_INVALID_ARG', 'Invalid URL protocol: the URL must start with `http:` or `https:`.');
  }
  if (url.pathname !== '/' || url.search || url.hash) throw undiciError('UND_ERR_INVALID_ARG', 'invalid url');
  return { url, text: url.origin, isSecure: url.protocol === 'https:' };
}

// As undici does, so that a polluted Object.prototype adds no iterator.
function hasOwnIterator(headers: object): headers is Iterable<unknown> {
  if (Object.hasOwn(headers, Symbol.iterator)) return true;
  const prototype = Object.getPrototypeOf(headers);
  return prototype !== null && prototype !== Object.prototype && Symbol.iterator in headers;
}

/**
 * Returns the headers of a dispatch with further fields, in a form that undici reads. Other values are returned
 * unchanged: undici rejects them.
 */
export function withFields(headers: unknown, fields: readonly Field[]): unknown {
  if (fields.length === 0) return headers;
  if (headers === undefined || headers === null) return fields.flat();
  if (Array.isArray(headers)) return [...headers, ...fields.flat()];
  if (typeof headers !== 'object') return headers;
  const pairs = hasOwnIterator(headers) ? [...headers] : Object.entries(headers);
  if (!pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw undiciError('UND_ERR_INVALID_ARG', 'headers must be in key-value pair format');
  }
  return [...pairs.flat(), ...fields.flat()];
}

/** Returns the value of a field, if the headers have it in a form that can be read twice. */
export function fieldOf(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  if (Array.isArray(headers)) {
    for (let index = 0; index + 1 < headers.length; index += 2) {
      if (isNamed(headers[index], name)) return String(headers[index + 1]);
    }
    return undefined;
  }
  for (const key in headers) {
    if (isNamed(key, name)) return String((headers as Record<string, unknown>)[key]);
  }
  return undefined;
}

/** Returns names and values, if the headers have them in a form that can be read twice. */
export function fieldsOf(headers: unknown): Field[] {
  if (typeof headers !== 'object' || headers === null) return [];
  if (Array.isArray(headers)) {
    const fields: Field[] = [];
    for (let index = 0; index + 1 < headers.length; index += 2) {
      fields.push([String(headers[index]), String(headers[index + 1])]);
    }
    return fields;
  }
  const pairs = headers instanceof Headers || headers instanceof Map ? [...headers] : Object.entries(headers);
  return pairs.flatMap(([name, value]) => [value].flat().map((one) => [String(name), String(one)] as const));
}

const REPEATED_LENGTH = /^(\d+)(?:, *\1)+$/;

/**
 * fetch of Node 20 and 22 adds the length of a body to one that the caller has set, as `5, 5`, which undici 7 rejects.
 * Returns options with one length.
 */
export function withOneLength(options: DispatchOptions): DispatchOptions {
  const { body, headers } = options;
  if (body === undefined || body === null) return options;
  const [, length] = REPEATED_LENGTH.exec(fieldOf(headers, 'content-length') ?? '') ?? [];
  if (length === undefined) return options;
  const others = fieldsOf(headers).filter(([name]) => !isNamed(name, 'content-length'));
  return { ...options, headers: [...others.flat(), 'content-length', length] };
}

const isNamed = (key: unknown, name: string): boolean =>
  typeof key === 'string' && key.length === name.length && key.toLowerCase() === name;
