import { describe, expect, it } from 'vitest';
import {
  Action,
  ActionQueue,
  BufferType,
  WebSocketAbortHandle,
  type WebSocketAction,
  WebSocketActionContext,
  WebSocketCompleteAction,
  WebSocketCreateClientHandle,
  WebSocketGetAction,
  WebSocketReceive,
  WebSocketSend,
} from '../../../lib/sys.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { type Endpoint, openEndpoint, openPair, pump } from '../../helpers/loopback.ts';
import {
  outOfRange,
  refusal,
  refusedByComponent,
  wrongActionContext,
  wrongType,
  wrongValue,
} from '../../helpers/refusal.ts';

const { NO_ACTION, SEND_TO_NETWORK, INDICATE_SEND_COMPLETE, RECEIVE_FROM_NETWORK, INDICATE_RECEIVE_COMPLETE } = Action;
const PING = Buffer.from('8900', 'hex');

const next = (endpoint: Endpoint, queue: number = ActionQueue.ALL): WebSocketAction =>
  WebSocketGetAction(endpoint.handle, queue);
const complete = (endpoint: Endpoint, action: WebSocketAction, transferred: number | Uint8Array): void =>
  WebSocketCompleteAction(endpoint.handle, action.actionContext, transferred);

/** Returns an endpoint whose next action is of this kind. */
function outstanding(endpoint: Endpoint, kind: number): WebSocketAction {
  if (kind === SEND_TO_NETWORK || kind === INDICATE_SEND_COMPLETE) {
    WebSocketSend(endpoint.handle, BufferType.BINARY_MESSAGE, Buffer.from('abc'));
    const send = next(endpoint, ActionQueue.SEND);
    if (kind === SEND_TO_NETWORK) return send;
    complete(endpoint, send, Buffer.concat(send.buffers).length);
    return next(endpoint, ActionQueue.SEND);
  }
  WebSocketReceive(endpoint.handle);
  const read = next(endpoint, ActionQueue.RECEIVE);
  if (kind === RECEIVE_FROM_NETWORK) return read;
  complete(endpoint, read, Buffer.from('8203616263', 'hex'));
  return next(endpoint, ActionQueue.RECEIVE);
}

describe.each(availableBackends)('WebSocketGetAction of %s', (backend) => {
  const openClient = () => openEndpoint('client', { backend });

  it('has the same members for every action', () => {
    using client = openClient();
    const members = ['action', 'bufferType', 'buffers', 'room', 'close', 'applicationContext', 'actionContext'];
    for (const kind of [SEND_TO_NETWORK, INDICATE_SEND_COMPLETE, RECEIVE_FROM_NETWORK, INDICATE_RECEIVE_COMPLETE]) {
      using endpoint = openClient();
      expect(Object.keys(outstanding(endpoint, kind))).toEqual(members);
    }
    expect(Object.keys(next(client))).toEqual(members);
  });

  it.each(Object.values(ActionQueue))('of queue %i has no action at first', (queue) => {
    using client = openClient();
    expect(next(client, queue)).toEqual({
      action: NO_ACTION,
      bufferType: 0,
      buffers: [],
      room: 0,
      close: undefined,
      applicationContext: undefined,
      actionContext: undefined,
    });
  });

  it('returns bytes to write as Buffers that the caller owns', () => {
    using server = openEndpoint('server', { backend });
    const { buffers, room } = outstanding(server, SEND_TO_NETWORK);
    expect(Buffer.concat(buffers).toString('hex')).toBe('8203616263');
    expect(room).toBe(0);
    WebSocketAbortHandle(server.handle);
    server[Symbol.dispose]();
    expect(Buffer.concat(buffers).toString('hex')).toBe('8203616263');
  });

  it('returns the number of bytes to read, without memory', () => {
    using client = openClient();
    const { buffers, room, bufferType } = outstanding(client, RECEIVE_FROM_NETWORK);
    expect(buffers).toEqual([]);
    expect(room).toBeGreaterThan(0);
    expect(bufferType).toBe(0);
  });

  it('returns exactly one Buffer with an indicated receive, none with an indicated send', () => {
    using client = openClient();
    expect(outstanding(client, INDICATE_SEND_COMPLETE).buffers).toEqual([]);
    using other = openClient();
    expect(outstanding(other, INDICATE_RECEIVE_COMPLETE).buffers).toEqual([Buffer.from('abc')]);
  });

  it('returns no context with a pong that answers a ping', () => {
    using client = openClient();
    WebSocketReceive(client.handle, undefined, 'context');
    complete(client, next(client), PING);
    const pong = next(client, ActionQueue.RECEIVE);
    expect(pong).toMatchObject({ action: SEND_TO_NETWORK, bufferType: BufferType.PING_PONG });
    expect(pong.applicationContext).toBeUndefined();
    complete(client, pong, Buffer.concat(pong.buffers).length);
    expect(next(client)).toMatchObject({ action: RECEIVE_FROM_NETWORK, applicationContext: 'context' });
  });

  it.each([0, 4, 0xffffffff])('passes queue %i to the component', (queue) => {
    using client = openClient();
    expect(refusal(() => next(client, queue))).toMatchObject(refusedByComponent('WebSocketGetAction'));
  });

  it.each([
    [undefined, wrongType],
    [null, wrongType],
    ['1', wrongType],
    [1n, wrongType],
    [{}, wrongType],
    [Number.NaN, outOfRange],
    [1.5, outOfRange],
    [-1, outOfRange],
    [2 ** 32, outOfRange],
    [2 ** 32 + 1, outOfRange],
  ])('rejects %o as a queue', (queue, error) => {
    using client = openClient();
    expect(refusal(() => WebSocketGetAction(client.handle, queue as never))).toMatchObject(error);
  });

  it('throws for a handle that is not open', () => {
    using handle = WebSocketCreateClientHandle([], { backend });
    expect(refusal(() => WebSocketGetAction(handle, ActionQueue.ALL))).toMatchObject(
      refusedByComponent('WebSocketGetAction'),
    );
  });

  it('reports the errors of the peer', () => {
    using client = openClient();
    complete(client, outstanding(client, RECEIVE_FROM_NETWORK), Buffer.from('f100', 'hex'));
    expect(refusal(() => next(client))).toMatchObject(refusedByComponent('WebSocketGetAction'));
  });
});

describe.each(availableBackends)('WebSocketCompleteAction of %s', (backend) => {
  const openClient = () => openEndpoint('client', { backend });
  const kinds = Object.entries(Action).filter(([, kind]) => kind !== NO_ACTION);

  it.each([undefined, null])('passes %o as NULL, with any number', (context) => {
    using client = openClient();
    for (const count of [0, 1, 0xffffffff]) {
      expect(WebSocketCompleteAction(client.handle, context as undefined, count)).toBeUndefined();
    }
    expect(next(client).action).toBe(NO_ACTION);
  });

  it('rejects bytes with NULL', () => {
    using client = openClient();
    expect(refusal(() => WebSocketCompleteAction(client.handle, undefined, Buffer.alloc(1)))).toMatchObject(wrongType);
  });

  it.each([
    ['an object', {}],
    ['a number', 1],
    ['a string', 'x'],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['an object with the same prototype', Object.create(WebSocketActionContext.prototype)],
  ])('rejects %s as an action context', (_what, context) => {
    using client = openClient();
    outstanding(client, SEND_TO_NETWORK);
    expect(refusal(() => WebSocketCompleteAction(client.handle, context as never, 0))).toMatchObject(
      wrongActionContext,
    );
  });

  it('rejects a Proxy of an action context', () => {
    using client = openClient();
    const { actionContext } = outstanding(client, SEND_TO_NETWORK);
    const proxy = new Proxy(actionContext as WebSocketActionContext, {});
    expect(refusal(() => WebSocketCompleteAction(client.handle, proxy, 0))).toMatchObject(wrongActionContext);
  });

  it('rejects a forged one', () => {
    using client = openClient();
    const { actionContext } = outstanding(client, SEND_TO_NETWORK);
    const Constructor = (actionContext as object).constructor as new (...args: unknown[]) => WebSocketActionContext;
    for (const id of [0, 1, 2]) {
      const forged = new Constructor(client.handle, id);
      expect(refusal(() => WebSocketCompleteAction(client.handle, forged, 0))).toMatchObject(wrongActionContext);
    }
  });

  it('rejects one of another handle', () => {
    using client = openClient();
    using other = openClient();
    const { actionContext } = outstanding(other, SEND_TO_NETWORK);
    outstanding(client, SEND_TO_NETWORK);
    expect(refusal(() => WebSocketCompleteAction(client.handle, actionContext, 0))).toMatchObject(wrongActionContext);
  });

  it.each(kinds)('rejects %s the second time', (_name, kind) => {
    using client = openClient();
    const action = outstanding(client, kind);
    complete(client, action, 0);
    for (let times = 0; times < 3; times++) {
      expect(refusal(() => complete(client, action, 0))).toMatchObject(wrongActionContext);
    }
  });

  it.each(kinds)('rejects %s that was completed, while a later one is outstanding', (_name, kind) => {
    using client = openClient();
    const first = outstanding(client, kind);
    complete(client, first, 0);
    for (let action = next(client); action.action !== NO_ACTION; action = next(client)) complete(client, action, 0);
    outstanding(client, kind);
    expect(refusal(() => complete(client, first, 0))).toMatchObject(wrongActionContext);
  });

  it('completes actions of both queues in any order', () => {
    using client = openClient();
    const read = outstanding(client, RECEIVE_FROM_NETWORK);
    const send = outstanding(client, SEND_TO_NETWORK);
    complete(client, read, Buffer.from('8203616263', 'hex'));
    expect(next(client, ActionQueue.RECEIVE).buffers[0]?.toString()).toBe('abc');
    complete(client, send, Buffer.concat(send.buffers).length);
    expect(next(client, ActionQueue.SEND).action).toBe(INDICATE_SEND_COMPLETE);
  });

  it('rejects a number of bytes for RECEIVE_FROM_NETWORK, except 0', () => {
    using client = openClient();
    const read = outstanding(client, RECEIVE_FROM_NETWORK);
    expect(refusal(() => complete(client, read, 1))).toMatchObject(wrongType);
    expect(refusal(() => complete(client, read, 0xffffffff))).toMatchObject(wrongType);
    complete(client, read, -0);
    expect(next(client).action).toBe(INDICATE_RECEIVE_COMPLETE);
  });

  it.each(kinds.filter(([, kind]) => kind !== RECEIVE_FROM_NETWORK))('refuses bytes for %s', (_name, kind) => {
    using client = openClient();
    const action = outstanding(client, kind);
    for (const bytes of [Buffer.alloc(3), Buffer.alloc(0)]) {
      expect(refusal(() => complete(client, action, bytes))).toMatchObject(wrongType);
    }
    complete(client, action, 0);
  });

  it('accepts an empty Buffer as the end of the stream', () => {
    using client = openClient();
    complete(client, outstanding(client, RECEIVE_FROM_NETWORK), Buffer.alloc(0));
    expect(next(client)).toMatchObject({ action: INDICATE_RECEIVE_COMPLETE, buffers: [Buffer.alloc(0)] });
  });

  it('accepts as many bytes as the action allows, and not one more', () => {
    using client = openClient();
    const read = outstanding(client, RECEIVE_FROM_NETWORK);
    const bytes = Buffer.alloc(read.room + 1, 0x89);
    bytes.fill(Buffer.from('8a00', 'hex'));
    expect(refusal(() => complete(client, read, bytes))).toMatchObject(outOfRange);
    complete(client, read, bytes.subarray(0, -1));
    expect(next(client)).toMatchObject({ action: INDICATE_RECEIVE_COMPLETE, bufferType: BufferType.PING_PONG });
  });

  it('accepts bytes of every kind', () => {
    const bytes = Buffer.from('8203616263', 'hex');
    const own = Uint8Array.from(bytes);
    const shared = new Uint8Array(new SharedArrayBuffer(5));
    shared.set(bytes);
    for (const value of [bytes, own, own.buffer, new DataView(own.buffer), shared, shared.buffer]) {
      using client = openClient();
      complete(client, outstanding(client, RECEIVE_FROM_NETWORK), value as Uint8Array);
      expect(next(client).buffers[0]?.toString()).toBe('abc');
    }
  });

  it('rejects detached bytes and keeps the action', () => {
    using client = openClient();
    const read = outstanding(client, RECEIVE_FROM_NETWORK);
    const buffer = new ArrayBuffer(8);
    const values = [buffer, new Uint8Array(buffer), new DataView(buffer)];
    structuredClone(buffer, { transfer: [buffer] });
    for (const value of values) {
      expect(refusal(() => complete(client, read, value as Uint8Array))).toMatchObject(wrongValue);
    }
    complete(client, read, Buffer.from('8200', 'hex'));
    expect(next(client).action).toBe(INDICATE_RECEIVE_COMPLETE);
  });

  it('rejects a number above the sum of the bytes', () => {
    using server = openEndpoint('server', { backend });
    const send = outstanding(server, SEND_TO_NETWORK);
    for (const count of [6, 0xffffffff]) {
      expect(refusal(() => complete(server, send, count))).toMatchObject(outOfRange);
    }
    complete(server, send, 5);
    const indication = next(server);
    expect(refusal(() => complete(server, indication, 1))).toMatchObject(outOfRange);
    complete(server, indication, 0);
  });

  it('accepts the length of an indicated payload instead of 0', () => {
    using client = openClient();
    const indication = outstanding(client, INDICATE_RECEIVE_COMPLETE);
    expect(refusal(() => complete(client, indication, 4))).toMatchObject(outOfRange);
    complete(client, indication, 3);
    expect(next(client).action).toBe(NO_ACTION);
  });

  it.each([
    [undefined, wrongType],
    [null, wrongType],
    ['5', wrongType],
    [5n, wrongType],
    [true, wrongType],
    [{}, wrongType],
    [[1], wrongType],
    [Symbol('5'), wrongType],
    [Number.NaN, outOfRange],
    [1.5, outOfRange],
    [-1, outOfRange],
    [Number.POSITIVE_INFINITY, outOfRange],
    [2 ** 32, outOfRange],
  ])('rejects %o as the transferred bytes', (transferred, error) => {
    using client = openClient();
    const send = outstanding(client, SEND_TO_NETWORK);
    expect(refusal(() => complete(client, send, transferred as never))).toMatchObject(error);
    complete(client, send, 0);
  });
});

describe.each(availableBackends)('WebSocketAbortHandle of %s', (backend) => {
  it('may be called in any state and any number of times', () => {
    using handle = WebSocketCreateClientHandle([], { backend });
    expect(WebSocketAbortHandle(handle)).toBeUndefined();
    using client = openEndpoint('client', { backend });
    for (let times = 0; times < 3; times++) expect(WebSocketAbortHandle(client.handle)).toBeUndefined();
  });

  it('keeps the contexts of drained operations, and lets outstanding actions be completed', () => {
    using pair = openPair({ client: { backend }, server: { backend } });
    const { client } = pair;
    WebSocketReceive(client.handle, undefined, 'receive');
    pump(pair);
    WebSocketSend(client.handle, BufferType.BINARY_MESSAGE, undefined, 'send 1');
    WebSocketSend(client.handle, BufferType.BINARY_MESSAGE, undefined, 'send 2');
    const send = next(client, ActionQueue.SEND);
    WebSocketAbortHandle(client.handle);
    complete(client, send, 0);
    WebSocketCompleteAction(client.handle, client.pendingRead?.actionContext, 0);
    const contexts: unknown[] = [];
    for (let action = next(client); action.action !== NO_ACTION; action = next(client)) {
      contexts.push(action.applicationContext);
      complete(client, action, 0);
    }
    expect(contexts.sort()).toEqual(['receive', 'send 1', 'send 2']);
    expect(refusal(() => WebSocketSend(client.handle, BufferType.BINARY_MESSAGE))).toMatchObject(
      refusedByComponent('WebSocketSend'),
    );
    expect(refusal(() => WebSocketReceive(client.handle))).toMatchObject(refusedByComponent('WebSocketReceive'));
  });
});
