// Random calls with random arguments on a few handles at once: every call succeeds or throws a documented error, and in
// the end every handle is deleted.
import { describe, expect, it } from 'vitest';
import { isArgumentCode, WinwireError } from '../../lib/errors.ts';
import { loadNative } from '../../lib/native.ts';
import * as sys from '../../lib/sys.ts';
import { availableBackends } from '../helpers/backends.ts';

const { openHandleCount } = loadNative();
const CALLS = 8000;

/** A reproducible generator of numbers from 0 to 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

class RandomCaller {
  readonly #random: () => number;
  readonly #backend: 'system' | 'portable';
  readonly #handles: sys.WebSocketHandle[] = [];
  readonly #actions: sys.WebSocketAction[] = [];
  /** Bytes that were to be written, to be read by some handle. */
  readonly #wire: Buffer[] = [];
  #request: sys.HttpHeader[] = [];
  #response: sys.HttpHeader[] = [];
  readonly outcomes = new Map<string, number>();

  constructor(seed: number, backend: 'system' | 'portable') {
    this.#random = randomOf(seed);
    this.#backend = backend;
  }

  call(): void {
    const [name, call] = this.#pick<[string, () => unknown]>(this.#calls);
    let outcome = 'done';
    try {
      call();
    } catch (error) {
      outcome = this.#judge(error);
    }
    const key = `${name}: ${outcome}`;
    this.outcomes.set(key, (this.outcomes.get(key) ?? 0) + 1);
  }

  deleteAll(): void {
    for (const handle of this.#handles) handle[Symbol.dispose]();
  }

  readonly #calls: [string, () => unknown][] = [
    ['create', () => this.#create()],
    ['delete', () => this.#random() < 0.02 && sys.WebSocketDeleteHandle(this.#handle())],
    ['abort', () => this.#random() < 0.02 && sys.WebSocketAbortHandle(this.#handle())],
    ['begin client', () => this.#beginClient()],
    ['begin server', () => this.#beginServer()],
    ['end client', () => sys.WebSocketEndClientHandshake(this.#handle(), this.#response)],
    ['end server', () => sys.WebSocketEndServerHandshake(this.#handle())],
    ['send', () => this.#send()],
    ['send', () => this.#send()],
    ['close', () => this.#random() < 0.05 && this.#close()],
    ['receive', () => this.#receive()],
    ['receive', () => this.#receive()],
    ...Array.from({ length: 6 }, (): [string, () => unknown] => ['get', () => this.#get()]),
    ...Array.from({ length: 6 }, (): [string, () => unknown] => ['complete', () => this.#complete()]),
    ['connect', () => this.#connect()],
  ];

  #judge(error: unknown): string {
    if (error instanceof WinwireError) return error.code;
    const { code } = error as { code?: unknown };
    if ((error instanceof TypeError || error instanceof RangeError) && isArgumentCode(code)) return String(code);
    throw error;
  }

  #create(): void {
    if (this.#handles.length >= 12) this.#handles.splice(this.#below(12), 1)[0]?.[Symbol.dispose]();
    const create = this.#pick([sys.WebSocketCreateClientHandle, sys.WebSocketCreateServerHandle]);
    const properties = this.#random() < 0.5 ? [{ type: 0, value: this.#pick([255, 256, 300, 4096, 65536]) }] : [];
    this.#handles.push(create(properties, { backend: this.#backend }));
  }

  /** Opens two handles with each other, so that some calls succeed. */
  #connect(): void {
    if (this.#handles.length >= 12) return;
    const client = sys.WebSocketCreateClientHandle([], { backend: this.#backend });
    const server = sys.WebSocketCreateServerHandle([], { backend: this.#backend });
    this.#handles.push(client, server);
    const request = [{ name: 'Host', value: 'h' }, ...sys.WebSocketBeginClientHandshake(client)];
    const response = sys.WebSocketBeginServerHandshake(server, undefined, undefined, request);
    sys.WebSocketEndClientHandshake(client, response);
  }

  #beginClient(): void {
    this.#request = sys.WebSocketBeginClientHandshake(this.#handle(), this.#pick([undefined, ['a'], ['a b'], []]));
  }

  #beginServer(): void {
    const headers = this.#random() < 0.8 ? [{ name: 'Host', value: 'h' }, ...this.#request] : [];
    const extensions = this.#pick([undefined, ['x']]);
    this.#response = sys.WebSocketBeginServerHandshake(this.#handle(), undefined, extensions, headers);
  }

  #send(): void {
    const type = this.#pick([...Object.values(sys.BufferType), 0x80000002, 0x80000002, 0, 0xffffffff]);
    const data = this.#pick<sys.Bytes | undefined>([undefined, this.#bytes(), this.#bytes(), this.#bytes().buffer]);
    sys.WebSocketSend(this.#handle(), type, data, this.#context());
  }

  #close(): void {
    const status = this.#pick([0, 1000, 1005, 3000, 65535, 65536]);
    sys.WebSocketSend(this.#handle(), sys.BufferType.CLOSE, {
      status,
      reason: this.#pick([undefined, '', 'x', 'x'.repeat(200)]),
    });
  }

  #receive(): void {
    sys.WebSocketReceive(this.#handle(), this.#pick([undefined, undefined, this.#bytes()]), this.#context());
  }

  #get(): void {
    const action = sys.WebSocketGetAction(this.#handle(), this.#pick([1, 2, 3, 3, 4]));
    if (action.action === sys.Action.SEND_TO_NETWORK) this.#wire.push(Buffer.concat(action.buffers));
    if (action.actionContext !== undefined) this.#actions.push(action);
    if (this.#actions.length > 30) this.#actions.shift();
  }

  /** Usually correct, sometimes with a wrong handle, count or context. */
  #complete(): void {
    const action = this.#actions.at(this.#random() < 0.8 ? -1 : this.#below(30));
    const transferred =
      action?.action === sys.Action.RECEIVE_FROM_NETWORK
        ? this.#pick([0, 1, this.#wire.pop() ?? this.#bytes(), this.#bytes().subarray(0, action.room)])
        : this.#pick([0, Buffer.concat(action?.buffers ?? []).length, 1, 0xffffffff]);
    for (const handle of this.#random() < 0.9 ? this.#handles : [this.#handle()]) {
      try {
        sys.WebSocketCompleteAction(handle, action?.actionContext, transferred);
        return;
      } catch (error) {
        if (this.#judge(error) !== 'ERR_INVALID_ACTION_CONTEXT') throw error;
      }
    }
  }

  #handle(): sys.WebSocketHandle {
    return this.#pick(this.#handles);
  }

  #bytes(): Buffer {
    const bytes = Buffer.alloc(this.#pick([0, 1, 2, 100, 127, 128, 129, 511, 512, 513, 5000]));
    return bytes.fill(this.#pick([0x61, 0x81, 0x82, 0x88, 0x89, 0xff]));
  }

  #context(): unknown {
    return this.#pick<unknown>([undefined, 0, {}, this.#handles]);
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#below(values.length)] as T;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

describe.each(availableBackends)('random calls of %s', (backend) => {
  it.each([1, 2, 3])('with seed %i return results or documented errors', (seed) => {
    const before = openHandleCount();
    const caller = new RandomCaller(seed, backend);
    for (let calls = 0; calls < CALLS; calls++) caller.call();
    caller.deleteAll();
    expect(openHandleCount()).toBe(before);
    // Proves that the calls were made.
    for (const name of ['send', 'receive', 'get', 'complete', 'begin client', 'begin server']) {
      expect(caller.outcomes.get(`${name}: done`)).toBeGreaterThan(CALLS / 1000);
    }
    expect([...caller.outcomes.keys()].filter((key) => key.includes('ERR_INVALID')).length).toBeGreaterThan(5);
  });
});
