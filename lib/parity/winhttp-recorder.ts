/** A request object of a subject, with every member recorded that is called, read or listened to. */

import type { EventEmitter } from 'node:events';
import { isBytes } from '../bytes.ts';
import type { IWinHttpRequest } from '../winhttp/request/winhttp-interface.ts';
import type { SeenRequest } from './http-wire.ts';
import type { Outcome, TraceStep, TraceValue } from './trace.ts';
import { bytesOf } from './trace-bytes.ts';
import { failureOf, NotOfferedError, type TraceRecorder } from './trace-recorder.ts';
import { payload, plain } from './websocket-values.ts';

/** The methods, and what their arguments are called. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  setProxy: ['setting', 'server', 'bypass'],
  setCredentials: ['userName', 'password', 'target'],
  open: ['method', 'url', 'async'],
  setRequestHeader: ['header', 'value'],
  getResponseHeader: ['header'],
  getAllResponseHeaders: [],
  send: ['body', 'options'],
  getOption: ['option'],
  setOption: ['option', 'value'],
  waitForResponse: ['seconds', 'options'],
  abort: [],
  setTimeouts: ['resolve', 'connect', 'send', 'receive'],
  setClientCertificate: ['certificate'],
  setAutoLogonPolicy: ['policy'],
};

const GETTERS = new Set(['status', 'statusText', 'responseText', 'responseBody', 'responseStream']);
const LISTENERS = new Set(['on', 'once', 'addListener', 'prependListener', 'prependOnceListener']);

const originals = new WeakMap<object, object>();

/** The object behind a recorded one, whose calls nobody records: for waiting until something is the case. */
export function unrecorded<Request extends object>(request: Request): Request {
  return (originals.get(request) ?? request) as Request;
}

/** Wraps a request object; what is no member of IWinHttpRequest passes through. */
export function recordRequest<Request extends IWinHttpRequest>(target: Request, recorder: TraceRecorder): Request {
  const trace = new RequestTrace(target, recorder);
  const recorded = new Proxy(target, {
    get: (_target, key) => trace.member(key),
    // What exists does so in both shapes.
    set: (object, key, value) => Reflect.set(object, key, value, object),
  });
  originals.set(recorded, target);
  return recorded;
}

class RequestTrace {
  readonly #target: IWinHttpRequest;
  readonly #recorder: TraceRecorder;
  readonly #actor: string;
  readonly #listened = new Set<string>();
  /** The event that tells of the body that is coming in. */
  #body: { readonly parts: Buffer[]; readonly end: (outcome: Outcome) => void } | undefined;

  constructor(target: IWinHttpRequest, recorder: TraceRecorder) {
    this.#target = target;
    this.#recorder = recorder;
    this.#actor = recorder.rename(target, 'request');
    recorder.add({ kind: 'call', actor: this.#actor, name: 'create', args: {}, outcome: { status: 'returned' } });
  }

  member(key: string | symbol): unknown {
    if (typeof key === 'string' && GETTERS.has(key)) return this.#call(key, {}, () => this.#read(key));
    if (typeof key === 'string' && Object.hasOwn(METHODS, key)) return this.#method(key);
    const value = this.#read(key);
    if (typeof value !== 'function') return value;
    return (...args: unknown[]) => {
      if (typeof key === 'string' && LISTENERS.has(key)) this.#listen(String(args[0]));
      return Reflect.apply(value, this.#target, args);
    };
  }

  /** As the object itself would: its private fields want it as `this`. */
  #read(key: string | symbol): unknown {
    return Reflect.get(this.#target, key, this.#target);
  }

  #method(name: string): (...args: unknown[]) => unknown {
    return (...args) => {
      const names = METHODS[name] as readonly string[];
      const described = args.map((arg, index) => [names[index] ?? `argument ${index}`, this.#value(arg)] as const);
      if (name === 'open') this.#body = undefined;
      return this.#call(name, Object.fromEntries(described), () => {
        const method = this.#read(name);
        if (typeof method !== 'function') throw this.#notOffered(name);
        return Reflect.apply(method, this.#target, args);
      });
    };
  }

  #call(name: string, args: Record<string, TraceValue>, make: () => unknown): unknown {
    const end = this.#recorder.begin({ kind: 'call', actor: this.#actor, name, args });
    const fail = (error: unknown) => end(failureOf(error, (text) => this.#recorder.stable(text)));
    try {
      if (GETTERS.has(name) && !(name in this.#target)) throw this.#notOffered(name);
      const result = make();
      // The script gets the promise itself; this only looks at it.
      Promise.resolve(result).then((value) => end(this.#returned(value)), fail);
      return result;
    } catch (error) {
      fail(error);
      throw error;
    }
  }

  #notOffered(name: string): NotOfferedError {
    this.#recorder.notOffered ??= `IWinHttpRequest.${name}`;
    return new NotOfferedError(name);
  }

  #returned(value: unknown): Outcome {
    return value === undefined ? { status: 'returned' } : { status: 'returned', value: this.#value(value) };
  }

  #value(value: unknown): TraceValue {
    if (typeof value === 'string') return this.#recorder.stable(value);
    if (isBytes(value)) return payload(bytesOf(value));
    if (value instanceof AbortSignal) return 'a signal';
    if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#value(one)]));
    }
    return plain(value);
  }

  /** From the first listener of the script on, the events are part of the trace. */
  #listen(event: string): void {
    if (this.#listened.has(event)) return;
    this.#listened.add(event);
    (this.#target as unknown as EventEmitter).on(event, (...args: unknown[]) => {
      if (event === 'responseDataAvailable') return this.#data(args[0] as Uint8Array);
      // How often progress is told is nobody's promise.
      if (event === 'downloadProgress' || event === 'uploadProgress') return;
      const told = args.map((arg) => (arg instanceof Error ? failureOf(arg) : this.#value(arg)));
      this.#event(event, { told: told as TraceValue });
    });
  }

  /** In how many parts a body comes is nobody's promise either: those between two other events are one. */
  #data(chunk: Uint8Array): void {
    this.#body ??= {
      parts: [],
      end: this.#recorder.begin({ kind: 'event', actor: this.#actor, name: 'responseDataAvailable', args: {} }),
    };
    this.#body.parts.push(Buffer.from(chunk));
    this.#body.end({ status: 'returned', value: payload(Buffer.concat(this.#body.parts)) });
  }

  #event(name: string, args: Record<string, TraceValue>): void {
    this.#body = undefined;
    this.#recorder.add({ kind: 'event', actor: this.#actor, name, args, outcome: { status: 'returned' } });
  }
}

/** A request as the scenario's server got it. */
export function requestStep(seen: SeenRequest, recorder: TraceRecorder): TraceStep {
  const headers = seen.headers.map(([name, value]) => recorder.stable(`${name}: ${value}`));
  const line = recorder.stable(`${seen.method} ${seen.target}`);
  return {
    kind: 'request',
    actor: 'http server',
    name: line,
    args: { version: seen.version, headers, ...(seen.body.length > 0 ? { body: payload(seen.body) } : {}) },
    outcome: { status: 'returned' },
    wire: [{ direction: 'out', text: `${line} ${seen.version}` }],
  };
}
