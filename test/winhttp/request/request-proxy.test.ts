// WinHttpRequest with a source of proxies: the route of each URL, and what it cannot express.
import { describe, expect, it } from 'vitest';
import type { BackendName } from '../../../lib/backend.ts';
import { ProxySetting, WinHttpRequest } from '../../../lib/index.ts';
import { closedPort } from '../../../lib/parity/http-server.ts';
import type { ProxyOption } from '../../../lib/proxy/types.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { isWine } from '../../helpers/standin.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

// Under Wine SetProxy has no effect: the name of the target is looked up (lib/parity/wine-differences.ts).
const backendsWithProxies = availableBackends.filter((backend) => backend !== 'system' || !isWine);

const script = (body: string): ProxyOption => ({
  pac: `data:,${encodeURIComponent(`function FindProxyForURL(url, host) { ${body} }`)}`,
});
const answering = (answer: string) => script(`return ${JSON.stringify(answer)}`);
const place = (server: RawServer) => `127.0.0.1:${server.port}`;

function requestsOn(backend: BackendName) {
  const request = async (url: string, proxy: ProxyOption) =>
    (await WinHttpRequest.request(url, { backend, proxy })).text();

  const send = async (url: string, proxy: ProxyOption) => {
    await using object = await WinHttpRequest.create({ backend, proxy });
    await object.open('GET', url);
    await object.send();
    return object.responseText;
  };
  return { request, send };
}

describe.each(availableBackends)('a source of proxies on %s', (backend) => {
  const { request, send } = requestsOn(backend);

  it.each(['SOCKS5 127.0.0.1:1', 'HTTPS 127.0.0.1:1; DIRECT'])(
    'fails where SetProxy cannot express %s',
    async (answer) => {
      const failure = { code: 'ERROR_NOT_SUPPORTED', message: expect.stringContaining(answer.split(';')[0] as string) };
      await expect(request('http://a.example/', answering(answer))).rejects.toMatchObject(failure);
      await expect(send('http://a.example/', answering(answer))).rejects.toMatchObject(failure);
    },
  );

  it('fails where the script cannot be had', async () => {
    const attempt = send('http://a.example/', { pac: 'data:,}' });
    await expect(attempt).rejects.toMatchObject({ code: 'ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT' });
  });

  it('is ended by abort and by a signal while it is asked', async () => {
    let calls = 0;
    let asked = () => {};
    const proxy = () => {
      calls++;
      asked();
      return new Promise<never>(() => {});
    };
    await using object = await WinHttpRequest.create({ backend, proxy });
    await object.open('GET', 'http://a.example/');
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const sent = object.send();
    await isAsked;
    await object.abort();
    await expect(sent).rejects.toMatchObject({ code: 'ERROR_WINHTTP_OPERATION_CANCELLED' });
    const controller = new AbortController();
    asked = () => controller.abort('enough');
    const init = { backend, proxy, signal: controller.signal };
    await expect(WinHttpRequest.request('http://a.example/', init)).rejects.toMatchObject({ name: 'AbortError' });
    expect(calls).toBe(2);
  });

  it.each([
    [{ proxy: 'nowhere' }, 'ERR_INVALID_ARG_VALUE'],
    [{ proxy: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ proxy: { pac: 'ftp://a/' } }, 'ERR_INVALID_ARG_VALUE'],
    [{ proxy: { host: 'a' } }, 'ERR_INVALID_ARG_VALUE'],
    [{ proxy: { server: 'a', pac: 'data:,' } }, 'ERR_INVALID_ARG_VALUE'],
  ])('refuses %j', async (options, code) => {
    const error = { name: 'TypeError', code };
    await expect(WinHttpRequest.create({ backend, ...options } as never)).rejects.toMatchObject(error);
    const init = { backend, ...options } as never;
    await expect(WinHttpRequest.request('http://a.example/', init)).rejects.toMatchObject(error);
  });
});

describe.each(backendsWithProxies)('the proxy of a source on %s', (backend) => {
  const { request, send } = requestsOn(backend);

  it.each([
    ['request', request],
    ['an object', send],
  ])('is asked for the URL: %s', async (_what, run) => {
    await using proxy = await RawServer.answering(OK);
    await using direct = await RawServer.answering(OK);
    const source = script(`return host == "a.example" ? "PROXY ${place(proxy)}" : "DIRECT"`);
    expect(await run('http://a.example/path?query', source)).toBe('ok');
    expect(await run(`http://127.0.0.1:${direct.port}/`, source)).toBe('ok');
    expect(proxy.heads).toEqual([expect.stringMatching(/^GET http:\/\/a\.example\/path\?query HTTP\/1\.1\r\n/)]);
    expect(direct.heads).toHaveLength(1);
  });

  it('gives way to SetProxy, and serves again with the setting 0', async () => {
    await using proxy = await RawServer.answering(OK);
    await using other = await RawServer.answering(OK);
    await using object = await WinHttpRequest.create({ backend, proxy: answering(`PROXY ${place(proxy)}`) });
    for (const [setting, server] of [
      [ProxySetting.PROXY, place(other)],
      [ProxySetting.PRECONFIG, undefined],
    ] as const) {
      await object.setProxy(setting, server);
      await object.open('GET', 'http://a.example/');
      await object.send();
    }
    expect([proxy.heads.length, other.heads.length]).toEqual([1, 1]);
  });

  it("takes SetProxy's arguments at creation", async () => {
    await using proxy = await RawServer.answering(OK);
    await using object = await WinHttpRequest.create({ backend, proxy: { server: place(proxy) } });
    await object.open('GET', 'http://a.example/');
    await object.send();
    expect(proxy.heads).toHaveLength(1);
  });
});

describe('on portable', () => {
  it('is asked again for a redirect, and takes the next route where no proxy answers', async () => {
    await using second = await RawServer.answering(OK);
    const moved = 'HTTP/1.1 302 Found\r\nLocation: http://b.example/\r\nContent-Length: 0\r\n\r\n';
    await using first = await RawServer.answering(moved);
    const dead = `PROXY 127.0.0.1:${await closedPort()}`;
    const proxy = script(
      `return host == "a.example" ? "${dead}; PROXY ${place(first)}" : "PROXY ${place(second)}; DIRECT"`,
    );
    const response = await WinHttpRequest.request('http://a.example/', { backend: 'portable', proxy });
    expect(response.url).toBe('http://b.example/');
    expect([first.heads.length, second.heads.length]).toEqual([1, 1]);
  });

  it('gives Basic the user and password of the URL, only where it is asked', async () => {
    await using proxy = await RawServer.start((socket, head) => {
      const isKnown = head.includes(`Proxy-Authorization: Basic ${Buffer.from('me:secret').toString('base64')}`);
      socket.write(
        isKnown ? OK : 'HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm="r"\r\nContent-Length: 0\r\n\r\n',
      );
    });
    const source = { proxy: `http://me:secret@${place(proxy)}` };
    const { status } = await WinHttpRequest.request('http://a.example/', { backend: 'portable', proxy: source });
    expect(status).toBe(200);
    expect(proxy.heads).toHaveLength(2);
  });

  it('does not move on behind an answer', async () => {
    await using refusing = await RawServer.answering('HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n');
    await using other = await RawServer.answering(OK);
    const proxy = answering(`PROXY ${place(refusing)}; PROXY ${place(other)}`);
    const attempt = WinHttpRequest.request('https://a.example/', { backend: 'portable', proxy });
    await expect(attempt).rejects.toMatchObject({ code: 'ERROR_WINHTTP_CANNOT_CONNECT' });
    expect(other.heads).toEqual([]);
  });
});
