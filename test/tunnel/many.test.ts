// Nothing is left of many tunnels, of attempts aborted at any moment, and of processes and workers that end during one.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Network } from '../../lib/tunnel/network.ts';
import { challenge, TunnelProxy } from '../helpers/tunnel-proxy.ts';
import { TestAcceptor, TestTokens } from './test-tokens.ts';

let target: Server;
let proxy: TunnelProxy;
let tokens: TestTokens;
let open = 0;

beforeEach(async () => {
  open = 0;
  target = createServer((socket) => {
    open++;
    socket.on('error', () => {}).on('close', () => open--);
    socket.on('data', (bytes) => socket.write(bytes));
  });
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  const acceptors = new WeakMap<Socket, TestAcceptor>();
  proxy = await TunnelProxy.start((head, _count, socket) => {
    const acceptor = acceptors.get(socket) ?? new TestAcceptor();
    acceptors.set(socket, acceptor);
    const asked = acceptor.accept(head);
    proxy.heads.length = 0;
    return asked === undefined ? undefined : challenge(asked);
  });
  tokens = new TestTokens();
});

afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  target.close();
  await once(target, 'close');
});

const networkOf = (): Network =>
  new Network({ proxy: { proxy: proxy.place }, proxyCredentials: 'default', backend: 'portable' }, 'direct', tokens);

const urlOf = (): URL => new URL(`ws://server.example:${(target.address() as AddressInfo).port}/`);

/** Runs tasks, so many at a time. */
async function inTurn(count: number, atOnce: number, task: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** The sockets and timers that keep this process alive. */
const handles = (): string[] => process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout|Connect/.test(name));

describe('authenticated tunnels', () => {
  it('leave nothing behind after 10,000 of them', { timeout: 240_000 }, async () => {
    const network = networkOf();
    const url = urlOf();
    const tunnel = async () => {
      const connection = await network.open(url, { form: 'tunnel', isNew: true });
      connection.socket.write('x');
      await once(connection.socket, 'data');
      connection.destroy();
    };
    await inTurn(1_000, 50, tunnel);
    await expect.poll(() => [open, proxy.openSockets]).toEqual([0, 0]);
    globalThis.gc?.();
    const [before, handlesBefore] = [process.memoryUsage().heapUsed, handles()];
    await inTurn(9_000, 50, tunnel);
    await expect.poll(() => [open, proxy.openSockets]).toEqual([0, 0]);
    globalThis.gc?.();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(5 * 1024 * 1024);
    expect(handles()).toEqual(handlesBefore);
    expect(tokens.openContexts).toBe(0);
    await network.close();
  });

  it('leave nothing behind after 1,000 aborts at random moments, which reject at once', {
    timeout: 120_000,
  }, async () => {
    const network = networkOf();
    const url = urlOf();
    const waits: number[] = [];
    let opened = 0;
    await inTurn(1_000, 20, async (i) => {
      const controller = new AbortController();
      let aborted = 0;
      const abort = () => {
        aborted = performance.now();
        controller.abort();
      };
      const attempt = network.open(url, { form: 'tunnel', isNew: i % 2 === 0, signal: controller.signal });
      later(i, abort);
      try {
        const connection = await attempt;
        opened++;
        if (i % 4 === 0) connection.destroy();
        else connection.release();
      } catch (error) {
        waits.push(performance.now() - aborted);
        expect((error as Error).name).toBe('AbortError');
      }
    });
    expect([waits.length > 100, opened > 10]).toEqual([true, true]);
    waits.sort((a, b) => a - b);
    // Other programs on this machine delay some of them.
    expect(waits[Math.floor(waits.length / 2)]).toBeLessThan(5);
    await network.close();
    await expect.poll(() => [open, proxy.openSockets], { timeout: 10_000 }).toEqual([0, 0]);
    await expect.poll(() => tokens.openContexts).toBe(0);
    expect(handles().filter((name) => name === 'TCPSocketWrap')).toEqual([]);
  });
});

/** At once, within microtasks, within turns of the event loop, or within milliseconds. */
function later(i: number, callback: () => void): void {
  const kind = i % 4;
  const count = Math.floor(Math.random() * 30);
  if (kind === 0) return void setTimeout(callback, Math.random() * 10);
  if (kind === 1) return void turns(count, callback);
  if (kind === 2) return void microtasks(count, callback);
  setTimeout(callback, Math.random() * 200);
}

const turns = (count: number, callback: () => void): unknown =>
  count === 0 ? callback() : setImmediate(() => turns(count - 1, callback));

async function microtasks(count: number, callback: () => void): Promise<void> {
  for (let i = 0; i < count; i++) await undefined;
  callback();
}
