// An open handle with a byte queue for each direction of a transport, driven like a real connection.
import assert from 'node:assert/strict';
import type { WebSocketHandle } from '../websocket/functions/handle.ts';
import {
  Action,
  ActionQueue,
  BufferType,
  type WebSocketAction,
  type WebSocketFunctions,
} from '../websocket/functions/websocket-types.ts';
import { decodeFrames, EXAMPLE_KEY, encodeFrame, type Frame, type FrameOptions } from './websocket-frames.ts';

/** An action before its completion. */
export interface SeenAction {
  action: number;
  bufferType: number;
  bytes: Buffer;
  close: { status: number; reason: string | undefined } | undefined;
  context: unknown;
  room: number;
}

// Maximum number of steps: a handle that never becomes idle would block the suite.
const MAX_STEPS = 200_000;

const DATA_TYPES: readonly number[] = [
  BufferType.UTF8_MESSAGE,
  BufferType.UTF8_FRAGMENT,
  BufferType.BINARY_MESSAGE,
  BufferType.BINARY_FRAGMENT,
];

export function isFinalPart(bufferType: number): boolean {
  return bufferType === BufferType.UTF8_MESSAGE || bufferType === BufferType.BINARY_MESSAGE;
}

/** Returns the names of actions, for readable assertions. */
export function names(actions: readonly { action: number }[]): string[] {
  return actions.map(({ action }) => Object.entries(Action).find(([, value]) => value === action)?.[0] ?? `${action}`);
}

/** An open handle with a byte queue for each direction of a transport. */
export class WebSocketEndpoint {
  readonly handle: WebSocketHandle;
  readonly role: 'client' | 'server';
  readonly #sys: WebSocketFunctions;
  readonly #incoming: Buffer[] = [];
  #outgoing: Buffer[] = [];
  #pendingRead: WebSocketAction | undefined;
  #ended = false;

  constructor(sys: WebSocketFunctions, handle: WebSocketHandle, role: 'client' | 'server') {
    this.#sys = sys;
    this.handle = handle;
    this.role = role;
  }

  /** Adds bytes to the transport; each chunk is one read, up to the handle's buffer. */
  feed(...chunks: Uint8Array[]): void {
    this.#incoming.push(...chunks.filter(({ length }) => length > 0).map((chunk) => Buffer.from(chunk)));
  }

  /** Returns a frame of this endpoint's peer: masked if this is the server (RFC 6455 section 5.3). */
  peerFrame(options: FrameOptions): Buffer {
    return encodeFrame({ key: this.role === 'server' ? EXAMPLE_KEY : undefined, ...options });
  }

  /** Adds frames of the peer to the transport, each as one read. */
  feedFrames(...frames: FrameOptions[]): void {
    this.feed(...frames.map((frame) => this.peerFrame(frame)));
  }

  /** Adds several frames as one read. */
  feedTogether(...frames: FrameOptions[]): void {
    this.feed(Buffer.concat(frames.map((frame) => this.peerFrame(frame))));
  }

  /** Ends the stream: later reads find its end. */
  end(): void {
    this.#ended = true;
  }

  /** Number of bytes in the transport that the handle has not read. */
  get unread(): number {
    return this.#incoming.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** Returns the bytes sent by SEND_TO_NETWORK since the last call. */
  takeOutgoing(): Buffer {
    const bytes = Buffer.concat(this.#outgoing);
    this.#outgoing = [];
    return bytes;
  }

  /** Returns them as frames. */
  takeFrames(): Frame[] {
    return decodeFrames(this.takeOutgoing());
  }

  /** WebSocketSend. */
  send(
    bufferType: number,
    data?: Uint8Array | { status: number; reason?: string | Uint8Array },
    context?: unknown,
  ): void {
    this.#sys.WebSocketSend(this.handle, bufferType, data, context);
  }

  /** Sends a whole text message. */
  sendText(text: string, context?: unknown): void {
    this.send(BufferType.UTF8_MESSAGE, Buffer.from(text), context);
  }

  /** Sends a close. */
  sendClose(status = 1000, reason?: string): void {
    this.send(BufferType.CLOSE, reason === undefined ? { status } : { status, reason });
  }

  /** Calls WebSocketReceive `count` times. */
  receive(count = 1): void {
    for (let index = 0; index < count; index += 1) this.#sys.WebSocketReceive(this.handle);
  }

  /** WebSocketReceive with a context. */
  receiveWith(context: unknown, buffer?: Uint8Array): void {
    this.#sys.WebSocketReceive(this.handle, buffer, context);
  }

  /** WebSocketGetAction. */
  getAction(queue: number = ActionQueue.ALL): WebSocketAction {
    return this.#sys.WebSocketGetAction(this.handle, queue);
  }

  /** WebSocketCompleteAction. */
  complete(action: WebSocketAction, result: number | Uint8Array = 0): void {
    this.#sys.WebSocketCompleteAction(this.handle, action.actionContext, result);
  }

  /** Gets the next action of the queue, which must be of this kind. */
  expect(queue: number, kind: number): WebSocketAction {
    const action = this.getAction(queue);
    assert.equal(names([action])[0], names([{ action: kind }])[0]);
    return action;
  }

  /** Asserts that the queue has no action. */
  idle(queue: number = ActionQueue.ALL): void {
    this.expect(queue, Action.NO_ACTION);
  }

  /** Completes SEND_TO_NETWORK with all bytes, and keeps them. */
  write(action: WebSocketAction): Buffer {
    const bytes = Buffer.concat(action.buffers);
    this.#outgoing.push(bytes);
    this.complete(action, bytes.length);
    return bytes;
  }

  /** Gets one action and completes it as usual; returns undefined if there is none. */
  step(queue: number = ActionQueue.ALL): SeenAction | undefined {
    const waiting = this.#pendingRead !== undefined && this.#canRead();
    if (waiting) this.#finishRead();
    const action = this.getAction(queue);
    if (action.action === Action.NO_ACTION) return undefined;
    const seen = record(action);
    if (action.action === Action.SEND_TO_NETWORK) this.write(action);
    else if (action.action === Action.RECEIVE_FROM_NETWORK) this.#read(action);
    else this.complete(action);
    return seen;
  }

  /** Runs until the queue is idle: no action, or a read for which the transport has no bytes. */
  pump(queue: number = ActionQueue.ALL): SeenAction[] {
    const seen: SeenAction[] = [];
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const one = this.step(queue);
      if (one !== undefined) seen.push(one);
      else if (this.#pendingRead === undefined || !this.#canRead()) return seen;
    }
    throw new Error(`still busy after ${MAX_STEPS} actions`);
  }

  /** Like pump, but queues a new receive for each completed one, until the transport has no bytes left. */
  pumpAll(queue: number = ActionQueue.ALL): SeenAction[] {
    const seen: SeenAction[] = [];
    this.receive();
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const more = this.pump(queue);
      seen.push(...more);
      const indications = more.filter(({ action }) => action === Action.INDICATE_RECEIVE_COMPLETE);
      if (indications.length === 0) return seen;
      if (indications.some(({ bufferType }) => bufferType === BufferType.CLOSE)) return seen;
      this.receive(indications.length);
    }
    throw new Error(`still receiving after ${MAX_STEPS} rounds`);
  }

  /** Drains a queue of an aborted handle: completes every action with 0. */
  drain(queue: number = ActionQueue.ALL): SeenAction[] {
    const seen: SeenAction[] = [];
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const action = this.getAction(queue);
      if (action.action === Action.NO_ACTION) return seen;
      seen.push(record(action));
      this.complete(action);
    }
    throw new Error(`not drained after ${MAX_STEPS} actions`);
  }

  /** WebSocketAbortHandle. */
  abort(): void {
    this.#sys.WebSocketAbortHandle(this.handle);
  }

  #canRead(): boolean {
    return this.#ended || this.#incoming.length > 0;
  }

  #read(action: WebSocketAction): void {
    this.#pendingRead = action;
    if (this.#canRead()) this.#finishRead();
  }

  #finishRead(): void {
    const action = this.#pendingRead as WebSocketAction;
    this.#pendingRead = undefined;
    const chunk = this.#incoming.shift() ?? Buffer.alloc(0);
    if (chunk.length > action.room) this.#incoming.unshift(chunk.subarray(action.room));
    this.complete(action, chunk.length === 0 ? 0 : chunk.subarray(0, action.room));
  }
}

function record(action: WebSocketAction): SeenAction {
  return {
    action: action.action,
    bufferType: action.bufferType,
    bytes: Buffer.concat(action.buffers),
    close: action.close,
    context: action.applicationContext,
    room: action.room,
  };
}

/** Returns the RECEIVE_COMPLETE indications among the actions. */
export function indications(seen: readonly SeenAction[]): SeenAction[] {
  return seen.filter(({ action }) => action === Action.INDICATE_RECEIVE_COMPLETE);
}

/** Returns the message parts among them; fails if there is another indication. */
export function dataParts(seen: readonly SeenAction[]): SeenAction[] {
  const parts = indications(seen);
  for (const { bufferType } of parts)
    assert.ok(DATA_TYPES.includes(bufferType), `0x${bufferType.toString(16)} is data`);
  return parts;
}

/** Assembles indicated parts: every part but the last of a message is a fragment of the same kind. */
export function messages(seen: readonly SeenAction[]): { bufferType: number; payload: Buffer }[] {
  const result: { bufferType: number; payload: Buffer }[] = [];
  let parts: Buffer[] = [];
  let kind: number | undefined;
  for (const { bufferType, bytes } of dataParts(seen)) {
    const text = bufferType === BufferType.UTF8_MESSAGE || bufferType === BufferType.UTF8_FRAGMENT;
    const final: number = text ? BufferType.UTF8_MESSAGE : BufferType.BINARY_MESSAGE;
    assert.ok(kind === undefined || kind === final, 'the parts of one message are of one kind');
    parts.push(bytes);
    kind = final;
    if (!isFinalPart(bufferType)) continue;
    result.push({ bufferType, payload: Buffer.concat(parts) });
    parts = [];
    kind = undefined;
  }
  assert.equal(parts.length, 0, 'the last message is finished');
  return result;
}

/** Moves bytes both ways until both ends are idle. */
export function exchange(a: WebSocketEndpoint, b: WebSocketEndpoint): { a: SeenAction[]; b: SeenAction[] } {
  const seen: { a: SeenAction[]; b: SeenAction[] } = { a: [], b: [] };
  for (let rounds = 0; rounds < MAX_STEPS; rounds += 1) {
    const before = seen.a.length + seen.b.length;
    seen.a.push(...a.pump());
    b.feed(a.takeOutgoing());
    seen.b.push(...b.pump());
    a.feed(b.takeOutgoing());
    if (seen.a.length + seen.b.length === before) return seen;
  }
  throw new Error(`still exchanging after ${MAX_STEPS} rounds`);
}
