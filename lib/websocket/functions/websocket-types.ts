/**
 * The types and constants of websocket.h in JavaScript. Members of the enums have the SDK's names without prefix and
 * suffix, and the SDK's values, buffer types as unsigned numbers (the SDK's enum is a signed int whose values have the
 * top bit set).
 */
import type { BackendName } from '../../backend.ts';
import type { Bytes } from '../../bytes.ts';
import type { WebSocketActionContext } from './action-context.ts';
import type { WebSocketHandle } from './handle.ts';

/** The action that the caller must perform. Source: Microsoft, WEB_SOCKET_ACTION enumeration (websocket.h). */
export const Action = {
  /** Nothing to do now; another action may have to be completed first. */
  NO_ACTION: 0,
  /** Write the buffers to the network, in order and as one unit. */
  SEND_TO_NETWORK: 1,
  /** A send operation has completed. */
  INDICATE_SEND_COMPLETE: 2,
  /** Read up to `room` bytes from the network. */
  RECEIVE_FROM_NETWORK: 3,
  /** A receive operation has completed; the action contains the data. */
  INDICATE_RECEIVE_COMPLETE: 4,
} as const;
export type Action = (typeof Action)[keyof typeof Action];

/** The queue whose action is requested. Source: Microsoft, WEB_SOCKET_ACTION_QUEUE enumeration (websocket.h). */
export const ActionQueue = {
  SEND: 1,
  RECEIVE: 2,
  ALL: 3,
} as const;
export type ActionQueue = (typeof ActionQueue)[keyof typeof ActionQueue];

/** The kind of a frame or message part. Source: Microsoft, WEB_SOCKET_BUFFER_TYPE enumeration (websocket.h). */
export const BufferType = {
  /** The last or only part of a text message. */
  UTF8_MESSAGE: 0x80000000,
  /** A part of a text message; more parts follow. */
  UTF8_FRAGMENT: 0x80000001,
  /** The last or only part of a binary message. */
  BINARY_MESSAGE: 0x80000002,
  /** A part of a binary message; more parts follow. */
  BINARY_FRAGMENT: 0x80000003,
  CLOSE: 0x80000004,
  /** A ping when sent, a pong when received. */
  PING_PONG: 0x80000005,
  /** A pong without a ping; can only be sent. */
  UNSOLICITED_PONG: 0x80000006,
} as const;
export type BufferType = (typeof BufferType)[keyof typeof BufferType];

/**
 * Properties of a handle or of the component. Source: Microsoft, WEB_SOCKET_PROPERTY_TYPE enumeration (websocket.h).
 */
export const PropertyType = {
  /** Size of the receive buffer in bytes; at least 256, default 4096. */
  RECEIVE_BUFFER_SIZE: 0,
  /** Size of the send buffer in bytes; default 4096 for a client, 16 for a server. */
  SEND_BUFFER_SIZE: 1,
  /** Client: masks with the key 0. Server: also accepts frames that are not masked. */
  DISABLE_MASKING: 2,
  /** The caller's own memory for both buffers. Rejected here: JavaScript memory cannot be lent for that long. */
  ALLOCATED_BUFFER: 3,
  /** Disables the check that received text is UTF-8. */
  DISABLE_UTF8_VERIFICATION: 4,
  /** Milliseconds after which a caller should send a ping; only for WebSocketGetGlobalProperty. */
  KEEPALIVE_INTERVAL: 5,
  /** The supported protocol versions; only for WebSocketGetGlobalProperty. */
  SUPPORTED_VERSIONS: 6,
} as const;
export type PropertyType = (typeof PropertyType)[keyof typeof PropertyType];

/** One header of the HTTP exchange; both strings are latin1. Source: Microsoft, WEB_SOCKET_HTTP_HEADER structure (websocket.h). */
export interface HttpHeader {
  readonly name: string;
  readonly value: string;
}

/** One creation property. Source: Microsoft, WEB_SOCKET_PROPERTY structure (websocket.h). */
export interface WebSocketProperty {
  readonly type: number;
  /** A number or boolean is passed as 4 bytes (ULONG, BOOL), bytes as they are. */
  readonly value: number | boolean | ArrayBufferView | ArrayBufferLike;
}

/** The backend of a call; see {@link BackendName}. */
export interface BackendOption {
  readonly backend?: BackendName | undefined;
}

/** The payload of a close. Source: Microsoft, WEB_SOCKET_BUFFER union, CloseStatus (websocket.h). */
export interface WebSocketClose {
  readonly status: number;
  /** A string is sent as UTF-8. `undefined` means a NULL pointer, an empty string a pointer with length 0. */
  readonly reason?: string | ArrayBufferView | ArrayBufferLike | undefined;
}

/** The payload of a received close; the reason is `undefined` if its pointer was NULL. */
export interface ReceivedClose {
  readonly status: number;
  readonly reason: string | undefined;
}

/** The extensions and the sub-protocol that the server has chosen. */
export interface SelectedOptions {
  /** Zero-based indices into the offered extensions. */
  readonly selectedExtensions: number[];
  /** Zero-based index into the offered sub-protocols, `undefined` if none was chosen. */
  readonly selectedSubprotocol: number | undefined;
}

/** Result of WebSocketGetAction. */
export interface WebSocketAction<ActionContext = WebSocketActionContext> {
  readonly action: Action;
  /** The type of the operation or frame; 0 without one. */
  readonly bufferType: BufferType | 0;
  /**
   * SEND_TO_NETWORK: the bytes to write, in order. INDICATE_RECEIVE_COMPLETE: one buffer, the received bytes. Otherwise
   * empty. The bytes are a copy.
   */
  readonly buffers: Buffer[];
  /** Number of bytes that RECEIVE_FROM_NETWORK accepts; otherwise 0. */
  readonly room: number;
  /** The payload of a received close. */
  readonly close?: ReceivedClose | undefined;
  /** The context passed to the WebSocketSend or WebSocketReceive of this action. */
  readonly applicationContext: unknown;
  /** Pass it to WebSocketCompleteAction once. `undefined` with NO_ACTION. */
  readonly actionContext: ActionContext | undefined;
}

/**
 * The 13 functions of websocket.h. Any object of this shape can replace `winwire/sys`, with handles and action contexts
 * of any type.
 */
export interface WebSocketFunctions<Handle = WebSocketHandle, ActionContext = WebSocketActionContext> {
  /** Creates the handle of a client. */
  WebSocketCreateClientHandle(
    properties?: readonly WebSocketProperty[] | undefined,
    options?: BackendOption | undefined,
  ): Handle;
  /** Returns the headers of the request that opens the connection. */
  WebSocketBeginClientHandshake(
    handle: Handle,
    subprotocols?: readonly string[] | undefined,
    extensions?: readonly string[] | undefined,
    headers?: readonly HttpHeader[] | undefined,
  ): HttpHeader[];
  /** Verifies the headers of the server's answer and returns its choices. */
  WebSocketEndClientHandshake(handle: Handle, headers: readonly HttpHeader[]): SelectedOptions;
  /** Creates the handle of a server. */
  WebSocketCreateServerHandle(
    properties?: readonly WebSocketProperty[] | undefined,
    options?: BackendOption | undefined,
  ): Handle;
  /** Verifies the headers of a request and returns those of the answer. */
  WebSocketBeginServerHandshake(
    handle: Handle,
    subprotocol: string | undefined,
    extensions: readonly string[] | undefined,
    headers: readonly HttpHeader[],
  ): HttpHeader[];
  /** Opens a server after its answer was sent. */
  WebSocketEndServerHandshake(handle: Handle): void;
  /** Queues a message, a part of one, a ping, a pong or a close. */
  WebSocketSend(handle: Handle, bufferType: number, data?: Bytes | WebSocketClose | undefined, context?: unknown): void;
  /** Queues a receive: one message, or a part of one. */
  WebSocketReceive(handle: Handle, buffer?: Bytes | undefined, context?: unknown): void;
  /** Returns the next action of a queue. */
  WebSocketGetAction(handle: Handle, queue: number): WebSocketAction<ActionContext>;
  /** Completes an action with a number of bytes, or with the received bytes. */
  WebSocketCompleteAction(
    handle: Handle,
    actionContext: ActionContext | undefined,
    bytesTransferred: number | Bytes,
  ): void;
  /** Aborts the queued operations; the queues must still be drained. */
  WebSocketAbortHandle(handle: Handle): void;
  /** Deletes the handle. */
  WebSocketDeleteHandle(handle: Handle): void;
  /** Returns a property of the component. */
  WebSocketGetGlobalProperty(type: number, options?: BackendOption | undefined): number | number[];
}
