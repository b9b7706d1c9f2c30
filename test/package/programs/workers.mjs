// Three workers load the package at once, and a fourth after they have ended.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

async function inWorker() {
  const worker = new Worker(new URL(import.meta.url));
  const [[message]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  return message;
}

if (isMainThread) {
  const answers = await Promise.all([inWorker(), inWorker(), inWorker()]);
  console.log(JSON.stringify([...answers, await inWorker()]));
} else {
  const { WebSocketCreateClientHandle, WebSocketBeginClientHandshake } = await import('winwire/sys');
  const handle = WebSocketCreateClientHandle([], { backend: 'portable' });
  parentPort.postMessage(WebSocketBeginClientHandshake(handle, [], [], []).length);
}
