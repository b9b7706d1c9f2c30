// A client handle and a server handle joined in memory, and the driving loop of the 13 functions between them.
//
//   using pair = openPair();                                  // created, handshake done
//   WebSocketSend(pair.client.handle, BufferType.UTF8_MESSAGE, bytes, 'context');
//   WebSocketReceive(pair.server.handle);
//   pump(pair);                                               // until both are idle and no byte moves
//   pair.server.received                                      // [{ bufferType, data, close, context }]
//   pair.server.trace                                         // every action that pump took
//
// A hostile or scripted peer is an endpoint alone: `openEndpoint('server')`, `feed(endpoint, bytes)`, `drive(endpoint)`;
// what it writes is in `endpoint.written`.
import type { BackendName } from '../../lib/backend.ts';
import * as sys from '../../lib/sys.ts';

const { Action, ActionQueue, BufferType } = sys;

export type Role = 'client' | 'server';

export interface EndpointOptions {
  backend?: BackendName | undefined;
  properties?: readonly sys.WebSocketProperty[] | undefined;
}

export interface PairOptions {
  client?: EndpointOptions;
  server?: EndpointOptions;
  /** What `openPair` offers and selects. */
  handshake?: HandshakeOptions;
}

export interface HandshakeOptions {
  subprotocols?: readonly string[];
  extensions?: readonly string[];
  /** Headers of the request besides the WebSocket ones; Host is added if missing. */
  headers?: readonly sys.HttpHeader[];
  selectedSubprotocol?: string;
  selectedExtensions?: readonly string[];
}

export interface HandshakeResult extends sys.SelectedOptions {
  request: sys.HttpHeader[];
  response: sys.HttpHeader[];
}

/** One indication of a receive. */
export interface Received {
  bufferType: number;
  data: Buffer;
  close: sys.ReceivedClose | undefined;
  context: unknown;
}

/** An action processed by `drive`. */
export interface TraceEntry {
  action: sys.Action;
  bufferType: number;
  /** Bytes written, stored or indicated. */
  size: number;
  context: unknown;
}

export class Endpoint {
  readonly role: Role;
  readonly handle: sys.WebSocketHandle;
  /** The endpoint that receives its bytes. */
  peer: Endpoint | undefined;
  /** Received bytes that were not yet read. */
  readonly inbox: Buffer[] = [];
  /** Each SEND_TO_NETWORK as one chunk. */
  readonly written: Buffer[] = [];
  readonly received: Received[] = [];
  /** Contexts of the completed sends. */
  readonly sent: unknown[] = [];
  readonly trace: TraceEntry[] = [];
  /** A RECEIVE_FROM_NETWORK that waits for bytes. */
  pendingRead: sys.WebSocketAction | undefined;

  constructor(role: Role, options: EndpointOptions = {}) {
    this.role = role;
    const create = role === 'client' ? sys.WebSocketCreateClientHandle : sys.WebSocketCreateServerHandle;
    this.handle = create(options.properties, { backend: options.backend });
  }

  [Symbol.dispose](): void {
    this.handle[Symbol.dispose]();
  }
}

export class Pair {
  readonly client: Endpoint;
  readonly server: Endpoint;

  constructor(options: PairOptions = {}) {
    this.client = new Endpoint('client', options.client);
    this.server = new Endpoint('server', options.server);
    this.client.peer = this.server;
    this.server.peer = this.client;
  }

  [Symbol.dispose](): void {
    this.client[Symbol.dispose]();
    this.server[Symbol.dispose]();
  }
}

/** Returns two connected handles without a handshake. */
export function createPair(options: PairOptions = {}): Pair {
  return new Pair(options);
}

/** Returns two connected handles after their handshake. */
export function openPair(options: PairOptions = {}): Pair {
  const pair = createPair(options);
  handshake(pair, options.handshake);
  return pair;
}

/** Returns a single handle after a handshake with made-up headers; its bytes come from `feed`. */
export function openEndpoint(role: Role, options: EndpointOptions = {}): Endpoint {
  const pair = createPair({ [role]: options });
  handshake(pair);
  const endpoint = pair[role];
  (endpoint.peer as Endpoint)[Symbol.dispose]();
  endpoint.peer = undefined;
  return endpoint;
}

/** Performs both handshakes by passing header arrays. */
export function handshake(pair: Pair, options: HandshakeOptions = {}): HandshakeResult {
  const { headers = [], subprotocols, extensions } = options;
  const withHost = headers.some(({ name }) => name.toLowerCase() === 'host')
    ? headers
    : [{ name: 'Host', value: 'localhost' }, ...headers];
  const added = sys.WebSocketBeginClientHandshake(pair.client.handle, subprotocols, extensions, withHost);
  const replaced = new Set(added.map(({ name }) => name.toLowerCase()));
  const request = [...withHost.filter(({ name }) => !replaced.has(name.toLowerCase())), ...added];
  const response = sys.WebSocketBeginServerHandshake(
    pair.server.handle,
    options.selectedSubprotocol,
    options.selectedExtensions,
    request,
  );
  const selected = sys.WebSocketEndClientHandshake(pair.client.handle, response);
  sys.WebSocketEndServerHandshake(pair.server.handle);
  return { ...selected, request, response };
}

/** Feeds bytes to an endpoint, as one network read unless they exceed the handle's buffer. */
export function feed(endpoint: Endpoint, bytes: Uint8Array | string): void {
  endpoint.inbox.push(typeof bytes === 'string' ? Buffer.from(bytes.replaceAll(/\s/g, ''), 'hex') : Buffer.from(bytes));
}

export interface DriveOptions {
  queue?: sys.ActionQueue | undefined;
  /** The maximum size of one network read. */
  chunk?: number | undefined;
}

/**
 * Runs the loop of one handle until it is idle: NO_ACTION, or a read without bytes (the action stays outstanding in
 * `pendingRead`). Returns true if anything changed. Throws the WinwireError of GetAction.
 */
export function drive(
  endpoint: Endpoint,
  { queue = ActionQueue.ALL, chunk = Number.POSITIVE_INFINITY }: DriveOptions = {},
): boolean {
  let moved = false;
  for (;;) {
    if (endpoint.pendingRead !== undefined && endpoint.inbox.length > 0) {
      completeRead(endpoint, endpoint.pendingRead, chunk);
      endpoint.pendingRead = undefined;
      moved = true;
    }
    const action = sys.WebSocketGetAction(endpoint.handle, queue);
    if (action.action === Action.NO_ACTION) return moved;
    if (action.action === Action.RECEIVE_FROM_NETWORK) {
      endpoint.pendingRead = action;
      continue;
    }
    perform(endpoint, action);
    moved = true;
  }
}

/** Drives both endpoints until both are idle. */
export function pump(pair: Pair, options: DriveOptions = {}): void {
  while ([drive(pair.client, options), drive(pair.server, options)].includes(true));
}

/**
 * Sends one message part (or none) and keeps a receive queued at the other end until everything has arrived; returns
 * the joined payload of the indications, and their types.
 */
export function transfer(
  from: Endpoint,
  bufferType: number,
  data?: sys.Bytes,
): { data: Buffer; bufferTypes: number[] } {
  const to = from.peer;
  if (to === undefined) throw new Error('transfer needs an endpoint with a peer');
  sys.WebSocketSend(from.handle, bufferType, data);
  const first = to.received.length;
  do {
    const before = to.received.length;
    sys.WebSocketReceive(to.handle);
    while ([drive(from), drive(to)].includes(true));
    if (to.received.length === before) throw new Error('the message did not arrive');
  } while (isFragmentOf(to.received.at(-1)?.bufferType, bufferType));
  const parts = to.received.slice(first);
  return { data: Buffer.concat(parts.map((part) => part.data)), bufferTypes: parts.map((part) => part.bufferType) };
}

/** Aborts, completes everything with 0 and returns the drained actions. */
export function abortAndDrain(endpoint: Endpoint): TraceEntry[] {
  sys.WebSocketAbortHandle(endpoint.handle);
  if (endpoint.pendingRead !== undefined) {
    sys.WebSocketCompleteAction(endpoint.handle, endpoint.pendingRead.actionContext, 0);
    endpoint.pendingRead = undefined;
  }
  const drained: TraceEntry[] = [];
  for (;;) {
    const action = sys.WebSocketGetAction(endpoint.handle, ActionQueue.ALL);
    if (action.action === Action.NO_ACTION) return drained;
    drained.push(traceEntry(action, 0));
    sys.WebSocketCompleteAction(endpoint.handle, action.actionContext, 0);
  }
}

function isFragmentOf(part: number | undefined, message: number): boolean {
  if (message === BufferType.UTF8_MESSAGE) return part === BufferType.UTF8_FRAGMENT;
  if (message === BufferType.BINARY_MESSAGE) return part === BufferType.BINARY_FRAGMENT;
  return false;
}

function perform(endpoint: Endpoint, action: sys.WebSocketAction): void {
  const bytes = Buffer.concat(action.buffers);
  endpoint.trace.push(traceEntry(action, bytes.length));
  if (action.action === Action.SEND_TO_NETWORK) {
    endpoint.written.push(bytes);
    endpoint.peer?.inbox.push(bytes);
    sys.WebSocketCompleteAction(endpoint.handle, action.actionContext, bytes.length);
    return;
  }
  if (action.action === Action.INDICATE_SEND_COMPLETE) endpoint.sent.push(action.applicationContext);
  else {
    const { bufferType, close, applicationContext: context } = action;
    endpoint.received.push({ bufferType, data: action.buffers[0] as Buffer, close, context });
  }
  sys.WebSocketCompleteAction(endpoint.handle, action.actionContext, 0);
}

function completeRead(endpoint: Endpoint, read: sys.WebSocketAction, chunk: number): void {
  const bytes = endpoint.inbox.shift() as Buffer;
  const size = Math.min(bytes.length, read.room, chunk);
  if (size < bytes.length) endpoint.inbox.unshift(bytes.subarray(size));
  endpoint.trace.push(traceEntry(read, size));
  sys.WebSocketCompleteAction(endpoint.handle, read.actionContext, size === 0 ? 0 : bytes.subarray(0, size));
}

function traceEntry(action: sys.WebSocketAction, size: number): TraceEntry {
  return { action: action.action, bufferType: action.bufferType, size, context: action.applicationContext };
}
