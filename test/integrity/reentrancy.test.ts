// User code that runs inside a call: getters, array elements, Proxy traps. The call still sees plain values and an open
// handle, or throws.
import { describe, expect, it } from 'vitest';
import * as sys from '../../lib/sys.ts';
import { availableBackends } from '../helpers/backends.ts';
import { createPair, drive, openEndpoint, openPair, transfer } from '../helpers/loopback.ts';
import { deletedHandle, outOfRange, refusal, wrongType, wrongValue } from '../helpers/refusal.ts';

const { ActionQueue, BufferType, PropertyType } = sys;

/** Returns an object with one getter that runs code before it returns its value. */
const getter = (name: string, run: () => void, value: unknown, rest: object = {}): never =>
  Object.defineProperty({ ...rest }, name, {
    enumerable: true,
    get() {
      run();
      return value;
    },
  }) as never;

/** Returns an array whose element 0 runs code. */
const trap = (run: () => void, value: unknown): never =>
  new Proxy([value], {
    get(target, key, receiver) {
      if (key === '0') run();
      return Reflect.get(target, key, receiver);
    },
  }) as never;

describe.each(availableBackends)('code that deletes the handle during a call, on %s', (backend) => {
  type Case = [string, (handle: sys.WebSocketHandle, run: () => void) => unknown];
  const header = { name: 'Host', value: 'h' };
  const clients: Case[] = [
    ['a sub-protocol', (handle, run) => sys.WebSocketBeginClientHandshake(handle, trap(run, 'a'))],
    ['an extension', (handle, run) => sys.WebSocketBeginClientHandshake(handle, [], trap(run, 'a'))],
    ['a header', (handle, run) => sys.WebSocketBeginClientHandshake(handle, [], [], trap(run, header))],
    ['a name', (handle, run) => sys.WebSocketBeginClientHandshake(handle, [], [], [getter('name', run, 'a', header)])],
    ['a value', (handle, run) => sys.WebSocketEndClientHandshake(handle, [getter('value', run, 'a', header)])],
  ];
  const servers: Case[] = [
    ['a selected extension', (handle, run) => sys.WebSocketBeginServerHandshake(handle, 'a', trap(run, 'a'), [header])],
    ['a request header', (handle, run) => sys.WebSocketBeginServerHandshake(handle, 'a', [], trap(run, header))],
    ['a status', (handle, run) => sys.WebSocketSend(handle, BufferType.CLOSE, getter('status', run, 1000))],
    [
      'a reason',
      (handle, run) => sys.WebSocketSend(handle, BufferType.CLOSE, getter('reason', run, 'x', { status: 1000 })),
    ],
  ];

  it.each([
    ...clients.map((entry) => ['client', ...entry] as const),
    ...servers.map((entry) => ['server', ...entry] as const),
  ])('%s: in the getter of %s', (role, _what, call) => {
    const create = role === 'client' ? sys.WebSocketCreateClientHandle : sys.WebSocketCreateServerHandle;
    const handle = create([], { backend });
    if (role === 'client') sys.WebSocketBeginClientHandshake(handle);
    let runs = 0;
    const error = refusal(() =>
      call(handle, () => {
        runs++;
        handle[Symbol.dispose]();
      }),
    );
    expect(error).toMatchObject(deletedHandle);
    expect(runs).toBeGreaterThan(0);
  });

  it('in the getter of a context, which is never called', () => {
    using server = openEndpoint('server', { backend });
    const context = getter('anything', () => server.handle[Symbol.dispose](), 1);
    sys.WebSocketSend(server.handle, BufferType.BINARY_MESSAGE, undefined, context);
    drive(server);
    expect(server.sent[0]).toBe(context);
  });
});

describe.each(availableBackends)('code that runs during a call, on %s', (backend) => {
  it('may use the same handle', () => {
    using pair = createPair({ client: { backend }, server: { backend } });
    let inner: unknown;
    const headers = trap(
      () => {
        inner = refusal(() => sys.WebSocketSend(pair.client.handle, BufferType.PING_PONG));
      },
      { name: 'Host', value: 'h' },
    );
    expect(sys.WebSocketBeginClientHandshake(pair.client.handle, [], [], headers)).not.toHaveLength(0);
    expect(inner).toMatchObject({ syscall: 'WebSocketSend' });
  });

  it('may take actions during the getters of a close, with correct results', () => {
    using server = openEndpoint('server', { backend });
    sys.WebSocketSend(server.handle, BufferType.BINARY_MESSAGE, Buffer.from('abc'));
    const close = getter('status', () => drive(server), 1001, { reason: 'bye' });
    sys.WebSocketSend(server.handle, BufferType.CLOSE, close);
    drive(server);
    expect(server.written.map((bytes) => bytes.toString('hex'))).toEqual(['8203616263', '880503e9627965']);
  });

  it('may send during the getters of a close, which is sent after it', () => {
    using server = openEndpoint('server', { backend });
    const close = getter('reason', () => sys.WebSocketSend(server.handle, BufferType.PING_PONG), 'x', { status: 1000 });
    sys.WebSocketSend(server.handle, BufferType.CLOSE, close);
    drive(server);
    expect(server.written.map((bytes) => bytes[0])).toEqual([0x89, 0x88]);
  });

  it('may throw, and the exception goes to the caller', () => {
    using server = openEndpoint('server', { backend });
    const thrown = new Error('from the getter');
    const close = getter(
      'status',
      () => {
        throw thrown;
      },
      1000,
    );
    expect(refusal(() => sys.WebSocketSend(server.handle, BufferType.CLOSE, close))).toBe(thrown);
    expect(sys.WebSocketGetAction(server.handle, ActionQueue.ALL).action).toBe(0);
  });

  it('cannot change arguments that are already validated', () => {
    using server = openEndpoint('server', { backend });
    const close: { status: number; reason?: unknown } = { status: 1000 };
    Object.defineProperty(close, 'reason', {
      get() {
        close.status = 4000;
        return 'x';
      },
    });
    sys.WebSocketSend(server.handle, BufferType.CLOSE, close as never);
    drive(server);
    expect(server.written[0]?.toString('hex')).toBe('880303e878');
  });

  it('cannot detach or change a property that is already validated', () => {
    const bytes = new Uint8Array(new Uint32Array([256]).buffer);
    const second = getter(
      'value',
      () => {
        bytes.fill(0xff);
        structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
      },
      false,
      { type: PropertyType.DISABLE_MASKING },
    );
    using handle = sys.WebSocketCreateServerHandle([{ type: PropertyType.RECEIVE_BUFFER_SIZE, value: bytes }, second], {
      backend,
    });
    expect(handle.role).toBe('server');
  });

  it('can detach the bytes of a reason in another getter, which throws', () => {
    using server = openEndpoint('server', { backend });
    const reason = new Uint8Array(8);
    const detach = () => structuredClone(reason.buffer, { transfer: [reason.buffer] });
    const close = getter('reason', detach, reason, { status: 1000 });
    expect(refusal(() => sys.WebSocketSend(server.handle, BufferType.CLOSE, close))).toMatchObject(wrongValue);
  });

  it('can make an array longer or shorter: its length at the start counts', () => {
    using pair = createPair({ client: { backend }, server: { backend } });
    const growing = ['a', 'b'];
    const longer = new Proxy(growing, {
      get(target, key, receiver) {
        if (key === '0') target.push('c');
        return Reflect.get(target, key, receiver);
      },
    });
    const [protocols] = sys
      .WebSocketBeginClientHandshake(pair.client.handle, longer)
      .filter(({ name }) => name.toLowerCase() === 'sec-websocket-protocol');
    expect(protocols?.value.replaceAll(' ', '')).toBe('a,b');
    const shrinking = new Proxy(['a', 'b'], {
      get(target, key, receiver) {
        const value = Reflect.get(target, key, receiver);
        if (key === '0') target.length = 1;
        return value;
      },
    });
    using other = createPair({ client: { backend }, server: { backend } });
    expect(refusal(() => sys.WebSocketBeginClientHandshake(other.client.handle, shrinking))).toMatchObject(wrongType);
  });

  it.each([
    [2 ** 32, outOfRange],
    [2 ** 53 - 1, outOfRange],
  ])('can claim a length of %i, which throws', (length, error) => {
    using pair = createPair({ client: { backend }, server: { backend } });
    const liar = new Proxy([], { get: (target, key) => (key === 'length' ? length : Reflect.get(target, key)) });
    expect(refusal(() => sys.WebSocketBeginClientHandshake(pair.client.handle, liar))).toMatchObject(error);
  });

  it('sees bytes with false getters as they are', () => {
    using server = openEndpoint('server', { backend });
    const bytes = new Uint8Array([1, 2, 3, 4]);
    for (const name of ['length', 'byteLength', 'byteOffset']) Object.defineProperty(bytes, name, { value: 2 ** 20 });
    Object.defineProperty(bytes, 'buffer', { get: () => server.handle[Symbol.dispose]() });
    const words = new Uint16Array([0x0201]);
    Object.defineProperty(words, 'byteLength', { value: 2 ** 20 });
    sys.WebSocketSend(server.handle, BufferType.BINARY_MESSAGE, bytes);
    sys.WebSocketSend(server.handle, BufferType.BINARY_MESSAGE, words);
    drive(server);
    expect(server.written.map((frame) => frame.toString('hex'))).toEqual(['820401020304', '82020102']);
  });
});

describe('a program that replaces built-in methods', () => {
  it('cannot access the memory that native code writes', async () => {
    const { loadNative } = await import('../../lib/native.ts');
    const block = loadNative().exchangeBlock;
    const TypedArray = Object.getPrototypeOf(Uint8Array);
    const bufferOf = Object.getOwnPropertyDescriptor(TypedArray.prototype, 'buffer')?.get as () => ArrayBuffer;
    const { apply } = Reflect;
    const seen = new Set<unknown>();
    const note = (value: unknown): void => {
      seen.add(ArrayBuffer.isView(value) && !(value instanceof DataView) ? apply(bufferOf, value, []) : value);
    };
    const control = new Uint8Array(4);
    using pair = openPair({ client: { backend: 'portable' }, server: { backend: 'portable' } });
    const restore = [
      spyOn(Uint8Array.prototype, 'set', note),
      ...['set', 'subarray', 'slice', 'fill', 'values'].map((name) => spyOn(TypedArray.prototype, name, note)),
      ...['allocUnsafe', 'from', 'concat', 'copyBytesFrom'].map((name) => spyOn(Buffer, name, note)),
      ...['copy', 'slice', 'subarray', 'fill'].map((name) => spyOn(Buffer.prototype, name, note)),
      spyOn(ArrayBuffer.prototype, 'slice', note),
      ...['call', 'apply', 'bind'].map((name) => spyOn(Function.prototype, name, note)),
    ];
    try {
      for (const size of [0, 10, 300, 5000]) transfer(pair.server, BufferType.BINARY_MESSAGE, Buffer.alloc(size, 1));
      // Proves that the replaced methods see their arguments.
      control.subarray(1);
    } finally {
      for (const undo of restore) undo();
    }
    expect(seen.has(control.buffer)).toBe(true);
    expect(seen.has(block)).toBe(false);
  });
});

/** Makes a method report its receiver and arguments before it runs. */
function spyOn(owner: object, name: string, note: (value: unknown) => void): () => void {
  const original = Reflect.get(owner, name) as (...args: unknown[]) => unknown;
  const own = Object.hasOwn(owner, name);
  const { apply } = Reflect;
  Reflect.defineProperty(owner, name, {
    configurable: true,
    writable: true,
    value: function replaced(this: unknown, ...args: unknown[]) {
      note(this);
      for (const arg of args) note(arg);
      return apply(original, this, args);
    },
  });
  return () => {
    if (own) Reflect.defineProperty(owner, name, { configurable: true, writable: true, value: original });
    else Reflect.deleteProperty(owner, name);
  };
}
