// Tunnels through the forwarder: bytes, ends, aborts, loops.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createForwarder } from '../../lib/forwarder/create-forwarder.ts';
import type { ForwarderInit } from '../../lib/forwarder/forwarder-types.ts';
import { TunnelProxy } from '../helpers/tunnel-proxy.ts';
import { RawOrigin } from './origin.ts';
import { authorizationOf, RawClient } from './raw-client.ts';
import { expectPaused, expectRest, RelaySockets } from './relay-sockets.ts';

const start = (init: ForwarderInit = {}) => createForwarder({ proxy: 'direct', backend: 'portable', ...init });

function connectText(url: string, place: string, more = ''): string {
  return `CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\nProxy-Authorization: ${authorizationOf(url)}\r\n${more}\r\n`;
}

async function openTunnel(forwarder: { url: string; port: number }, place: string): Promise<RawClient> {
  const client = await RawClient.open(forwarder.port);
  client.write(connectText(forwarder.url, place));
  await client.receives(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\n/);
  client.received = client.received.subarray(client.received.indexOf('\r\n\r\n') + 4);
  return client;
}

const echo = () => RawOrigin.start((socket) => socket.pipe(socket));

describe('a tunnel', () => {
  it('carries bytes both ways, also those behind the head', async () => {
    await using origin = await echo();
    await using forwarder = await start();
    await using client = await RawClient.open(forwarder.port);
    client.write(`${connectText(forwarder.url, origin.place)}early`);
    await client.receives(/^HTTP\/1\.1 200 Connection established\r\n\r\nearly$/);
    client.write(' late');
    await client.receives(/early late$/);
    expect(forwarder.statistics).toMatchObject({ tunnels: 1 });
  });

  it('ends one direction without the other', async () => {
    await using origin = await RawOrigin.start((socket) => {
      let text = '';
      socket.on('data', (bytes) => (text += bytes)).on('end', () => socket.end(`got ${text}`));
    });
    await using forwarder = await start();
    await using client = await openTunnel(forwarder, origin.place);
    client.socket.end('all');
    expect(await client.end()).toBe('got all');
    const heard: string[] = [];
    await using first = await RawOrigin.start((socket) => {
      socket.end('bye');
      socket.on('data', (bytes) => heard.push(String(bytes)));
    });
    await using other = await openTunnel(forwarder, first.place);
    expect(await other.end()).toBe('bye');
    other.socket.end('still');
    await once(first.sockets[0] as never, 'end');
    expect(heard.join('')).toBe('still');
  });

  it('breaks off when the other side does', async () => {
    await using origin = await echo();
    await using forwarder = await start();
    await using client = await openTunnel(forwarder, origin.place);
    client.write('x');
    await client.receives(/x/);
    const reset = new Promise((resolve) => client.socket.once('error', resolve));
    origin.sockets[0]?.resetAndDestroy();
    expect(await reset).toMatchObject({ code: 'ECONNRESET' });
    await using second = await openTunnel(forwarder, origin.place);
    second.write('y');
    await second.receives(/y/);
    const gone = new Promise((resolve) => origin.sockets[1]?.once('close', resolve));
    second.socket.resetAndDestroy();
    await gone;
  });

  it('goes through a proxy, with Via', async () => {
    await using origin = await echo();
    await using proxy = await TunnelProxy.start();
    await using forwarder = await start({ proxy: { proxy: proxy.place, bypass: ['<-loopback>'] } });
    await using client = await RawClient.open(forwarder.port);
    client.write(connectText(forwarder.url, origin.place, 'Via: 1.0 first\r\n'));
    client.write('hello');
    await client.receives(/hello$/);
    expect(proxy.heads[0]).toMatch(
      /^CONNECT 127\.0\.0\.1:\d+ HTTP\/1\.1\r\n[\s\S]*\r\nVia: 1\.0 first, 1\.1 winwire-\w+\r\n/,
    );
    expect(proxy.heads[0]).not.toMatch(/proxy-authorization/i);
  });

  it.each([
    ['HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n', 403],
    ['HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n', 503],
    ['HTTP/1.1 407 Who\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n', 502],
    ['', 502],
    ['SSH-2.0-OpenSSH\r\n', 502],
  ])('passes on the refusal %j as %i', async (answer, status) => {
    await using proxy = await TunnelProxy.start(answer);
    await using forwarder = await start({ proxy: { proxy: proxy.place } });
    await using client = await RawClient.open(forwarder.port);
    client.write(connectText(forwarder.url, 'a.example:443'));
    await client.receives(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*\\r\\n\\r\\n.*\\n$`));
    expect(client.text).not.toMatch(/proxy-authenticate/i);
    // The client may try another request on the same connection.
    client.write(connectText(forwarder.url, 'b.example:443'));
    await client.receives(new RegExp(`HTTP/1\\.1 ${status} [\\s\\S]*HTTP/1\\.1 ${status} `));
  });

  it('serves 1,000 at once, and leaves nothing', { timeout: 60_000 }, async () => {
    await using origin = await echo();
    await using forwarder = await start();
    const clients = await Promise.all(Array.from({ length: 1_000 }, () => openTunnel(forwarder, origin.place)));
    expect(forwarder.statistics).toMatchObject({ connections: 1_000, tunnels: 1_000 });
    for (const [i, client] of clients.entries()) client.write(`number ${i}`);
    await Promise.all(clients.map((client, i) => client.receives(new RegExp(`^number ${i}$`))));
    const gone = origin.sockets.map((socket) => socket.closed || once(socket, 'close'));
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
    await Promise.all(gone);
    await forwarder.close();
    expect(forwarder.statistics).toMatchObject({ connections: 0, tunnels: 0, requests: 1_000, failures: 0 });
  });

  it('is held back, each direction by its receiver', { timeout: 60_000 }, async () => {
    using sockets = new RelaySockets();
    await using origin = await RawOrigin.start((socket) => socket.pause());
    await using forwarder = await start();
    await using client = await openTunnel(forwarder, origin.place);
    client.socket.pause();
    const [server] = origin.sockets as [Socket];
    const [near, far] = [sockets.acceptedAt(forwarder.port), sockets.connectedTo(origin.port)];
    const out = { sender: client.socket, incoming: near, outgoing: far, receiver: server };
    const back = { sender: server, incoming: far, outgoing: near, receiver: client.socket };
    const sent = [await expectPaused(out, forwarder.port), await expectPaused(back, forwarder.port)] as const;
    await Promise.all([expectRest(out, sent[0]), expectRest(back, sent[1])]);
  });
});

describe('an abort', () => {
  it('ends the attempt to connect', async () => {
    await using proxy = await RawOrigin.start(() => {});
    await using forwarder = await start({ proxy: { proxy: proxy.place } });
    const client = await RawClient.open(forwarder.port);
    client.write(connectText(forwarder.url, 'a.example:443'));
    while (proxy.sockets.length === 0) await new Promise(setImmediate);
    const gone = once(proxy.sockets[0] as never, 'end');
    await client[Symbol.asyncDispose]();
    proxy.sockets[0]?.resume();
    await gone;
  });

  it('at any moment leaves no connection', { timeout: 60_000 }, async () => {
    await using origin = await echo();
    await using forwarder = await start();
    const text = connectText(forwarder.url, origin.place);
    for (let i = 0; i < 300; i++) {
      const client = await RawClient.open(forwarder.port);
      client.write(text.slice(0, 1 + ((i * 37) % (text.length + 40))));
      if (i % 3 === 0) await new Promise(setImmediate);
      if (i % 5 === 0) client.socket.end();
      if (i % 2 === 0) client.socket.resetAndDestroy();
      await client[Symbol.asyncDispose]();
    }
    while (forwarder.statistics.connections > 0) await new Promise(setImmediate);
    for (const socket of origin.sockets) if (!socket.closed) await once(socket, 'close');
  });
});

describe('a loop', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '127.1', '2130706433', '[::ffff:127.0.0.1]'])(
    'answers 508 to its own address %s as target',
    async (host) => {
      await using forwarder = await start();
      await using client = await RawClient.open(forwarder.port);
      client.write(connectText(forwarder.url, `${host}:${forwarder.port}`));
      await client.receives(/^HTTP\/1\.1 508 /);
      client.write(
        connectText(forwarder.url, `${host}:${forwarder.port}`)
          .replace('CONNECT ', 'GET http://')
          .replace(' HTTP', '/ HTTP'),
      );
      await client.receives(/508 [\s\S]*HTTP\/1\.1 508 /);
      expect(forwarder.statistics.connections).toBe(1);
    },
  );

  it('answers 508 if its own address is its proxy', async () => {
    let port = 0;
    const route = () => ({ kind: 'http' as const, host: 'localhost', port });
    const proxy = () => ({ routes: [route()], source: 'option', by: 'static', warnings: [] }) as never;
    await using forwarder = await start({ proxy });
    port = forwarder.port;
    await using client = await RawClient.open(forwarder.port);
    client.write(connectText(forwarder.url, 'a.example:443'));
    await client.receives(/^HTTP\/1\.1 508 /);
  });

  it('is found over two forwarders by Via', async () => {
    let port = 0;
    const proxy = () =>
      ({ routes: [{ kind: 'http', host: '127.0.0.1', port }], source: 'option', by: 'static', warnings: [] }) as never;
    await using one = await start({ proxy, password: false });
    await using two = await start({ proxy: { proxy: `127.0.0.1:${one.port}` }, password: false });
    port = two.port;
    for (const text of [
      'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n',
      'GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n',
    ]) {
      await using client = await RawClient.open(one.port);
      client.write(text);
      await client.receives(/^HTTP\/1\.1 508 /);
    }
    expect(one.statistics.requests + two.statistics.requests).toBe(6);
  });
});
