/** The handle of the 13 functions: its class, state and deletion. */
import type { BackendName } from '../../backend.ts';
import { illegalConstructor, invalidArgumentType, invalidHandle } from '../../errors.ts';
import { loadNative, type NativeHandle } from '../../native.ts';

/**
 * The state of a handle. Contexts and buffers are kept here instead of in native references, so that a context that
 * refers to its handle can be garbage-collected.
 */
export interface HandleState {
  /** undefined after deletion. */
  native: NativeHandle | undefined;
  readonly backend: BackendName;
  readonly role: 'client' | 'server';
  /** For error texts: the last step of its life that has succeeded. */
  phase: 'created' | 'begun' | 'open' | 'aborted';
  /** For error texts: the sub-protocols that a client has offered. */
  offered: readonly string[];
  /** Application contexts by operation number; created for the first context that is not undefined. */
  contexts: unknown[] | undefined;
  /** The buffers passed to WebSocketReceive, by operation number. */
  receiveBuffers: Map<number, Uint8Array> | undefined;
}

const CONSTRUCT = Symbol('construct');

/** Wraps a handle of the addon. */
export let createHandle: (native: NativeHandle, backend: BackendName, role: 'client' | 'server') => WebSocketHandle;

/**
 * Returns a handle's state, even after deletion. Throws if the value is not a handle; a Proxy of a handle is not one.
 */
export let stateOf: (handle: unknown) => HandleState;

/**
 * One endpoint of a WebSocket connection, created by WebSocketCreateClientHandle or WebSocketCreateServerHandle. It
 * cannot be constructed, cloned or transferred. Without WebSocketDeleteHandle it is deleted by the garbage collector,
 * or when its thread ends.
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

  /** The backend of this handle. */
  get backend(): BackendName {
    return this.#state.backend;
  }

  /** Whether WebSocketCreateClientHandle or WebSocketCreateServerHandle created it. */
  get role(): 'client' | 'server' {
    return this.#state.role;
  }

  /** Deletes the handle as WebSocketDeleteHandle does; has no effect if it is already deleted. */
  [Symbol.dispose](): void {
    if (this.#state.native !== undefined) deleteState(this.#state);
  }

  static {
    createHandle = (native, backend, role) =>
      new WebSocketHandle(CONSTRUCT, {
        native,
        backend,
        role,
        phase: 'created',
        offered: [],
        contexts: undefined,
        receiveBuffers: undefined,
      });
    stateOf = (handle) => {
      if (typeof handle === 'object' && handle !== null && #state in handle) return handle.#state;
      throw invalidArgumentType('handle', 'a WebSocketHandle', handle);
    };
  }
}

/** Call this last: an argument's getter may have deleted the handle. */
export function openNative(state: HandleState): NativeHandle {
  if (state.native === undefined) throw invalidHandle();
  return state.native;
}

/** Deletes the handle and releases everything it kept alive. */
export function deleteState(state: HandleState): void {
  const native = openNative(state);
  state.native = undefined;
  state.contexts = undefined;
  state.receiveBuffers = undefined;
  loadNative().deleteHandle(native);
}
