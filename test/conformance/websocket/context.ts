// What a statement's test works with: handles of the backends under test, which are gone when it ends, and the checks
// that know which assertion is a gate.
import assert from 'node:assert/strict';
import { Endpoint, exchange, type Seen } from './endpoint.ts';
import { requestHeaders, responseHeaders } from './handshake.ts';
import { ActionQueue, type HttpHeader, sys, type WebSocketHandle, type WebSocketProperty } from './subject.ts';
import type { FrameOptions } from './wire.ts';

export type Role = 'client' | 'server';
export const ROLES: readonly Role[] = ['client', 'server'];

/** Which backend serves each role, and whether what is only assumed must hold as well. */
export interface Lane {
  readonly client: string;
  readonly server: string;
  readonly strict: boolean;
}

export interface PairOptions {
  client?: readonly WebSocketProperty[];
  server?: readonly WebSocketProperty[];
  /** Whether the server ends its handshake by WebSocketEndServerHandshake; a data call does so too. */
  endServer?: boolean;
  /** Runs between the creation of the handles and the handshake. */
  beforeHandshake?: (client: WebSocketHandle, server: WebSocketHandle) => void;
}

/** How a call fails: `code` is asserted wherever the statement runs, `preferred` only where assumptions must hold. */
export interface Failure {
  code?: string;
  preferred?: string;
}

export const OPERATION = 'E_INVALID_PROTOCOL_OPERATION';
export const FORMAT = 'E_INVALID_PROTOCOL_FORMAT';

let created = 0;

/** How many handles the statements of this process have created. */
export function handlesCreated(): number {
  return created;
}

interface NativeFailure extends Error {
  code: string;
  hresult: number;
  syscall: string;
}

function failureOf(call: () => unknown): NativeFailure {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof Error);
    const { hresult } = error as NativeFailure;
    if (typeof hresult !== 'number') throw error;
    return error as NativeFailure;
  }
  return assert.fail('the call succeeds');
}

export class StatementContext {
  readonly sys: typeof sys = sys;
  readonly lane: Lane;
  /** What was found otherwise than assumed, where that is no failure. */
  readonly notes: string[] = [];
  readonly #handles = new Set<WebSocketHandle>();

  constructor(lane: Lane) {
    this.lane = lane;
  }

  create(role: Role, properties?: readonly WebSocketProperty[]): WebSocketHandle {
    created += 1;
    const options = { backend: this.lane[role] as 'system' | 'portable' };
    const handle =
      role === 'client'
        ? sys.WebSocketCreateClientHandle(properties, options)
        : sys.WebSocketCreateServerHandle(properties, options);
    this.#handles.add(handle);
    return handle;
  }

  delete(handle: WebSocketHandle): void {
    this.#handles.delete(handle);
    sys.WebSocketDeleteHandle(handle);
  }

  dispose(): void {
    const handles = [...this.#handles];
    this.#handles.clear();
    for (const handle of handles) {
      sys.WebSocketAbortHandle(handle);
      sys.WebSocketDeleteHandle(handle);
    }
  }

  globalProperty(type: number): number | number[] {
    return sys.WebSocketGetGlobalProperty(type, { backend: this.lane.client as 'system' | 'portable' });
  }

  /** A client between Begin and End, and the request headers it gave. */
  begunClient(offer: { subprotocols?: string[]; extensions?: string[]; headers?: HttpHeader[] } = {}) {
    const handle = this.create('client');
    const request = sys.WebSocketBeginClientHandshake(handle, offer.subprotocols, offer.extensions, offer.headers);
    return { handle, request };
  }

  /** An endpoint whose handshake was done by hand, with nobody at the other end. */
  open(role: Role, properties?: readonly WebSocketProperty[]): Endpoint {
    const handle = this.create(role, properties);
    if (role === 'client') {
      const request = sys.WebSocketBeginClientHandshake(handle);
      sys.WebSocketEndClientHandshake(handle, responseHeaders(request));
    } else {
      sys.WebSocketBeginServerHandshake(handle, undefined, undefined, requestHeaders());
      sys.WebSocketEndServerHandshake(handle);
    }
    return new Endpoint(sys, handle, role);
  }

  /** A client and a server handle that did their handshake with each other. */
  pair(options: PairOptions = {}): { client: Endpoint; server: Endpoint } {
    const client = this.create('client', options.client);
    const server = this.create('server', options.server);
    options.beforeHandshake?.(client, server);
    const host: HttpHeader = { name: 'Host', value: 'server.example.com' };
    const request = sys.WebSocketBeginClientHandshake(client, undefined, undefined, [host]);
    const response = sys.WebSocketBeginServerHandshake(server, undefined, undefined, [host, ...request]);
    sys.WebSocketEndClientHandshake(client, response);
    if (options.endServer ?? true) sys.WebSocketEndServerHandshake(server);
    return { client: new Endpoint(sys, client, 'client'), server: new Endpoint(sys, server, 'server') };
  }

  /** Fails unless the call is refused by the backend: with an HRESULT, from that function. */
  fails(syscall: keyof typeof sys, call: () => unknown, { code, preferred }: Failure = {}): void {
    const failure = failureOf(call);
    assert.ok(failure.hresult >= 0x80000000, `0x${failure.hresult.toString(16)} is a failure`);
    assert.equal(failure.syscall, syscall);
    if (code !== undefined) assert.equal(failure.code, code);
    if (preferred !== undefined) this.assumed(() => assert.equal(failure.code, preferred));
  }

  /** An assertion that is no gate: where only what is known must hold, its failure becomes a note. */
  assumed(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (this.lane.strict) throw error;
      this.notes.push((error as Error).message);
    }
  }

  /** The endpoint's peer sends the frame, and the next GetAction on the receive queue fails. */
  refusesFrame(endpoint: Endpoint, frame: FrameOptions | Uint8Array, failure: Failure = {}): void {
    endpoint.receive();
    if (frame instanceof Uint8Array) endpoint.feed(frame);
    else endpoint.feedFrames(frame);
    this.fails('WebSocketGetAction', () => endpoint.pump(ActionQueue.RECEIVE), failure);
  }

  /** The endpoint's peer sends the frames, and everything they hold is indicated: the control of a refusal. */
  takesFrames(endpoint: Endpoint, ...frames: FrameOptions[]): Seen[] {
    endpoint.feedFrames(...frames);
    const seen = endpoint.pumpAll();
    assert.equal(endpoint.unread, 0, 'everything is read');
    return seen;
  }

  exchange(a: Endpoint, b: Endpoint): { a: Seen[]; b: Seen[] } {
    return exchange(a, b);
  }
}
