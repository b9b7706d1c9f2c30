/**
 * The types and constants of websocket.h as JavaScript sees them. Members of the enums carry the SDK's names without
 * prefix and suffix; values are the SDK's, buffer types as unsigned numbers (the SDK's enum is a signed int whose values
 * have the top bit set).
 */
import type { BackendName } from '../../backend.ts';
import type { Bytes } from '../../bytes.ts';
import type { WebSocketActionContext } from './action-context.ts';
import type { WebSocketHandle } from './handle.ts';

/** What the caller is asked to do next. Source: Microsoft, WEB_SOCKET_ACTION enumeration (websocket.h). */
export const Action = {
  /** Nothing to do now; not the same as "done": another action may have to be completed first. */
  NO_ACTION: 0,
  /** Write the buffers to the network, in order and as one unit. */
  SEND_TO_NETWORK: 1,
  /** A send operation has ended. */
  INDICATE_SEND_COMPLETE: 2,
  /** Read up to `room` bytes from the network. */
  RECEIVE_FROM_NETWORK: 3,
  /** A receive operation has ended and shows what arrived. */
  INDICATE_RECEIVE_COMPLETE: 4,
} as const;
export type Action = (typeof Action)[keyof typeof Action];

/** Which queue to ask for an action. Source: Microsoft, WEB_SOCKET_ACTION_QUEUE enumeration (websocket.h). */
export const ActionQueue = {
  SEND: 1,
  RECEIVE: 2,
  ALL: 3,
} as const;
export type ActionQueue = (typeof ActionQueue)[keyof typeof ActionQueue];

/** The kind of a message part or frame. Source: Microsoft, WEB_SOCKET_BUFFER_TYPE enumeration (websocket.h). */
export const BufferType = {
  /** The last or only part of a text message. */
  UTF8_MESSAGE: 0x80000000,
  /** A part of a text message that more parts follow. */
  UTF8_FRAGMENT: 0x80000001,
  /** The last or only part of a binary message. */
  BINARY_MESSAGE: 0x80000002,
  /** A part of a binary message that more parts follow. */
  BINARY_FRAGMENT: 0x80000003,
  CLOSE: 0x80000004,
  /** A ping when sent, a pong when received. */
  PING_PONG: 0x80000005,
  /** A pong that nobody asked for; only to be sent. */
  UNSOLICITED_PONG: 0x80000006,
} as const;
export type BufferType = (typeof BufferType)[keyof typeof BufferType];

/** What can be configured or asked. Source: Microsoft, WEB_SOCKET_PROPERTY_TYPE enumeration (websocket.h). */
export const PropertyType = {
  /** Bytes of the receive buffer; at least 256, 4096 if not given. */
  RECEIVE_BUFFER_SIZE: 0,
  /** Bytes of the send buffer; 4096 for a client, 16 for a server if not given. */
  SEND_BUFFER_SIZE: 1,
  /** Client: mask with the key 0. Server: also accept frames that are not masked. */
  DISABLE_MASKING: 2,
  /** The caller's own memory for both buffers. Refused here: no JavaScript memory can be lent for so long. */
  ALLOCATED_BUFFER: 3,
  /** Do not check that received text is UTF-8. */
  DISABLE_UTF8_VERIFICATION: 4,
  /** Milliseconds after which a caller should send something; only for WebSocketGetGlobalProperty. */
  KEEPALIVE_INTERVAL: 5,
  /** The protocol versions spoken; only for WebSocketGetGlobalProperty. */
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

/** Which backend serves a call; see {@link BackendName}. */
export interface BackendOption {
  readonly backend?: BackendName | undefined;
}

/** What a close says. Source: Microsoft, WEB_SOCKET_BUFFER union, CloseStatus (websocket.h). */
export interface WebSocketClose {
  readonly status: number;
  /** A string is sent as UTF-8. `undefined` stands for a NULL pointer, an empty one for a pointer with length 0. */
  readonly reason?: string | ArrayBufferView | ArrayBufferLike | undefined;
}

/** What an indicated close said: `undefined` as reason where the pointer was NULL. */
export interface ReceivedClose {
  readonly status: number;
  readonly reason: string | undefined;
}

/** What WebSocketEndClientHandshake found the server to have chosen. */
export interface SelectedOptions {
  /** Zero-based indices into the offered extensions. */
  readonly selectedExtensions: number[];
  /** Zero-based index into the offered sub-protocols, `undefined` if none was chosen. */
  readonly selectedSubprotocol: number | undefined;
}

/** What WebSocketGetAction returns. */
export interface WebSocketAction<ActionContext = WebSocketActionContext> {
  readonly action: Action;
  /** The type of the operation or frame; 0 where there is none. */
  readonly bufferType: BufferType | 0;
  /**
   * SEND_TO_NETWORK: what to write, in order. INDICATE_RECEIVE_COMPLETE: exactly one, what arrived. Otherwise empty. The
   * bytes are the caller's own copy.
   */
  readonly buffers: Buffer[];
  /** How many bytes RECEIVE_FROM_NETWORK can take; otherwise 0. */
  readonly room: number;
  /** What an indicated close said. */
  readonly close?: ReceivedClose | undefined;
  /** What was passed to the WebSocketSend or WebSocketReceive that this action belongs to. */
  readonly applicationContext: unknown;
  /** To be passed to WebSocketCompleteAction, once. `undefined` with NO_ACTION. */
  readonly actionContext: ActionContext | undefined;
}

/**
 * The 13 functions of websocket.h. Any object of this shape can stand in for `winwire/sys`; what its handles and action
 * contexts are is its own business.
 */
export interface WebSocketFunctions<Handle = WebSocketHandle, ActionContext = WebSocketActionContext> {
  /** A handle for the client of a connection. */
  WebSocketCreateClientHandle(
    properties?: readonly WebSocketProperty[] | undefined,
    options?: BackendOption | undefined,
  ): Handle;
  /** The headers of the request that opens the connection. */
  WebSocketBeginClientHandshake(
    handle: Handle,
    subprotocols?: readonly string[] | undefined,
    extensions?: readonly string[] | undefined,
    headers?: readonly HttpHeader[] | undefined,
  ): HttpHeader[];
  /** Checks the headers of the server's answer, and tells what it has chosen. */
  WebSocketEndClientHandshake(handle: Handle, headers: readonly HttpHeader[]): SelectedOptions;
  /** A handle for the server of a connection. */
  WebSocketCreateServerHandle(
    properties?: readonly WebSocketProperty[] | undefined,
    options?: BackendOption | undefined,
  ): Handle;
  /** Checks the headers of a request, and returns those of the answer. */
  WebSocketBeginServerHandshake(
    handle: Handle,
    subprotocol: string | undefined,
    extensions: readonly string[] | undefined,
    headers: readonly HttpHeader[],
  ): HttpHeader[];
  /** The answer was sent. */
  WebSocketEndServerHandshake(handle: Handle): void;
  /** Queues a message, a part of one, a ping, a pong or a close. */
  WebSocketSend(handle: Handle, bufferType: number, data?: Bytes | WebSocketClose | undefined, context?: unknown): void;
  /** Queues a receive: one message, or a part of one. */
  WebSocketReceive(handle: Handle, buffer?: Bytes | undefined, context?: unknown): void;
  /** What is to be done next on a queue. */
  WebSocketGetAction(handle: Handle, queue: number): WebSocketAction<ActionContext>;
  /** That was done, with so many bytes or with these. */
  WebSocketCompleteAction(
    handle: Handle,
    actionContext: ActionContext | undefined,
    bytesTransferred: number | Bytes,
  ): void;
  /** Gives up what is queued; it is still to be drained. */
  WebSocketAbortHandle(handle: Handle): void;
  /** Deletes the handle. */
  WebSocketDeleteHandle(handle: Handle): void;
  /** A property of the component itself. */
  WebSocketGetGlobalProperty(type: number, options?: BackendOption | undefined): number | number[];
}
