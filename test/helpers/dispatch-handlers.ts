// Handlers of both generations that record what a dispatcher calls.
import type { Duplex } from 'node:stream';
import type { Controller } from '../../lib/dispatcher/generations.ts';

export type Generation = 1 | 2;

/** What a handler does in addition to recording; a thrown error is the handler's. */
export interface Behaviour {
  onStart?(abort: (reason?: Error) => void): void;
  onHead?(status: number): void;
  /** Returns false to pause. */
  onData?(chunk: Buffer): boolean;
  onEnd?(): void;
  onUpgrade?(socket: Duplex): void;
  onError?(error: Error): void;
}

/** What was called, and the parts of the response. */
export class Recording {
  readonly calls: string[] = [];
  readonly errors: Error[] = [];
  status = 0;
  statusText = '';
  headers: Record<string, string | string[]> = {};
  trailers: Record<string, string | string[]> = {};
  readonly chunks: Buffer[] = [];
  socket: Duplex | undefined;
  resume: () => void = () => {};
  abort: (reason?: Error) => void = () => {};
  /** Resolves with the end of the request, by whichever call. */
  readonly ended: Promise<void>;
  readonly handler: object;
  #end: () => void = () => {};

  constructor(generation: Generation, behaviour: Behaviour = {}) {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.handler = generation === 1 ? this.#first(behaviour) : this.#second(behaviour);
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  /** Records an end before the behaviour, which may throw. */
  #done(call: string): void {
    this.calls.push(call);
    this.#end();
  }

  #first(behaviour: Behaviour): object {
    return {
      onConnect: (abort: (reason?: Error) => void) => {
        this.calls.push('start');
        this.abort = abort;
        behaviour.onStart?.(abort);
      },
      onHeaders: (status: number, headers: Buffer[], resume: () => void, statusText: string) => {
        this.calls.push('head');
        Object.assign(this, { status, statusText, resume, headers: parse(headers) });
        behaviour.onHead?.(status);
        return true;
      },
      onData: (chunk: Buffer) => {
        this.chunks.push(chunk);
        return behaviour.onData?.(chunk) ?? true;
      },
      onComplete: (trailers: Buffer[]) => {
        this.trailers = parse(trailers);
        this.#done('end');
        behaviour.onEnd?.();
      },
      onUpgrade: (status: number, headers: Buffer[], socket: Duplex) => {
        Object.assign(this, { status, socket, headers: parse(headers) });
        this.#done('upgrade');
        behaviour.onUpgrade?.(socket);
      },
      onError: (error: Error) => {
        this.errors.push(error);
        this.#done('error');
        behaviour.onError?.(error);
      },
    };
  }

  #second(behaviour: Behaviour): object {
    return {
      onRequestStart: (controller: Controller) => {
        this.calls.push('start');
        this.abort = (reason) => controller.abort(reason as Error);
        this.resume = () => controller.resume();
        behaviour.onStart?.(this.abort);
      },
      onResponseStart: (_: Controller, status: number, headers: Record<string, string>, statusText: string) => {
        this.calls.push('head');
        Object.assign(this, { status, statusText, headers });
        behaviour.onHead?.(status);
      },
      onResponseData: (controller: Controller, chunk: Buffer) => {
        this.chunks.push(chunk);
        if (behaviour.onData?.(chunk) === false) controller.pause();
      },
      onResponseEnd: (_: Controller, trailers: Record<string, string>) => {
        this.trailers = trailers;
        this.#done('end');
        behaviour.onEnd?.();
      },
      onRequestUpgrade: (_: Controller, status: number, headers: Record<string, string>, socket: Duplex) => {
        Object.assign(this, { status, socket, headers });
        this.#done('upgrade');
        behaviour.onUpgrade?.(socket);
      },
      onResponseError: (_: Controller, error: Error) => {
        this.errors.push(error);
        this.#done('error');
        behaviour.onError?.(error);
      },
    };
  }
}

function parse(raw: Buffer[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) headers[`${raw[index]}`.toLowerCase()] = `${raw[index + 1]}`;
  return headers;
}
