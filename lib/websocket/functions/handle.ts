/** The handle of the 13 functions: its class, its state and its deletion. */
import type { BackendName } from '../../backend.ts';
import { illegalConstructor, invalidArgumentType, invalidHandle } from '../../errors.ts';
import { loadNative, type NativeHandle } from '../../native.ts';

/**
 * What belongs to a handle. Contexts and buffers are kept here and not by native references, so that a context which
 * refers to its handle is collected with it.
 */
export interface HandleState {
  /** undefined once deleted. */
  native: NativeHandle | undefined;
  readonly backend: BackendName;
  readonly role: 'client' | 'server';
  /** Application contexts by operation number; only made for a context that is not undefined. */
  contexts: unknown[] | undefined;
  /** The buffers given to WebSocketReceive, by operation number. */
  receiveBuffers: Map<number, Uint8Array> | undefined;
}

const CONSTRUCT = Symbol('construct');

/** Wraps what the addon made. */
export let createHandle: (native: NativeHandle, backend: BackendName, role: 'client' | 'server') => WebSocketHandle;

/** The state of a handle, be it deleted. Throws for everything that is none, a Proxy of a handle included. */
export let stateOf: (handle: unknown) => HandleState;

/**
 * One endpoint of a WebSocket connection: what WebSocketCreateClientHandle and WebSocketCreateServerHandle return and the
 * other functions take. It cannot be constructed, cloned or transferred. If it is dropped without
 * WebSocketDeleteHandle, the garbage collector deletes it; the end of its thread does so too.
 *
 * Source: Microsoft, Web Socket Protocol Component API, "WEB_SOCKET_HANDLE".
 */
export class WebSocketHandle {
  readonly #state: HandleState;

  private constructor(key: symbol, state: HandleState) {
    if (key !== CONSTRUCT) {
      throw illegalConstructor('WebSocketHandle', 'WebSocketCreateClientHandle() or WebSocketCreateServerHandle()');
    }
    this.#state = state;
  }

  /** Who answers the calls with this handle. */
  get backend(): BackendName {
    return this.#state.backend;
  }

  /** Whether it was made by WebSocketCreateClientHandle or WebSocketCreateServerHandle. */
  get role(): 'client' | 'server' {
    return this.#state.role;
  }

  /** Deletes the handle as WebSocketDeleteHandle does; nothing happens if it is deleted already. */
  [Symbol.dispose](): void {
    if (this.#state.native !== undefined) deleteState(this.#state);
  }

  static {
    createHandle = (native, backend, role) =>
      new WebSocketHandle(CONSTRUCT, { native, backend, role, contexts: undefined, receiveBuffers: undefined });
    stateOf = (handle) => {
      if (typeof handle === 'object' && handle !== null && #state in handle) return handle.#state;
      throw invalidArgumentType('handle', 'a WebSocketHandle', handle);
    };
  }
}

/** To be asked last: an argument's getter may have deleted the handle. */
export function openNative(state: HandleState): NativeHandle {
  if (state.native === undefined) throw invalidHandle();
  return state.native;
}

/** Ends the handle and lets go of everything it kept alive. */
export function deleteState(state: HandleState): void {
  const native = openNative(state);
  state.native = undefined;
  state.contexts = undefined;
  state.receiveBuffers = undefined;
  loadNative().deleteHandle(native);
}
