/** Wraps a request object of a subject and records every member that is called, read or listened to. */

import type { EventEmitter } from 'node:events';
import { isBytes } from '../bytes.ts';
import type { IWinHttpRequest } from '../winhttp/request/winhttp-interface.ts';
import type { SeenRequest } from './http-wire.ts';
import type { StepOutcome, TraceStep, TraceValue } from './trace.ts';
import { bytesOf } from './trace-bytes.ts';
import { failureOf, NotOfferedError, type TraceRecorder } from './trace-recorder.ts';
import { payload, plain } from './websocket-values.ts';

/** The methods, and the names of their arguments. */
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

/** Returns the object behind a recorded one, for waiting without recording. */
export function unrecorded<Request extends object>(request: Request): Request {
  return (originals.get(request) ?? request) as Request;
}

/** Wraps a request object; members that are not in IWinHttpRequest pass through. */
export function recordRequest<Request extends IWinHttpRequest>(target: Request, recorder: TraceRecorder): Request {
  const trace = new RequestTrace(target, recorder);
  const recorded = new Proxy(target, {
    get: (_target, key) => trace.member(key),
    // Members are the same in both shapes.
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
  /** The pending event for the body that is arriving. */
  #body: { readonly parts: Buffer[]; readonly end: (outcome: StepOutcome) => void } | undefined;

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

  /** Private fields require the object itself as `this`. */
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
      // The script gets the promise itself; this only observes it.
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

  #returned(value: unknown): StepOutcome {
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

  /** Records events from the script's first listener on. */
  #listen(event: string): void {
    if (this.#listened.has(event)) return;
    this.#listened.add(event);
    (this.#target as unknown as EventEmitter).on(event, (...args: unknown[]) => {
      if (event === 'responseDataAvailable') return this.#data(args[0] as Uint8Array);
      // How often progress is reported is not specified.
      if (event === 'downloadProgress' || event === 'uploadProgress') return;
      const told = args.map((arg) => (arg instanceof Error ? failureOf(arg) : this.#value(arg)));
      this.#event(event, { told: told as TraceValue });
    });
  }

  /** The number of parts of a body is not specified either: parts between two other events count as one. */
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

/** Records a request to the scenario's server. */
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
