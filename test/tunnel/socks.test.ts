// Connections through SOCKS proxies, versions 4, 4a and 5.
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProxyOption } from '../../lib/proxy/types.ts';
import { Network } from '../../lib/tunnel/network.ts';
import { RawServer } from '../helpers/http-raw-server.ts';
import { SocksProxy } from '../helpers/socks-proxy.ts';
import { TunnelProxy } from '../helpers/tunnel-proxy.ts';
import { failureOf } from './failure-of.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const networks: Network[] = [];
afterEach(() => {
  for (const network of networks.splice(0)) network.destroy();
});

async function get(proxy: ProxyOption, url: string): Promise<string> {
  const network = new Network({ backend: 'portable', proxy }, 'direct');
  networks.push(network);
  const { socket, isAbsolute } = await network.open(new URL(url), { form: 'requests' });
  expect(isAbsolute).toBe(false);
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  let text = '';
  while (!text.endsWith('ok')) text += (await once(socket, 'data'))[0];
  return text;
}

const script = (answer: string): ProxyOption => ({
  pac: `data:,${encodeURIComponent(`function FindProxyForURL(url, host) { return ${JSON.stringify(answer)} }`)}`,
});

describe('a SOCKS proxy', () => {
  it.each([
    ['socks5', 'server.example', { version: 5, host: 'server.example' }],
    ['socks5', '127.0.0.1', { version: 5, host: '127.0.0.1' }],
    ['socks5', '[::1]', { version: 5, host: '00000000000000000000000000000001' }],
    ['socks4', 'server.example', { version: 4, host: 'server.example' }],
    ['socks4', '127.0.0.1', { version: 4, host: '127.0.0.1' }],
  ])('by %s: gets the host %s as it stands in the URL', async (scheme, host, seen) => {
    await using server = await RawServer.answering(OK);
    await using proxy = await SocksProxy.start();
    const bypass = ['<-loopback>'];
    expect(await get({ proxy: `${scheme}://${proxy.place}`, bypass }, `http://${host}:${server.port}/`)).toBe(OK);
    expect(proxy.seen).toEqual([{ ...seen, port: server.port }]);
  });

  it('gets the user and password of its URL', async () => {
    await using server = await RawServer.answering(OK);
    await using proxy = await SocksProxy.start({ user: 'me:p@ss' });
    const url = `http://server.example:${server.port}/`;
    await get({ proxy: `socks5://me:p%40ss@${proxy.place}` }, url);
    expect(proxy.seen).toMatchObject([{ user: 'me:p@ss' }]);
    await using old = await SocksProxy.start();
    await get({ proxy: `socks4://me@${old.place}` }, url);
    expect(old.seen).toMatchObject([{ user: 'me' }]);
  });

  it('passes on the bytes behind its answer', async () => {
    await using server = await RawServer.answering('ok');
    await using proxy = await SocksProxy.start({ behind: 'early ' });
    expect(await get({ proxy: `socks5://${proxy.place}` }, `http://server.example:${server.port}/`)).toBe('early ok');
  });

  it.each([
    ['asks for a user', {}, 'SOCKS5', { user: 'a:b' }, 'ERR_WINWIRE_PROXY_AUTHENTICATION', 'asks for authentication'],
    ['refuses', {}, 'SOCKS5', { code: 2 }, 'ERR_WINWIRE_PROXY_REFUSED', 'NotAllowed'],
    ['refuses, by version 4', {}, 'SOCKS4', { code: 91 }, 'ERR_WINWIRE_PROXY_REFUSED', 'Failed'],
    ['refuses by an unknown code', {}, 'SOCKS5', { code: 77 }, 'ERR_WINWIRE_PROXY_REFUSED', 'an unknown code'],
  ])('ends the attempt where it %s, without another route', async (_what, _options, kind, behaviour, code, text) => {
    await using proxy = await SocksProxy.start(behaviour);
    await using other = await TunnelProxy.start();
    const error = await failureOf(
      get(script(`${kind} ${proxy.place}; PROXY ${other.place}`), 'http://server.example/'),
    );
    expect(error).toMatchObject({ code, message: expect.stringContaining(text), proxy: proxy.place });
    expect(other.heads).toEqual([]);
    await expect.poll(() => proxy.open).toBe(0);
  });

  it('has no password in the error about a wrong one', async () => {
    await using proxy = await SocksProxy.start({ user: 'me:right' });
    const error = await failureOf(get({ proxy: `socks5://me:secret-1@${proxy.place}` }, 'http://server.example/'));
    expect(error.message).toContain('rejects the user name or password');
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret-1');
  });

  it.each([
    ['greets in another protocol', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['greets with another version', Buffer.of(4, 0)],
  ])('is left for the next route where it %s', async (_what, bytes) => {
    await using server = await RawServer.answering(OK);
    await using proxy = await SocksProxy.start({ bytes });
    await using next = await SocksProxy.start();
    const routes = script(`SOCKS5 ${proxy.place}; SOCKS5 ${next.place}`);
    expect(await get(routes, `http://server.example:${server.port}/`)).toBe(OK);
    await expect.poll(() => proxy.open).toBe(0);
  });

  it('fails where everything arrives at once that is to answer later requests', async () => {
    await using proxy = await SocksProxy.start({ bytes: Buffer.of(5, 2, 1, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0) });
    const error = await failureOf(get({ proxy: `socks5://u:p@${proxy.place}` }, 'http://server.example/'));
    expect(error).toMatchObject({ code: 'ERR_WINWIRE_PROXY_CONNECT', message: expect.stringContaining('not SOCKS') });
  });

  it.each([
    [
      'a name that is too long',
      { proxy: `socks5://${'u'.repeat(256)}:p@127.0.0.1:1` },
      'http://a.example/',
      '255 bytes',
    ],
    [
      'an IPv6 address for version 4',
      { proxy: 'socks4://127.0.0.1:1', bypass: ['<-loopback>'] },
      'http://[::1]:5/',
      'IPv6',
    ],
  ])('is not asked with %s', async (_what, proxy, url, text) => {
    expect((await failureOf(get(proxy, url))).message).toContain(text);
  });
});
