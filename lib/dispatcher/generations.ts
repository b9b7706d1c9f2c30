/**
 * The two generations of undici's dispatch handlers. The first one has `onConnect`, `onHeaders`, `onData`, `onComplete`,
 * `onError` and headers as a list of Buffers (undici 5 to 7, fetch of Node 20 to 24). The second one has `onRequestStart`
 * and the like, a controller, and headers as an object (undici 7 and later, fetch of Node 26).
 */
import type { Duplex } from 'node:stream';
import { undiciError } from './undici-errors.ts';

/** Names and values in turn. */
export type RawHeaders = (Buffer | string | Buffer[])[];
/** Names in lower case; the values of a repeated field are a list. */
export type ParsedHeaders = Record<string, string | string[]>;

export interface FirstHandler {
  onConnect?(abort: (reason?: Error) => void, context?: unknown): void;
  onUpgrade?(statusCode: number, headers: RawHeaders, socket: Duplex): void;
  onResponseStarted?(): void;
  onHeaders?(statusCode: number, headers: RawHeaders, resume: () => void, statusText: string): unknown;
  onData?(chunk: Buffer): unknown;
  onComplete?(trailers: RawHeaders): void;
  onError?(error: Error): void;
  onBodySent?(chunk: Buffer): void;
  onRequestSent?(): void;
}

export interface Controller {
  readonly aborted: boolean;
  readonly paused: boolean;
  readonly reason: Error | null;
  rawHeaders?: RawHeaders | null;
  rawTrailers?: RawHeaders | null;
  abort(reason: Error): void;
  pause(): void;
  resume(): void;
}

export interface SecondHandler {
  onRequestStart?(controller: Controller, context?: unknown): void;
  onRequestUpgrade?(controller: Controller, statusCode: number, headers: ParsedHeaders, socket: Duplex): void;
  onResponseStarted?(): void;
  onResponseStart?(controller: Controller, statusCode: number, headers: ParsedHeaders, statusText?: string): void;
  onResponseData?(controller: Controller, chunk: Buffer): void;
  onResponseEnd?(controller: Controller, trailers: ParsedHeaders): void;
  onResponseError?(controller: Controller, error: Error): void;
  onBodySent?(chunk: Buffer): void;
  onRequestSent?(): void;
}

/** A handler of either generation. */
export type AnyHandler = FirstHandler & SecondHandler;

/** The test by which undici itself tells the generations apart. */
export const isSecond = (handler: AnyHandler): boolean => typeof handler.onRequestStart === 'function';

/** Returns a handler of the first generation that calls the given one. */
export function toFirst(handler: AnyHandler): FirstHandler {
  if (handler instanceof BothFaces) return handler.first;
  return isSecond(handler) ? new FirstFace(handler) : handler;
}

/**
 * Returns a handler with the methods of both generations that calls the given one. Interceptors get it: those of undici 6
 * call the methods of the first generation only, those of undici 7 and later skip a method of the second one that is
 * missing, and their request would never end.
 */
export function withBothFaces(handler: AnyHandler): AnyHandler {
  return handler instanceof BothFaces ? handler : new BothFaces(handler);
}

const sourceOf = new WeakMap<ParsedHeaders, RawHeaders>();

function parseHeaders(raw: RawHeaders): ParsedHeaders {
  const parsed: ParsedHeaders = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const value = raw[index + 1] as Buffer | string | Buffer[];
    for (const one of Array.isArray(value) ? value : [value]) add(parsed, text(raw[index]).toLowerCase(), text(one));
  }
  sourceOf.set(parsed, raw);
  return parsed;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : (value as Buffer).toString('latin1'));

function add(headers: ParsedHeaders, name: string, value: string): void {
  const known = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (Array.isArray(known)) known.push(value);
  else setOwn(headers, name, known === undefined ? value : [known, value]);
}

/** `__proto__` is a field like any other. */
function setOwn(headers: ParsedHeaders, name: string, value: string | string[]): void {
  if (name !== '__proto__') headers[name] = value;
  else Object.defineProperty(headers, name, { value, enumerable: true, configurable: true, writable: true });
}

function toRawHeaders(headers: ParsedHeaders): RawHeaders {
  const source = sourceOf.get(headers);
  if (source) return source;
  const raw: RawHeaders = [];
  for (const [name, value] of Object.entries(headers)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      raw.push(Buffer.from(name, 'latin1'), Buffer.from(String(one), 'latin1'));
    }
  }
  return raw;
}

class FirstController implements Controller {
  rawHeaders: RawHeaders | null = null;
  rawTrailers: RawHeaders | null = null;
  paused = false;
  aborted = false;
  reason: Error | null = null;
  /** Continues the response, once it has begun. */
  onResume: (() => void) | undefined;
  readonly #abort: (reason?: Error) => void;

  constructor(abort: (reason?: Error) => void) {
    this.#abort = abort;
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#abort(reason);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.onResume?.();
  }
}

const NOT_STARTED = () => new FirstController(() => {});

/** The first generation's methods over a handler of the second. */
class FirstFace implements FirstHandler {
  readonly #handler: SecondHandler;
  #controller = NOT_STARTED();

  constructor(handler: SecondHandler) {
    this.#handler = handler;
  }

  onConnect(abort: (reason?: Error) => void, context?: unknown): void {
    this.#controller = new FirstController(abort);
    this.#handler.onRequestStart?.(this.#controller, context);
  }

  onUpgrade(statusCode: number, headers: RawHeaders, socket: Duplex): void {
    this.#controller.rawHeaders = headers;
    this.#handler.onRequestUpgrade?.(this.#controller, statusCode, parseHeaders(headers), socket);
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onHeaders(statusCode: number, headers: RawHeaders, resume: () => void, statusText: string): boolean {
    this.#controller.onResume = resume;
    this.#controller.rawHeaders = headers;
    this.#handler.onResponseStart?.(this.#controller, statusCode, parseHeaders(headers), statusText);
    return !this.#controller.paused;
  }

  onData(chunk: Buffer): boolean {
    this.#handler.onResponseData?.(this.#controller, chunk);
    return !this.#controller.paused;
  }

  onComplete(trailers: RawHeaders): void {
    this.#controller.rawTrailers = trailers;
    this.#handler.onResponseEnd?.(this.#controller, parseHeaders(trailers ?? []));
  }

  onError(error: Error): void {
    if (!this.#handler.onResponseError) throw undiciError('UND_ERR_INVALID_ARG', 'invalid onError method');
    this.#handler.onResponseError(this.#controller, error);
  }

  onBodySent(chunk: Buffer): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }
}

/** Both generations' methods over a handler of either. */
class BothFaces implements AnyHandler {
  /** The handler, as one of the first generation. */
  readonly first: FirstHandler;
  /** The handler, if it is of the second generation. */
  readonly #second: SecondHandler | undefined;

  constructor(handler: AnyHandler) {
    this.#second = isSecond(handler) ? handler : undefined;
    this.first = toFirst(handler);
  }

  onConnect(abort: (reason?: Error) => void, context?: unknown): void {
    this.first.onConnect?.(abort, context);
  }

  onUpgrade(statusCode: number, headers: RawHeaders, socket: Duplex): void {
    this.first.onUpgrade?.(statusCode, headers, socket);
  }

  onHeaders(statusCode: number, headers: RawHeaders, resume: () => void, statusText: string): unknown {
    return this.first.onHeaders?.(statusCode, headers, resume, statusText);
  }

  onData(chunk: Buffer): unknown {
    return this.first.onData?.(chunk);
  }

  onComplete(trailers: RawHeaders): void {
    this.first.onComplete?.(trailers);
  }

  onError(error: Error): void {
    if (!this.first.onError) throw error;
    this.first.onError(error);
  }

  onResponseStarted(): void {
    this.first.onResponseStarted?.();
  }

  onBodySent(chunk: Buffer): void {
    this.first.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.first.onRequestSent?.();
  }

  onRequestStart(controller: Controller, context?: unknown): void {
    if (this.#second) this.#second.onRequestStart?.(controller, context);
    else this.first.onConnect?.((reason) => controller.abort(reason as Error), context);
  }

  onRequestUpgrade(controller: Controller, statusCode: number, headers: ParsedHeaders, socket: Duplex): void {
    if (this.#second) this.#second.onRequestUpgrade?.(controller, statusCode, headers, socket);
    else this.first.onUpgrade?.(statusCode, toRawHeaders(headers), socket);
  }

  onResponseStart(controller: Controller, statusCode: number, headers: ParsedHeaders, statusText = ''): void {
    if (this.#second) {
      this.#second.onResponseStart?.(controller, statusCode, headers, statusText);
      return;
    }
    const resume = () => controller.resume();
    if (this.first.onHeaders?.(statusCode, toRawHeaders(headers), resume, statusText) === false) controller.pause();
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#second) this.#second.onResponseData?.(controller, chunk);
    else if (this.first.onData?.(chunk) === false) controller.pause();
  }

  onResponseEnd(controller: Controller, trailers: ParsedHeaders): void {
    if (this.#second) this.#second.onResponseEnd?.(controller, trailers);
    else this.first.onComplete?.(toRawHeaders(trailers ?? {}));
  }

  onResponseError(controller: Controller, error: Error): void {
    if (!this.#second) this.onError(error);
    else if (this.#second.onResponseError) this.#second.onResponseError(controller, error);
    else throw undiciError('UND_ERR_INVALID_ARG', 'invalid onError method');
  }
}

/**
 * Throws for a handler that lacks a method which its generation must have.
 *
 * @throws undici's InvalidArgumentError.
 */
export function checkHandler(handler: AnyHandler, isUpgrade: boolean): void {
  if (isSecond(handler)) return;
  const responses = isUpgrade ? (['onUpgrade'] as const) : (['onHeaders', 'onData', 'onComplete'] as const);
  for (const name of ['onConnect', 'onError', ...responses] as const) {
    if (typeof handler[name] !== 'function') throw undiciError('UND_ERR_INVALID_ARG', `invalid ${name} method`);
  }
  if (handler.onBodySent !== undefined && typeof handler.onBodySent !== 'function') {
    throw undiciError('UND_ERR_INVALID_ARG', 'invalid onBodySent method');
  }
}
