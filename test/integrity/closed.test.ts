// Every function with a deleted handle, and with values that are not handles.
import { describe, expect, it } from 'vitest';
import * as sys from '../../lib/sys.ts';
import { availableBackends } from '../helpers/backends.ts';
import { abortAndDrain, drive, feed, openEndpoint, openPair, pump } from '../helpers/loopback.ts';
import { deletedHandle, refusal, wrongType } from '../helpers/refusal.ts';

const { ActionQueue, BufferType } = sys;
const HEADERS = [{ name: 'Upgrade', value: 'websocket' }];

type Call = (handle: sys.WebSocketHandle) => unknown;

const calls: [string, Call][] = [
  ['WebSocketBeginClientHandshake', (handle) => sys.WebSocketBeginClientHandshake(handle, ['a'], ['b'], HEADERS)],
  ['WebSocketEndClientHandshake', (handle) => sys.WebSocketEndClientHandshake(handle, HEADERS)],
  ['WebSocketBeginServerHandshake', (handle) => sys.WebSocketBeginServerHandshake(handle, 'a', ['b'], HEADERS)],
  ['WebSocketEndServerHandshake', (handle) => sys.WebSocketEndServerHandshake(handle)],
  ['WebSocketSend', (handle) => sys.WebSocketSend(handle, BufferType.BINARY_MESSAGE, Buffer.from('x'), {})],
  ['WebSocketSend of NULL', (handle) => sys.WebSocketSend(handle, BufferType.PING_PONG)],
  ['WebSocketSend of a close', (handle) => sys.WebSocketSend(handle, BufferType.CLOSE, { status: 1000, reason: 'x' })],
  ['WebSocketReceive', (handle) => sys.WebSocketReceive(handle, undefined, {})],
  ['WebSocketReceive with a buffer', (handle) => sys.WebSocketReceive(handle, Buffer.alloc(8), {})],
  ['WebSocketGetAction', (handle) => sys.WebSocketGetAction(handle, ActionQueue.ALL)],
  ['WebSocketCompleteAction', (handle) => sys.WebSocketCompleteAction(handle, undefined, 0)],
  ['WebSocketAbortHandle', (handle) => sys.WebSocketAbortHandle(handle)],
  ['WebSocketDeleteHandle', (handle) => sys.WebSocketDeleteHandle(handle)],
];

describe.each(calls)('%s', (_name, call) => {
  describe.each(availableBackends)('of %s', (backend) => {
    it('reject a deleted handle', () => {
      for (const create of [sys.WebSocketCreateClientHandle, sys.WebSocketCreateServerHandle]) {
        const handle = create([], { backend });
        sys.WebSocketDeleteHandle(handle);
        expect(refusal(() => call(handle))).toMatchObject(deletedHandle);
      }
    });

    it('reject a handle that was deleted with pending operations and actions', () => {
      const { handle } = openEndpoint('client', { backend });
      sys.WebSocketSend(handle, BufferType.BINARY_MESSAGE, Buffer.alloc(100_000), {});
      sys.WebSocketReceive(handle, Buffer.alloc(100));
      sys.WebSocketGetAction(handle, ActionQueue.SEND);
      sys.WebSocketGetAction(handle, ActionQueue.RECEIVE);
      sys.WebSocketDeleteHandle(handle);
      expect(refusal(() => call(handle))).toMatchObject(deletedHandle);
    });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 1],
    ['a string', 'handle'],
    ['an object', {}],
    ['a function', () => 1],
    ['a prototype', sys.WebSocketHandle.prototype],
    ['an object of the prototype', Object.create(sys.WebSocketHandle.prototype)],
    ['the class', sys.WebSocketHandle],
  ])('reject %s as a handle', (_what, value) => {
    expect(refusal(() => call(value as never))).toMatchObject(wrongType);
  });

  it('reject a Proxy of a handle', () => {
    using handle = sys.WebSocketCreateClientHandle([], { backend: 'portable' });
    expect(refusal(() => call(new Proxy(handle, {})))).toMatchObject(wrongType);
  });
});

describe.each(availableBackends)('an action of a deleted handle of %s', (backend) => {
  it('cannot be completed, even with another handle', () => {
    const { handle } = openEndpoint('client', { backend });
    using other = openEndpoint('client', { backend });
    sys.WebSocketSend(handle, BufferType.BINARY_MESSAGE);
    const { actionContext } = sys.WebSocketGetAction(handle, ActionQueue.SEND);
    sys.WebSocketDeleteHandle(handle);
    expect(refusal(() => sys.WebSocketCompleteAction(handle, actionContext, 0))).toMatchObject(deletedHandle);
    expect(refusal(() => sys.WebSocketCompleteAction(other.handle, actionContext, 0))).toMatchObject({
      code: 'ERR_INVALID_ACTION_CONTEXT',
    });
  });
});

describe.each(availableBackends)('deleting a handle of %s', (backend) => {
  const pairOf = () => openPair({ client: { backend }, server: { backend } });

  it.each<[string, (pair: ReturnType<typeof pairOf>) => void]>([
    ['that is idle', () => {}],
    ['with queued sends', ({ client }) => sendMany(client.handle)],
    ['with queued receives', ({ client }) => receiveMany(client.handle)],
    [
      'with an action outstanding on each queue',
      ({ client }) => {
        sendMany(client.handle);
        receiveMany(client.handle);
        sys.WebSocketGetAction(client.handle, ActionQueue.SEND);
        sys.WebSocketGetAction(client.handle, ActionQueue.RECEIVE);
      },
    ],
    [
      'with an indication outstanding',
      (pair) => {
        sys.WebSocketReceive(pair.client.handle, Buffer.alloc(50));
        sys.WebSocketSend(pair.server.handle, BufferType.BINARY_MESSAGE, Buffer.alloc(20));
        drive(pair.server);
        const read = sys.WebSocketGetAction(pair.client.handle, ActionQueue.RECEIVE);
        sys.WebSocketCompleteAction(pair.client.handle, read.actionContext, pair.client.inbox[0] as Buffer);
        expect(sys.WebSocketGetAction(pair.client.handle, ActionQueue.RECEIVE).action).toBe(4);
      },
    ],
    [
      'after an abort',
      ({ client }) => {
        sendMany(client.handle);
        sys.WebSocketAbortHandle(client.handle);
      },
    ],
    [
      'after an abort and a drain',
      ({ client }) => {
        receiveMany(client.handle);
        abortAndDrain(client);
      },
    ],
    [
      'after an error of the peer',
      ({ client }) => {
        receiveMany(client.handle);
        feed(client, 'ff00');
        expect(refusal(() => drive(client))).toMatchObject({ syscall: 'WebSocketGetAction' });
      },
    ],
    [
      'after both closes',
      (pair) => {
        for (const { handle } of [pair.client, pair.server]) {
          sys.WebSocketReceive(handle);
          sys.WebSocketSend(handle, BufferType.CLOSE, { status: 1000 });
        }
        pump(pair);
      },
    ],
  ])('%s leaves the other end at work', (_state, prepare) => {
    using pair = pairOf();
    prepare(pair);
    sys.WebSocketDeleteHandle(pair.client.handle);
    expect(sys.WebSocketGetAction(pair.server.handle, ActionQueue.SEND).action).toBe(0);
  });
});

function sendMany(handle: sys.WebSocketHandle): void {
  for (let size = 0; size < 20_000; size += 1000) {
    sys.WebSocketSend(handle, BufferType.BINARY_MESSAGE, Buffer.alloc(size), { size });
  }
}

function receiveMany(handle: sys.WebSocketHandle): void {
  for (let size = 0; size < 20; size++) sys.WebSocketReceive(handle, size % 2 ? Buffer.alloc(size) : undefined, size);
}
