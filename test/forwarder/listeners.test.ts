// Where the forwarder listens, and which clients it admits.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createForwarder } from '../../lib/forwarder/create-forwarder.ts';
import type { ForwarderInit } from '../../lib/forwarder/forwarder-types.ts';
import { RawOrigin } from './origin.ts';
import { answerTo, RawClient } from './raw-client.ts';

const start = (init: ForwarderInit = {}) => createForwarder({ proxy: 'direct', backend: 'portable', ...init });

async function listen(host: string, port = 0): Promise<Server & AsyncDisposable> {
  const server = createServer();
  server.listen({ host, port, ipv6Only: true });
  await once(server, 'listening');
  return Object.assign(server, {
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
const portOf = (server: Server) => (server.address() as AddressInfo).port;

const interfaces = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
const hasIPv6 = interfaces.some(({ address }) => address === '::1');
const outer = interfaces.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

describe('listening', () => {
  it('is on both loopback addresses, with one port', async () => {
    await using forwarder = await start();
    expect(forwarder.addresses).toEqual(hasIPv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1']);
    expect(new URL(forwarder.url)).toMatchObject({ hostname: '127.0.0.1', port: String(forwarder.port) });
    for (const address of forwarder.addresses) {
      await using client = await RawClient.open(forwarder.port, address);
      client.write('GET / HTTP/1.1\r\n\r\n');
      await client.receives(/^HTTP\/1\.1 400 /);
    }
  });

  it.runIf(hasIPv6).each(['127.0.0.1', '::1'])('fails if another program listens on %s', async (host) => {
    await using taken = await listen(host);
    const port = portOf(taken);
    const error = await start({ port }).catch((failure) => failure);
    expect(error).toMatchObject({ name: 'ForwarderError', code: 'ERR_WINWIRE_PROXY_LISTEN' });
    expect(error.message).toContain(`${port}`);
    // The other address was given back.
    await using other = await listen(host === '::1' ? '127.0.0.1' : '::1', port);
    expect(portOf(other)).toBe(port);
  });

  it('keeps others from its addresses', async () => {
    await using forwarder = await start();
    for (const address of forwarder.addresses) {
      await expect(listen(address, forwarder.port)).rejects.toThrow('EADDRINUSE');
    }
    await expect(start({ port: forwarder.port })).rejects.toThrow('another program listens there');
  });

  it('fails for an address that the machine does not have', async () => {
    await expect(start({ listen: ['203.0.113.1'], allow: ['203.0.113.0/24'] })).rejects.toThrow(
      'does not have the address',
    );
  });

  it('has a random password, which only the URL shows', async () => {
    await using one = await start();
    await using two = await start();
    const passwords = [one, two].map(({ url }) => new URL(url).password);
    expect(passwords[0]).toMatch(/^[\w-]{32}$/);
    expect(passwords[0]).not.toBe(passwords[1]);
    expect(inspect(one, { depth: 9, showHidden: true }) + JSON.stringify(one)).not.toContain(passwords[0]);
  });

  it('asks for no password with false', async () => {
    await using forwarder = await start({ password: false });
    expect(forwarder.url).toBe(`http://127.0.0.1:${forwarder.port}`);
    await using client = await RawClient.open(forwarder.port);
    client.write('CONNECT nothing.invalid:443 HTTP/1.1\r\nHost: nothing.invalid:443\r\n\r\n');
    await client.receives(/^HTTP\/1\.1 502 /);
  });
});

describe('clients', () => {
  it.runIf(outer)('of other addresses need allow', async () => {
    const host = outer as string;
    {
      await using forwarder = await start({ listen: [host], allow: ['203.0.113.0/24'] });
      expect(
        await (async () => {
          await using client = await RawClient.open(forwarder.port, host);
          client.write('GET / HTTP/1.1\r\n\r\n');
          return await client.end();
        })(),
      ).toMatch(/^HTTP\/1\.1 403 [\s\S]*not allowed/);
    }
    await using forwarder = await start({ listen: ['127.0.0.1', host], allow: [`${host}/32`] });
    await using client = await RawClient.open(forwarder.port, host);
    client.write('GET / HTTP/1.1\r\n\r\n');
    await client.receives(/^HTTP\/1\.1 400 /);
  });

  it.each<[init: ForwarderInit, code: string]>([
    [{ listen: ['0.0.0.0'] }, 'ERR_INVALID_ARG_VALUE'],
    [{ listen: ['::'], allow: [] }, 'ERR_INVALID_ARG_VALUE'],
    [{ listen: [] }, 'ERR_INVALID_ARG_VALUE'],
    [{ listen: ['localhost'] }, 'ERR_INVALID_ARG_VALUE'],
    [{ allow: ['10.0.0.0/33'] }, 'ERR_INVALID_ARG_VALUE'],
    [{ allow: ['10.0.0.0/8/8'] }, 'ERR_INVALID_ARG_VALUE'],
    [{ allow: ['example.org'] }, 'ERR_INVALID_ARG_VALUE'],
    [{ allow: '10.0.0.0/8' as never }, 'ERR_INVALID_ARG_TYPE'],
    [{ port: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ port: '80' as never }, 'ERR_INVALID_ARG_TYPE'],
    [{ password: '' }, 'ERR_INVALID_ARG_VALUE'],
    [{ password: 'a\r\nb' }, 'ERR_INVALID_ARG_VALUE'],
    [{ password: true as never }, 'ERR_INVALID_ARG_TYPE'],
    [{ limits: { connections: 0 } }, 'ERR_OUT_OF_RANGE'],
    [{ limits: { headers: 1 } as never }, 'ERR_INVALID_ARG_VALUE'],
    [{ upstream: 'x' } as never, 'ERR_INVALID_ARG_VALUE'],
    [{ proxy: 'sometimes' as never }, 'ERR_INVALID_ARG_VALUE'],
    [{ onRequest: 1 as never }, 'ERR_INVALID_ARG_TYPE'],
  ])('rejects %j', async (init, code) => {
    await expect(createForwarder(init)).rejects.toMatchObject({ code });
  });
});

describe('limits', () => {
  it('closes a connection that waits for its request to make room', async () => {
    await using forwarder = await start({ limits: { connections: 2 } });
    await using first = await RawClient.open(forwarder.port);
    await using second = await RawClient.open(forwarder.port);
    second.write('GET');
    while (forwarder.statistics.connections < 2) await new Promise(setImmediate);
    await using third = await RawClient.open(forwarder.port);
    expect(await first.end()).toBe('');
    third.write('GET / HTTP/1.1\r\n\r\n');
    await third.receives(/^HTTP\/1\.1 400 /);
  });

  it('answers 503 if all connections are in use', async () => {
    await using origin = await RawOrigin.start(() => {});
    await using forwarder = await start({ limits: { connections: 1 }, password: false });
    await using tunnel = await RawClient.open(forwarder.port);
    tunnel.write(`CONNECT ${origin.place} HTTP/1.1\r\nHost: ${origin.place}\r\n\r\n`);
    await tunnel.receives(/200/);
    expect(await answerTo(forwarder.port, 'GET / HTTP/1.1\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 503 [\s\S]*Retry-After: 1\r\n/,
    );
  });

  it('answers 408 to a slow head, and nothing to a silent client', async () => {
    await using forwarder = await start({ limits: { headTime: 50 } });
    expect(await answerTo(forwarder.port, 'GET http://a')).toMatch(/^HTTP\/1\.1 408 /);
    expect(await answerTo(forwarder.port, '')).toBe('');
  });

  it('closes a tunnel without bytes after idleTime', async () => {
    await using origin = await RawOrigin.start(() => {});
    await using forwarder = await start({ limits: { idleTime: 50 }, password: false });
    await using tunnel = await RawClient.open(forwarder.port);
    tunnel.write(`CONNECT ${origin.place} HTTP/1.1\r\nHost: ${origin.place}\r\n\r\n`);
    expect(await tunnel.end()).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('close', () => {
  it('gives open tunnels the grace, and no more', async () => {
    await using origin = await RawOrigin.start((socket) => socket.pipe(socket));
    const forwarder = await start({ password: false });
    await using idle = await RawClient.open(forwarder.port);
    await using tunnel = await RawClient.open(forwarder.port);
    tunnel.write(`CONNECT ${origin.place} HTTP/1.1\r\nHost: ${origin.place}\r\n\r\n`);
    await tunnel.receives(/200/);
    const closed = forwarder.close({ grace: 60_000 });
    expect(await idle.end()).toBe('');
    tunnel.write('still open');
    await tunnel.receives(/still open$/);
    await expect(RawClient.open(forwarder.port)).rejects.toThrow('ECONNREFUSED');
    tunnel.socket.end();
    await closed;
    const second = await start({ password: false });
    await using other = await RawClient.open(second.port);
    other.write(`CONNECT ${origin.place} HTTP/1.1\r\nHost: ${origin.place}\r\n\r\n`);
    await other.receives(/200/);
    await second.close({ grace: 20 });
    await other.end();
  });
});
