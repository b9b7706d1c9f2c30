// Handles that pumps drive, by number: what closes them, and that a number belongs to one handle only.
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { loadNative, type NativeHandle, nativeFile, type PumpHandle, Refusal } from '../../lib/native.ts';
import { availableBackends } from '../helpers/backends.ts';

const native = loadNative();
const collect = globalThis.gc as () => void;
const open = native.openHandleCount;

/** Number of handles with a common keeper. */
const GROUP = 32;

async function collectUntil(condition: () => boolean): Promise<void> {
  for (let turns = 0; turns < 100 && !condition(); turns++) {
    await nextTurn();
    collect();
  }
}

describe('a handle for a pump', () => {
  it('is created only after the block of the pumps', () => {
    expect(native.createPumpHandle(true, 'portable', [], [])).toBe(Refusal.ARGUMENT);
    native.pumpBlock();
    const [handle] = native.createPumpHandle(true, 'portable', [], []) as PumpHandle;
    expect(native.deleteHandle(handle)).toBeUndefined();
  });

  it('is not accepted from a data function', () => {
    const handle = native.createHandle(true, 'portable', [], []) as NativeHandle;
    expect(native.startPump(handle, true)).toBe(Refusal.HANDLE);
    expect(native.pumpSend(handle, 0, new Uint8Array(1))).toBe(Refusal.HANDLE);
    native.deleteHandle(handle);
  });

  it('is started with the sizes of its buffers, each a number', () => {
    const [handle] = native.createPumpHandle(true, 'portable', [], []) as PumpHandle;
    expect(native.startPump(handle, true, false, '4096' as never, 4096)).toBe(Refusal.ARGUMENT);
    expect(native.startPump(handle, true, false, 4096, '4096' as never)).toBe(Refusal.ARGUMENT);
    expect(native.startPump(handle, true, false, 4096, 4096)).toBeUndefined();
    native.deleteHandle(handle);
  });

  it('is rejected like any other', () => {
    expect(native.createPumpHandle(true, 'portable', [3], [new Uint8Array(8)])).toBe(Refusal.ARGUMENT);
    expect(() => native.createPumpHandle(true, 'other' as never, [], [])).toThrow('no such backend');
  });
});

describe.each(availableBackends)('handles of %s for pumps', (backend) => {
  const create = () => native.createPumpHandle(true, backend, [], []) as PumpHandle;

  it('have unique numbers, even in a reused slot', () => {
    const before = open();
    const pairs = Array.from({ length: 5 * GROUP }, create);
    const numbers = pairs.map(([handle]) => handle as number);
    expect(open()).toBe(before + numbers.length);
    for (const number of numbers) expect(native.deleteHandle(number as never)).toBeUndefined();
    expect(open()).toBe(before);
    const next = pairs.map(() => create());
    expect(new Set([...numbers, ...next.map(([handle]) => handle)]).size).toBe(2 * numbers.length);
    for (const number of numbers) {
      expect(native.deleteHandle(number as never)).toBe(Refusal.HANDLE);
      expect(native.startPump(number as never, true)).toBe(Refusal.HANDLE);
      expect(native.endServerHandshake(number as never)).toBe(Refusal.HANDLE);
    }
    expect(open()).toBe(before + next.length);
    for (const [handle] of next) native.deleteHandle(handle);
    expect(open()).toBe(before);
  });

  it('reuse one slot thousands of times', () => {
    const before = open();
    const seen = new Set<unknown>();
    for (let turn = 0; turn < 3_000; turn++) {
      const [handle] = create();
      expect(handle).toBeGreaterThan(0);
      expect(handle).toBeLessThan(2 ** 31);
      seen.add(handle);
      native.deleteHandle(handle);
    }
    expect(seen.size).toBeGreaterThan(2_000);
    expect(open()).toBe(before);
  });

  it('are found only by their number', () => {
    const [handle, keeper] = create();
    const near = handle as number;
    const others = [keeper, 0, -1, near + 1, near + 2 ** 20, 2 ** 31, Number.NaN, `${near}`, {}, null];
    for (const other of others) {
      expect(native.deleteHandle(other as never)).toBe(Refusal.HANDLE);
      expect(native.pumpReceive(other as never, new Uint8Array(1))).toBe(Refusal.HANDLE);
    }
    expect(native.deleteHandle(handle)).toBeUndefined();
  });

  it('are closed when their keepers are unreferenced, and their slots are reused', async () => {
    const before = open();
    for (let round = 0; round < 3; round++) {
      (() => {
        for (let i = 0; i < 3 * GROUP + 5; i++) create();
      })();
      expect(open()).toBeGreaterThan(before);
      await collectUntil(() => open() === before);
      expect(open()).toBe(before);
    }
  });

  it.each(['', 'process.exit(0)'])('end with a worker: %s', async (end) => {
    const before = open();
    const program = `const native = require(${JSON.stringify(nativeFile())});
      native.pumpBlock();
      const pairs = Array.from({ length: 100 }, () => native.createPumpHandle(true, '${backend}', [], []));
      require('node:worker_threads').parentPort.postMessage(native.openHandleCount());
      ${end}`;
    const worker = new Worker(program, { eval: true, execArgv: [] });
    const ended = once(worker, 'exit');
    expect((await once(worker, 'message'))[0]).toBe(before + 100);
    expect(await ended).toEqual([0]);
    expect(open()).toBe(before);
  });

  it('stay open while one of their keepers is referenced', async () => {
    const before = open();
    const pairs = Array.from({ length: 4 * GROUP }, create);
    const [, kept] = pairs.at(-1) as PumpHandle;
    const sharing = pairs.filter(([, keeper]) => keeper === kept).map(([handle]) => handle);
    expect(sharing.length).toBeGreaterThan(0);
    pairs.length = 0;
    await collectUntil(() => open() <= before + GROUP);
    expect(open()).toBe(before + sharing.length);
    for (const handle of sharing) expect(native.deleteHandle(handle)).toBeUndefined();
    expect(open()).toBe(before);
    expect(kept).toBeTypeOf('object');
  });
});
