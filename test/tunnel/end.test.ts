// A process or a worker ends at once during an attempt, at each stage of it, or by an abort of the attempt.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawServer } from '../helpers/http-raw-server.ts';
import { SocksProxy } from '../helpers/socks-proxy.ts';
import { challenge, TunnelProxy } from '../helpers/tunnel-proxy.ts';

const program = fileURLToPath(new URL('programs/attempts.mjs', import.meta.url));

interface Stage {
  readonly proxy: string;
  readonly url: string;
  /** Whether the attempt has come so far. */
  isReached(): boolean;
  /** The number of the peers' open sockets. */
  open(): number;
}

const stages: Record<string, Stage> = {};
const peers: AsyncDisposable[] = [];

beforeAll(async () => {
  const silent = await TunnelProxy.start(() => null);
  const asking = await TunnelProxy.start((head) =>
    /^Proxy-Authorization/m.test(head) ? null : challenge('Basic realm="a"'),
  );
  const passing = await TunnelProxy.start();
  const passingToTls = await TunnelProxy.start();
  const target = await RawServer.start(() => {});
  const socks = await SocksProxy.start({ bytes: Buffer.of(5) });
  const noTls = await RawServer.start(() => {});
  const noProxyTls = await RawServer.start(() => {});
  peers.push(silent, asking, passing, passingToTls, target, socks, noTls, noProxyTls);
  const server = `ws://server.example:${target.port}/`;
  stages['TLS to the proxy'] = {
    proxy: `https://127.0.0.1:${noProxyTls.port}`,
    url: server,
    isReached: () => noProxyTls.open > 0,
    open: () => noProxyTls.open,
  };
  stages['the answer to CONNECT'] = {
    proxy: silent.place,
    url: server,
    isReached: () => silent.heads.length > 0,
    open: () => silent.openSockets,
  };
  stages['the answer to the second leg'] = {
    proxy: `http://u:p@${asking.place}`,
    url: server,
    isReached: () => asking.heads.length > 1,
    open: () => asking.openSockets,
  };
  stages['TLS to the server'] = {
    proxy: passingToTls.place,
    url: `wss://server.example:${noTls.port}/`,
    isReached: () => noTls.open > 0,
    open: () => noTls.open + passingToTls.openSockets,
  };
  stages['the opening handshake'] = {
    proxy: passing.place,
    url: server,
    isReached: () => target.heads.length > 0,
    open: () => target.open + passing.openSockets,
  };
  stages['the greeting of SOCKS'] = {
    proxy: `socks5://${socks.place}`,
    url: server,
    // The client of the package was loaded.
    isReached: () => socks.packets > 0,
    open: () => socks.open,
  };
});

afterAll(async () => {
  for (const peer of peers) await peer[Symbol.asyncDispose]();
});

describe.each([
  'TLS to the proxy',
  'the answer to CONNECT',
  'the answer to the second leg',
  'TLS to the server',
  'the opening handshake',
  'the greeting of SOCKS',
])('while it waits for %s', (name) => {
  // The attempt itself has no limit.
  // After an abort the process ends within 300 ms without being told to, else its exit code is 1.
  it.each(['worker', 'process', 'aborted process'])(
    'a %s ends, and leaves no socket',
    {
      timeout: 90_000,
    },
    async (end) => {
      const stage = stages[name] as Stage;
      const child = fork(program, [end, stage.url, stage.proxy], { stdio: 'inherit' });
      const exit = once(child, 'exit');
      await expect.poll(() => stage.isReached() && stage.open() > 0, { timeout: 60_000 }).toBe(true);
      child.send('end');
      expect(await exit).toEqual([0, null]);
      await expect.poll(() => stage.open()).toBe(0);
    },
  );
});
