// The garbage collector deletes unreferenced handles, even with circular references.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { loadNative } from '../../lib/native.ts';
import * as sys from '../../lib/sys.ts';
import { availableBackends, backendsForLongWork } from '../helpers/backends.ts';
import { openEndpoint, openPair, pump } from '../helpers/loopback.ts';
import { runProgram } from '../helpers/program.ts';

const { ActionQueue, BufferType } = sys;
const { openHandleCount } = loadNative();
const collect = globalThis.gc as () => void;

/**
 * Collects until a condition holds. First waits a turn of the event loop: finalizers need one, and a WeakRef keeps its
 * target until the end of the turn.
 */
async function collectUntil(condition: () => boolean, limit = 100): Promise<void> {
  for (let turns = 0; turns < limit; turns++) {
    await nextTurn();
    collect();
    if (condition()) return;
  }
}

describe.each(availableBackends)('unreferenced handles of %s', (backend) => {
  it('are deleted, 10,000 of them', async () => {
    const before = openHandleCount();
    (() => {
      for (let index = 0; index < 5000; index++) {
        sys.WebSocketCreateClientHandle([], { backend });
        sys.WebSocketCreateServerHandle([], { backend });
      }
    })();
    await collectUntil(() => openHandleCount() === before);
    expect(openHandleCount()).toBe(before);
  });

  it('are deleted with queued operations, outstanding actions and contexts that refer to the handle', async () => {
    const before = openHandleCount();
    (() => {
      for (let index = 0; index < 100; index++) {
        const { client, server } = openPair({ client: { backend }, server: { backend } });
        for (const { handle } of [client, server]) {
          sys.WebSocketSend(handle, BufferType.BINARY_MESSAGE, Buffer.alloc(10_000), { handle });
          sys.WebSocketReceive(handle, Buffer.alloc(100), { handle });
          sys.WebSocketGetAction(handle, ActionQueue.SEND);
          sys.WebSocketGetAction(handle, ActionQueue.RECEIVE);
        }
      }
    })();
    await collectUntil(() => openHandleCount() === before);
    expect(openHandleCount()).toBe(before);
  });

  it('stay while an action context is referenced, and are deleted with it', async () => {
    const before = openHandleCount();
    let action: sys.WebSocketAction | undefined = actionOfDroppedHandle();
    await collectUntil(() => openHandleCount() === before, 10);
    expect(openHandleCount()).toBe(before + 1);
    expect(action.actionContext).toBeInstanceOf(sys.WebSocketActionContext);
    action = undefined;
    await collectUntil(() => openHandleCount() === before);
    expect(openHandleCount()).toBe(before);
  });

  function actionOfDroppedHandle(): sys.WebSocketAction {
    const { handle } = openEndpoint('client', { backend });
    sys.WebSocketSend(handle, BufferType.BINARY_MESSAGE);
    return sys.WebSocketGetAction(handle, ActionQueue.SEND);
  }
});

describe.each(availableBackends)('the objects that a handle of %s keeps', (backend) => {
  async function isCollected(reference: WeakRef<object>): Promise<boolean> {
    await collectUntil(() => reference.deref() === undefined);
    return reference.deref() === undefined;
  }

  it('are released with the indication', async () => {
    using pair = openPair({ client: { backend }, server: { backend } });
    const references = (() => {
      const contexts = [{}, {}] as const;
      const buffer = new Uint8Array(64);
      sys.WebSocketSend(pair.client.handle, BufferType.BINARY_MESSAGE, Buffer.from('x'), contexts[0]);
      sys.WebSocketReceive(pair.server.handle, buffer, contexts[1]);
      pump(pair);
      expect([pair.client.sent[0], pair.server.received[0]?.context]).toEqual(contexts);
      const all = [...contexts, buffer.buffer].map((value) => new WeakRef<object>(value));
      for (const { sent, received, trace } of [pair.client, pair.server]) {
        sent.length = 0;
        received.length = 0;
        trace.length = 0;
      }
      return all;
    })();
    for (const reference of references) expect(await isCollected(reference)).toBe(true);
  });

  it('are released when it is deleted', async () => {
    const { handle } = openEndpoint('client', { backend });
    const references = (() => {
      const contexts = [{}, {}] as const;
      const buffer = new Uint8Array(64);
      sys.WebSocketSend(handle, BufferType.BINARY_MESSAGE, Buffer.from('x'), contexts[0]);
      sys.WebSocketReceive(handle, buffer, contexts[1]);
      return [...contexts, buffer.buffer].map((value) => new WeakRef<object>(value));
    })();
    sys.WebSocketDeleteHandle(handle);
    for (const reference of references) expect(await isCollected(reference)).toBe(true);
  });

  it('do not include sent bytes, which can be collected at once', async () => {
    using server = openEndpoint('server', { backend });
    const reference = (() => {
      const data = new ArrayBuffer(1000);
      sys.WebSocketSend(server.handle, BufferType.BINARY_MESSAGE, data);
      return new WeakRef(data);
    })();
    expect(await isCollected(reference)).toBe(true);
  });
});

describe.each(backendsForLongWork)('the memory of a process on %s', (backend) => {
  const program = new URL('programs/memory.mjs', import.meta.url);

  // By each of the 5,000 or 7,500 repetitions of a round 140 to 210 bytes.
  const ALLOWED_BYTES_PER_ROUND = 1024 * 1024;

  it.each([
    ['drops handles without collecting', 'drop'],
    ['creates and deletes handles', 'delete'],
    ['sends and receives with contexts and buffers', 'transfer'],
    ['is refused over and over', 'refuse'],
  ])('does not grow when it %s', async (_what, work) => {
    const { code, stdout, stderr } = await runProgram(program, [backend, work], {
      // Else the young generation may grow in any round.
      nodeOptions: ['--max-semi-space-size=1'],
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { growths, median, openHandles } = JSON.parse(stdout);
    expect(openHandles).toBe(0);
    expect(median, `growths of the rounds: ${growths}`).toBeLessThan(ALLOWED_BYTES_PER_ROUND);
  });
});
