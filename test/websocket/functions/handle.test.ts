import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { loadNative } from '../../../lib/native.ts';
import {
  PropertyType,
  WebSocketBeginClientHandshake,
  WebSocketCreateClientHandle,
  WebSocketCreateServerHandle,
  WebSocketDeleteHandle,
  WebSocketGetGlobalProperty,
  WebSocketHandle,
} from '../../../lib/sys.ts';
import { availableBackends } from '../../helpers/backends.ts';
import {
  deletedHandle,
  outOfRange,
  refusal,
  refusedByComponent,
  wrongType,
  wrongValue,
} from '../../helpers/refusal.ts';

const { openHandleCount } = loadNative();

describe.each(availableBackends)('handles of %s', (backend) => {
  describe.each([
    ['client', 'WebSocketCreateClientHandle', WebSocketCreateClientHandle],
    ['server', 'WebSocketCreateServerHandle', WebSocketCreateServerHandle],
  ] as const)('%s: %s', (role, syscall, create) => {
    it('has its backend and role', () => {
      using handle = create(undefined, { backend });
      expect(handle).toBeInstanceOf(WebSocketHandle);
      expect([handle.backend, handle.role]).toEqual([backend, role]);
    });

    it('has no own properties', () => {
      using handle = create([], { backend });
      expect(Reflect.ownKeys(handle)).toEqual([]);
      expect(JSON.stringify(handle)).toBe('{}');
    });

    it.each([
      ['numbers', 4096],
      ['bytes', new Uint8Array(new Uint32Array([4096]).buffer)],
      ['another view', new Uint32Array([4096])],
      ['an ArrayBuffer', new Uint32Array([4096]).buffer],
    ])('takes sizes as %s', (_form, value) => {
      using handle = create([{ type: PropertyType.RECEIVE_BUFFER_SIZE, value }], { backend });
      expect(handle.role).toBe(role);
    });

    it.each([true, false, 1, 0])('accept %o as a BOOL', (value) => {
      using handle = create(
        [
          { type: PropertyType.DISABLE_MASKING, value },
          { type: PropertyType.DISABLE_UTF8_VERIFICATION, value },
        ],
        { backend },
      );
      expect(handle.role).toBe(role);
    });

    it.each([
      ['a receive buffer of 255', { type: PropertyType.RECEIVE_BUFFER_SIZE, value: 255 }],
      ['a size of 2 bytes', { type: PropertyType.RECEIVE_BUFFER_SIZE, value: new Uint8Array(2) }],
      ['a size of 0 bytes', { type: PropertyType.RECEIVE_BUFFER_SIZE, value: new Uint8Array(0) }],
      ['a size of 8 bytes', { type: PropertyType.RECEIVE_BUFFER_SIZE, value: new Uint8Array(8) }],
      ['a global property', { type: PropertyType.KEEPALIVE_INTERVAL, value: 30000 }],
      ['an unknown type', { type: 7, value: 1 }],
      ['the largest type', { type: 0xffffffff, value: 1 }],
    ])('pass %s to the component', (_what, property) => {
      const open = openHandleCount();
      expect(refusal(() => create([property], { backend }))).toMatchObject(refusedByComponent(syscall));
      expect(openHandleCount()).toBe(open);
    });

    it.each([
      ['properties that are not an array', 1, wrongType],
      ['an iterable', new Set(), wrongType],
      ['a property that is not an object', [1], wrongType],
      ['null as a property', [null], wrongType],
      ['a missing type', [{ value: 1 }], wrongType],
      ['a type that is a string', [{ type: '0', value: 4096 }], wrongType],
      ['a type that is a fraction', [{ type: 0.5, value: 4096 }], outOfRange],
      ['a negative type', [{ type: -1, value: 4096 }], outOfRange],
      ['a missing value', [{ type: 0 }], wrongType],
      ['a value that is a string', [{ type: 0, value: '4096' }], wrongType],
      ['a value that is a bigint', [{ type: 0, value: 4096n }], wrongType],
      ['a value that is NaN', [{ type: 0, value: Number.NaN }], outOfRange],
      ['a value beyond 32 bits', [{ type: 0, value: 2 ** 32 }], outOfRange],
      ['a negative value', [{ type: 0, value: -1 }], outOfRange],
      ['ALLOCATED_BUFFER', [{ type: PropertyType.ALLOCATED_BUFFER, value: new Uint8Array(16384) }], wrongValue],
      ['ALLOCATED_BUFFER as a number', [{ type: PropertyType.ALLOCATED_BUFFER, value: 1 }], wrongValue],
    ])('reject %s', (_what, properties, error) => {
      expect(refusal(() => create(properties as never, { backend }))).toMatchObject(error);
    });

    it.each([1, 'portable', true, Symbol('s')])('reject options that are %o', (options) => {
      expect(refusal(() => create([], options as never))).toMatchObject(wrongType);
    });

    it('can be deleted once', () => {
      const open = openHandleCount();
      const handle = create([], { backend });
      expect(openHandleCount()).toBe(open + 1);
      expect(WebSocketDeleteHandle(handle)).toBeUndefined();
      expect(openHandleCount()).toBe(open);
      expect(refusal(() => WebSocketDeleteHandle(handle))).toMatchObject(deletedHandle);
    });

    it('can be disposed twice; the second time has no effect', () => {
      const open = openHandleCount();
      const handle = create([], { backend });
      handle[Symbol.dispose]();
      handle[Symbol.dispose]();
      expect(openHandleCount()).toBe(open);
      expect(refusal(() => WebSocketDeleteHandle(handle))).toMatchObject(deletedHandle);
    });

    it('can be disposed after WebSocketDeleteHandle', () => {
      const handle = create([], { backend });
      WebSocketDeleteHandle(handle);
      expect(handle[Symbol.dispose]()).toBeUndefined();
      expect([handle.backend, handle.role]).toEqual([backend, role]);
    });
  });

  it('cannot be cloned or sent in a message', async () => {
    using handle = WebSocketCreateClientHandle([], { backend });
    const { port1, port2 } = new MessageChannel();
    const arrived = new Promise((resolve) => port2.once('message', resolve));
    port1.postMessage(handle);
    for (const copy of [structuredClone(handle), await arrived, { ...handle }, Object.create(handle)]) {
      expect(refusal(() => WebSocketBeginClientHandshake(copy as never))).toMatchObject(wrongType);
    }
    port1.close();
  });
});

describe('WebSocketHandle', () => {
  it('cannot be constructed', () => {
    const Constructor = WebSocketHandle as unknown as new (...args: unknown[]) => unknown;
    const illegal = {
      name: 'TypeError',
      code: 'ERR_ILLEGAL_CONSTRUCTOR',
      message: expect.stringContaining('WebSocketCreateClientHandle()'),
    };
    expect(refusal(() => new Constructor())).toMatchObject(illegal);
    expect(refusal(() => new Constructor(Symbol('construct'), { native: {} }))).toMatchObject(illegal);
    using handle = WebSocketCreateClientHandle([], { backend: 'portable' });
    expect(refusal(() => new Constructor(handle))).toMatchObject(illegal);
  });

  it('has getters that reject a foreign receiver', () => {
    for (const name of ['backend', 'role']) {
      const { get } = Object.getOwnPropertyDescriptor(WebSocketHandle.prototype, name) as { get: () => unknown };
      expect(() => get.call({})).toThrow(TypeError);
    }
    expect(() => WebSocketHandle.prototype[Symbol.dispose].call({} as never)).toThrow(TypeError);
  });
});

describe.each(availableBackends)('WebSocketGetGlobalProperty of %s', (backend) => {
  it('returns the keep-alive interval as a number', () => {
    expect(WebSocketGetGlobalProperty(PropertyType.KEEPALIVE_INTERVAL, { backend })).toBeGreaterThanOrEqual(15000);
  });

  it('returns the versions as a list', () => {
    expect(WebSocketGetGlobalProperty(PropertyType.SUPPORTED_VERSIONS, { backend })).toContain(13);
  });

  it.each([0, 1, 2, 3, 4, 7, 0xffffffff])('passes type %i to the component', (type) => {
    expect(refusal(() => WebSocketGetGlobalProperty(type, { backend }))).toMatchObject(
      refusedByComponent('WebSocketGetGlobalProperty'),
    );
  });

  it.each([
    [undefined, wrongType],
    ['5', wrongType],
    [5n, wrongType],
    [Number.NaN, outOfRange],
    [-1, outOfRange],
    [2 ** 32, outOfRange],
  ])('rejects %o as a type', (type, error) => {
    expect(refusal(() => WebSocketGetGlobalProperty(type as never, { backend }))).toMatchObject(error);
  });

  it('rejects options that are not an object', () => {
    expect(refusal(() => WebSocketGetGlobalProperty(5, backend as never))).toMatchObject(wrongType);
  });
});
