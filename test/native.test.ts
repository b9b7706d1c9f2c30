// The loader, and the addon without lib/websocket/functions before it, with arguments that these never pass.
import { copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  loadNative,
  type NativeBinding,
  type NativeHandle,
  nativeFile,
  type PumpHandle,
  Refusal,
} from '../lib/native.ts';
import { EXCHANGE_FIELDS } from '../lib/websocket/functions/exchange-block.ts';
import { makeFolder, removeFolder } from './helpers/folder.ts';
import { refusal } from './helpers/refusal.ts';

const native = loadNative();

function createNativeHandle(binding: NativeBinding = native): NativeHandle {
  const handle = binding.createHandle(true, 'portable', [], []);
  if (typeof handle !== 'object') throw new Error(`no handle: ${handle}`);
  return handle;
}

/** Returns an open server. */
function openNativeHandle(handle = createNativeHandle()): NativeHandle {
  const request =
    'Host\0h\0Connection\0Upgrade\0Upgrade\0websocket\0Sec-WebSocket-Version\x0013\0Sec-WebSocket-Key\0dGhlIHNhbXBsZSBub25jZQ==\0';
  expect(native.beginServerHandshake(handle, null, null, request)).toContain('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  expect(native.endServerHandshake(handle)).toBe(0);
  return handle;
}

describe('loadNative', () => {
  let folder: string;

  beforeAll(() => {
    folder = makeFolder('native');
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    vi.resetModules();
  });

  afterAll(() => {
    try {
      removeFolder(folder);
    } catch (error) {
      // Windows cannot delete a loaded DLL.
      if (process.platform !== 'win32') throw error;
    }
  });

  /** Loads a new copy of the loader. */
  async function loadAgain(override: string): Promise<NativeBinding> {
    vi.stubEnv('WINWIRE_BINDING', override);
    vi.resetModules();
    const fresh = await import('../lib/native.ts');
    return fresh.loadNative();
  }

  it('loads once', () => {
    expect(loadNative()).toBe(native);
  });

  it('names the file of WINWIRE_BINDING, and that no other was tried', async () => {
    const missing = join(folder, 'missing.node');
    const error = await loadAgain(missing).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_BINDING_UNAVAILABLE' });
    expect((error as Error).message).toContain(`${missing}: no such file`);
    expect((error as Error).message).toContain('no other place was tried');
    expect((error as Error).message).not.toContain('Release');
  });

  it('reports why a file cannot be loaded', async () => {
    const file = join(folder, 'broken.node');
    writeFileSync(file, 'not an addon');
    const error = await loadAgain(file).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_BINDING_UNAVAILABLE' });
    expect((error as Error).message).toMatch(/broken\.node: (?!no such file)\S/);
  });

  it('rejects an addon of another version', async () => {
    const error = await loadAgain(join(dirname(nativeFile()), 'winwire_probe.node')).catch((reason: unknown) => reason);
    expect((error as Error).message).toContain('made for another version of winwire (interface undefined, not 3)');
  });

  it('loads the file that WINWIRE_BINDING names', async () => {
    const file = join(folder, 'named.node');
    copyFileSync(nativeFile(), file);
    expect((await loadAgain(file)).interfaceVersion).toBe(native.interfaceVersion);
    expect((await import('../lib/native.ts')).nativeFile()).toBe(file);
  });

  it('loads the addon on first use of the package, not on import', async () => {
    vi.stubEnv('WINWIRE_BINDING', join(folder, 'missing.node'));
    vi.resetModules();
    const winwire = await import('../lib/index.ts');
    const { WebSocketCreateClientHandle, WebSocketDeleteHandle } = await import('../lib/sys.ts');
    const code = 'ERR_BINDING_UNAVAILABLE';
    expect(refusal(() => WebSocketCreateClientHandle())).toMatchObject({ code });
    expect(refusal(() => winwire.backends())).toMatchObject({ code });
    await expect(winwire.WebSocketConnection.connect('ws://127.0.0.1:1/')).rejects.toMatchObject({ code });
    const socket = new winwire.WebSocket('ws://127.0.0.1:65535/', { backend: 'portable' });
    const event = await new Promise((resolve) => socket.addEventListener('error', resolve));
    expect((event as { error?: unknown }).error).toMatchObject({ code });
    // After a failure loading is tried again.
    vi.stubEnv('WINWIRE_BINDING', nativeFile());
    WebSocketDeleteHandle(WebSocketCreateClientHandle([], { backend: 'portable' }));
  });
});

describe('the exchange block', () => {
  it('has the fields that lib/websocket/functions reads, in the same order', () => {
    expect(native.exchangeFields).toEqual(EXCHANGE_FIELDS);
  });
});

describe('the addon rejects', () => {
  type Call = (handle: NativeHandle) => unknown;
  const calls: [string, Call][] = [
    ['beginClientHandshake', (handle) => native.beginClientHandshake(handle, null, null, null)],
    ['endClientHandshake', (handle) => native.endClientHandshake(handle, '')],
    ['beginServerHandshake', (handle) => native.beginServerHandshake(handle, null, null, '')],
    ['endServerHandshake', (handle) => native.endServerHandshake(handle)],
    ['send', (handle) => native.send(handle, 0x80000000)],
    ['sendClose', (handle) => native.sendClose(handle, 1000, undefined)],
    ['receive', (handle) => native.receive(handle)],
    ['getAction', (handle) => native.getAction(handle, 3)],
    ['copyBuffer', (handle) => native.copyBuffer(handle, 1, 0, new Uint8Array(1))],
    ['completeAction', (handle) => native.completeAction(handle, 1, 0)],
    ['completeReceive', (handle) => native.completeReceive(handle, 1, new Uint8Array(1))],
    ['abortHandle', (handle) => native.abortHandle(handle)],
    ['deleteHandle', (handle) => native.deleteHandle(handle)],
  ];

  describe.each(calls)('%s with', (_name, call) => {
    it.each([
      ['an object', {}],
      ['a number', 1],
      ['undefined', undefined],
      ['the exchange block', native.exchangeBlock],
    ])('%s as a handle', (_what, value) => {
      expect(call(value as never)).toBe(Refusal.HANDLE);
    });

    it('a deleted handle', () => {
      const handle = createNativeHandle();
      native.deleteHandle(handle);
      expect(call(handle)).toBe(Refusal.HANDLE);
    });

    it('missing arguments', () => {
      expect((call as (handle?: NativeHandle) => unknown)()).toBe(Refusal.HANDLE);
    });
  });

  it('the handle of another copy of the addon', () => {
    const folder = makeFolder('copy');
    const copy = join(folder, 'copy.node');
    copyFileSync(nativeFile(), copy);
    const other = createRequire(import.meta.url)(copy) as NativeBinding;
    const foreign = createNativeHandle(other);
    for (const [, call] of calls) expect(call(foreign)).toBe(Refusal.HANDLE);
    expect(other.abortHandle(foreign)).toBeUndefined();
    expect(other.deleteHandle(foreign)).toBeUndefined();
  });

  it.each([
    ['send', (handle: NativeHandle) => native.send(handle, 'x' as never)],
    ['sendClose', (handle: NativeHandle) => native.sendClose(handle, 0x10000, undefined)],
    ['getAction', (handle: NativeHandle) => native.getAction(handle, undefined as never)],
    ['copyBuffer', (handle: NativeHandle) => native.copyBuffer(handle, {} as never, 0, new Uint8Array(1))],
    ['completeAction', (handle: NativeHandle) => native.completeAction(handle, 1, 'x' as never)],
    ['completeReceive', (handle: NativeHandle) => native.completeReceive(handle, null as never, new Uint8Array(1))],
  ])('%s with a value that is not a number', (_name, call) => {
    const handle = openNativeHandle();
    expect(call(handle)).toBe(Refusal.ARGUMENT);
    native.deleteHandle(handle);
  });

  it.each([
    ['an ArrayBuffer', new ArrayBuffer(1)],
    ['a DataView', new DataView(new ArrayBuffer(1))],
    ['a Float64Array', new Float64Array(1)],
    ['a string', 'x'],
    ['undefined', undefined],
  ])('%s as bytes', (_what, value) => {
    const handle = openNativeHandle();
    const bytes = value as never;
    expect(native.send(handle, 0x80000002, bytes)).toBe(Refusal.ARGUMENT);
    expect(native.receive(handle, bytes)).toBe(Refusal.ARGUMENT);
    expect(native.completeReceive(handle, 1, bytes)).toBe(Refusal.ARGUMENT);
    expect(native.copyBuffer(handle, 1, 0, bytes)).toBe(Refusal.ARGUMENT);
    native.deleteHandle(handle);
  });

  it('copying a buffer of an unknown action, beyond its count or beyond its length', () => {
    const handle = openNativeHandle();
    native.send(handle, 0x80000002, new Uint8Array(3));
    expect(native.getAction(handle, 1)).toBe(0);
    const [, , count, , length] = new Uint32Array(native.exchangeBlock, 0, EXCHANGE_FIELDS.length);
    expect([count, length]).toEqual([2, 3]);
    const actionId = new Uint32Array(native.exchangeBlock)[EXCHANGE_FIELDS.indexOf('actionId')] as number;
    expect(native.copyBuffer(handle, actionId + 1, 0, new Uint8Array(1))).toBe(Refusal.ACTION_CONTEXT);
    expect(native.copyBuffer(handle, actionId, 2, new Uint8Array(1))).toBe(Refusal.COUNT);
    expect(native.copyBuffer(handle, actionId, 1, new Uint8Array(4))).toBe(Refusal.COUNT);
    expect(native.copyBuffer(handle, actionId, 1, new Uint8Array(3))).toBeUndefined();
    native.deleteHandle(handle);
  });

  it('a trace of a handle without a pump, a second one, and one that has ended', () => {
    native.pumpBlock();
    const [created, keeper] = native.createPumpHandle(true, 'portable', [], []) as PumpHandle;
    const handle = openNativeHandle(created);
    const functions = [native.startTrace, native.stopTrace, native.takeTrace, native.pumpAbort];
    for (const call of functions) expect(call(handle)).toBe(Refusal.HANDLE);
    native.startPump(handle, true);
    for (const call of [native.stopTrace, native.takeTrace]) expect(call(handle)).toBe(Refusal.HANDLE);
    expect(native.startTrace(handle)).toBeUndefined();
    expect(native.startTrace(handle)).toBe(Refusal.HANDLE);
    expect(native.takeTrace(handle)).toHaveProperty('byteLength', 0);
    expect(native.pumpAbort(handle)).toBeUndefined();
    expect(native.takeTrace(handle)).not.toHaveProperty('byteLength', 0);
    expect(native.stopTrace(handle)).toBeUndefined();
    expect(native.startTrace(handle)).toBeUndefined();
    // Deleted while it is traced.
    native.deleteHandle(handle);
    for (const call of functions) expect(call(handle)).toBe(Refusal.HANDLE);
    expect(keeper).toBeTypeOf('object');
  });

  it('memory of the caller as a creation property', () => {
    expect(native.createHandle(true, 'portable', [3], [new Uint8Array(8)])).toBe(Refusal.ARGUMENT);
  });

  it('an unknown backend', () => {
    expect(refusal(() => native.backendInfo('other' as never)).message).toContain('no such backend: other');
    expect(refusal(() => native.createHandle(true, 'other' as never, [], [])).message).toContain('no such backend');
  });

  it('invalid strings', () => {
    const handle = createNativeHandle();
    expect(refusal(() => native.endClientHandshake(handle, 1 as never))).toBeInstanceOf(TypeError);
    expect(refusal(() => native.beginServerHandshake(handle, {} as never, null, ''))).toBeInstanceOf(TypeError);
    native.deleteHandle(handle);
  });

  it('invalid properties', () => {
    expect(refusal(() => native.createHandle(true, 'portable', [{}] as never, [] as never))).toBeInstanceOf(Error);
    expect(refusal(() => native.createHandle('x' as never, 'portable', [], []))).toBeInstanceOf(Error);
  });
});
