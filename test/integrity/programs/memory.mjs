// memory.mjs BACKEND WORK: does the work in equal rounds, and prints the growth of the process and the number of open
// handles, as JSON.
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  ActionQueue,
  BufferType,
  WebSocketBeginClientHandshake,
  WebSocketBeginServerHandshake,
  WebSocketCompleteAction,
  WebSocketCreateClientHandle,
  WebSocketCreateServerHandle,
  WebSocketDeleteHandle,
  WebSocketEndClientHandshake,
  WebSocketEndServerHandshake,
  WebSocketGetAction,
  WebSocketReceive,
  WebSocketSend,
} from 'winwire/sys';
import { loadNative } from '../../../dist/native.js';
import { growthOf } from '../../helpers/growth.mjs';

const [backend, work] = process.argv.slice(2);

function openPair() {
  const client = WebSocketCreateClientHandle([], { backend });
  const server = WebSocketCreateServerHandle([], { backend });
  const request = [{ name: 'Host', value: 'h' }, ...WebSocketBeginClientHandshake(client)];
  WebSocketEndClientHandshake(client, WebSocketBeginServerHandshake(server, undefined, undefined, request));
  WebSocketEndServerHandshake(server);
  return { client, server };
}

const shared = openPair();
const payload = Buffer.alloc(3000, 7);

/** Each work's `times` are those of a round. */
const works = {
  // 16 KiB of queued payload each: more than half a gigabyte in total if the collector did not know of it.
  drop: {
    times: 5_000,
    run() {
      const { server } = openPair();
      WebSocketSend(server, BufferType.BINARY_MESSAGE, Buffer.alloc(16_384), { server });
    },
  },
  delete: {
    times: 5_000,
    run() {
      const { client, server } = openPair();
      WebSocketReceive(client, Buffer.alloc(100));
      WebSocketSend(server, BufferType.BINARY_MESSAGE, payload, {});
      WebSocketGetAction(server, ActionQueue.SEND);
      WebSocketDeleteHandle(client);
      WebSocketDeleteHandle(server);
    },
  },
  transfer: {
    times: 7_500,
    run() {
      WebSocketSend(shared.server, BufferType.BINARY_MESSAGE, payload, {});
      const send = WebSocketGetAction(shared.server, ActionQueue.SEND);
      const bytes = Buffer.concat(send.buffers);
      WebSocketCompleteAction(shared.server, send.actionContext, bytes.length);
      finish(shared.server, ActionQueue.SEND);
      WebSocketReceive(shared.client, Buffer.alloc(3000), {});
      const read = WebSocketGetAction(shared.client, ActionQueue.RECEIVE);
      WebSocketCompleteAction(shared.client, read.actionContext, bytes);
      finish(shared.client, ActionQueue.RECEIVE);
    },
  },
  refuse: {
    times: 7_500,
    run() {
      for (const call of [
        () => WebSocketSend(shared.server, 0x80000007, payload, {}),
        () => WebSocketSend(shared.server, BufferType.CLOSE, { status: 1000, reason: payload }),
        () => WebSocketCreateServerHandle([{ type: 0, value: 1 }], { backend }),
        () => WebSocketBeginClientHandshake(shared.client, ['x'.repeat(1000)]),
      ]) {
        try {
          call();
        } catch {
          continue;
        }
        throw new Error('not refused');
      }
    },
  },
};

function finish(handle, queue) {
  const { actionContext } = WebSocketGetAction(handle, queue);
  WebSocketCompleteAction(handle, actionContext, 0);
  if (WebSocketGetAction(handle, queue).action !== 0) throw new Error('there is more to do');
}

async function settle(open) {
  for (let turns = 0; turns < 100 && loadNative().openHandleCount() > open; turns++) {
    globalThis.gc();
    await nextTurn();
  }
  globalThis.gc();
}

/** Resolves to the size of the process after a round. */
async function sizeAfterRound() {
  const { times, run } = works[work];
  for (let index = 0; index < times; index++) {
    run();
    // Finalizers run between turns.
    if (index % 100 === 0) await nextTurn();
  }
  await settle(2);
  return process.memoryUsage.rss();
}

const { growths, median } = await growthOf(sizeAfterRound);
WebSocketDeleteHandle(shared.client);
WebSocketDeleteHandle(shared.server);
const openHandles = loadNative().openHandleCount();
console.log(JSON.stringify({ growths, median, openHandles }));
