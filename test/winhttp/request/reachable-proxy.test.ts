// The choice of the proxy that is given to SetProxy.
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { closedPort } from '../../../lib/parity/http-server.ts';
import { proxySettingsFor } from '../../../lib/winhttp/request/request-proxy.ts';
import { ProxySetting } from '../../../lib/winhttp/request/winhttp-types.ts';
import type { ProxyCandidate } from '../../../lib/winhttp/request-object.ts';

const failed: number[] = [];
const candidate = (port: number | undefined): ProxyCandidate => ({
  server: port === undefined ? undefined : { host: '127.0.0.1', port, userName: undefined, password: '' },
  reportFailure: () => void failed.push(port ?? 0),
});
const choose = async (ports: readonly (number | undefined)[], signal = new AbortController().signal) =>
  (await proxySettingsFor(async () => ports.map(candidate), 'http://a.example/', signal)).proxy;

async function startProxy() {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    connections: () => connections,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

it('takes the first proxy that accepts a connection, and reports those before it', async () => {
  await using proxy = await startProxy();
  const closed = await closedPort();
  failed.length = 0;
  expect(await choose([closed, proxy.port, closed])).toEqual([
    ProxySetting.PROXY,
    `127.0.0.1:${proxy.port}`,
    undefined,
  ]);
  expect(failed).toEqual([closed]);
});

it('takes a single proxy and the last one without a connection', async () => {
  await using proxy = await startProxy();
  const closed = await closedPort();
  expect(await choose([closed])).toEqual([ProxySetting.PROXY, `127.0.0.1:${closed}`, undefined]);
  expect(await choose([proxy.port])).toEqual([ProxySetting.PROXY, `127.0.0.1:${proxy.port}`, undefined]);
  expect(await choose([closed, proxy.port])).toEqual([ProxySetting.PROXY, `127.0.0.1:${proxy.port}`, undefined]);
  expect(proxy.connections()).toBe(0);
});

it('goes direct where that is the next route', async () => {
  const closed = await closedPort();
  expect(await choose([closed, undefined])).toEqual([ProxySetting.DIRECT, undefined, undefined]);
  expect(await choose([undefined, closed])).toEqual([ProxySetting.DIRECT, undefined, undefined]);
});

it('reports no proxy after an abort', async () => {
  failed.length = 0;
  await choose([await closedPort(), undefined], AbortSignal.abort());
  expect(failed).toEqual([]);
});
