import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { secretsOf } from '../../lib/proxy/resolution.ts';
import { resolveProxy } from '../../lib/proxy/resolve-proxy.ts';
import type { ProxyRoute, ProxySource } from '../../lib/proxy/types.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

function setEnvironment(values: Record<string, string>): void {
  for (const name of Object.keys(process.env)) {
    if (/_proxy$/i.test(name) || name === 'REQUEST_METHOD') vi.stubEnv(name, undefined);
  }
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
}

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/proxy.pac`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const pac = (body: string): ProxySource => ({
  pac: `data:application/x-ns-proxy-autoconfig,${encodeURIComponent(`function FindProxyForURL(url, host) { ${body} }`)}`,
});
const resolve = (url: string, from: ProxySource) =>
  resolveProxy(url, { from, backend: 'portable', timeout: Number.POSITIVE_INFINITY });
const text = async (url: string, from: ProxySource) => String(await resolve(url, from));

describe('a proxy passed by the caller', () => {
  test('is used for its schemes', async () => {
    const from = { proxy: 'http=a:1;https=b:2;socks=c:3' };
    expect(await text('http://x.example/', from)).toBe('PROXY a:1');
    expect(await text('ws://x.example/', from)).toBe('PROXY a:1');
    expect(await text('wss://x.example/', from)).toBe('PROXY b:2');
    expect(await text('https://x.example/', { proxy: 'http=a:1' })).toBe('DIRECT');
    expect(await text('https://x.example/', { proxy: 'http=a:1;socks=c:3' })).toBe('SOCKS4 c:3');
    expect(await text('https://x.example/', { proxy: 'https://p.example' })).toBe('HTTPS p.example:443');
  });

  test('is frozen, reports its source, and hides its user', async () => {
    const resolution = await resolve('http://u:secret@x.example/?q', { proxy: 'http://me:pa%3ass@p:1' });
    expect(resolution).toMatchObject({ source: 'option', by: 'static', warnings: [] });
    expect(JSON.stringify(resolution)).not.toMatch(/pass|pa:ss|secret/);
    const [route] = resolution.routes;
    expect(secretsOf(route as ProxyRoute)).toEqual({ namedBy: 'caller', user: { username: 'me', password: 'pa:ss' } });
    expect(Object.isFrozen(resolution) && Object.isFrozen(resolution.routes) && Object.isFrozen(route)).toBe(true);
  });

  test('is bypassed according to its list', async () => {
    const resolution = await resolve('http://x.example/', { proxy: 'a:1', bypass: ['*.example'] });
    expect(resolution).toMatchObject({ routes: [{ kind: 'direct' }], source: 'option', by: 'bypass' });
  });
});

describe('the environment', () => {
  test('is selected per scheme, lower case first, ALL_PROXY last', async () => {
    setEnvironment({ HTTP_PROXY: 'upper:1', http_proxy: 'lower:2', ALL_PROXY: 'socks5://all:3' });
    expect(await text('http://x.example/', 'environment')).toBe('PROXY lower:2');
    expect(await text('https://x.example/', 'environment')).toBe('SOCKS5 all:3');
  });

  test('ignores an upper-case HTTP_PROXY in a CGI program', async () => {
    setEnvironment({ HTTP_PROXY: 'evil:1', REQUEST_METHOD: 'GET' });
    expect(await resolve('http://x.example/', 'environment')).toMatchObject({ source: 'none', by: 'none' });
  });

  test('names what NO_PROXY excludes', async () => {
    setEnvironment({ HTTP_PROXY: 'a:1', NO_PROXY: '.example' });
    expect(await resolve('http://x.example/', 'environment-then-system')).toMatchObject({
      source: 'environment',
      by: 'bypass',
    });
  });

  test('warns of an invalid proxy without printing it', async () => {
    setEnvironment({ HTTP_PROXY: 'http://me:secret@a:99999' });
    const { warnings, routes } = await resolve('http://x.example/', 'environment');
    expect(routes).toEqual([{ kind: 'direct' }]);
    expect(warnings[0]?.message).toMatch(/HTTP_PROXY/);
    expect(warnings[0]?.message).not.toMatch(/secret/);
  });
});

describe('a script passed by the caller', () => {
  test('gets the origin only, without user information', async () => {
    const from = pac('return "PROXY " + url.length + "." + host + ":1"');
    expect(await text('https://u:p@x.example:444/path?query', from)).toBe(
      `PROXY ${'https://x.example:444/'.length}.x.example:1`,
    );
  });

  test('is downloaded once for concurrent calls', { timeout: 60_000 }, async () => {
    let count = 0;
    await using server = await serve((_request, response) => {
      count++;
      setImmediate(() => response.end('function FindProxyForURL(url, host) { return "PROXY " + host + ":1" }'));
    });
    const hosts = Array.from({ length: 1_000 }, (_, index) => `h${index}.example`);
    const answers = await Promise.all(hosts.map((host) => text(`http://${host}/`, { pac: `${server.url}?a` })));
    expect(answers).toEqual(hosts.map((host) => `PROXY ${host}:1`));
    expect(count).toBe(1);
  });

  test('fails the call if it cannot be downloaded or parsed', async () => {
    await using server = await serve((_request, response) => response.writeHead(404).end());
    await expect(resolve('http://x.example/', { pac: server.url })).rejects.toMatchObject({
      code: 'ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT',
      message: expect.stringContaining('404'),
    });
    await expect(resolve('http://x.example/', { pac: 'data:,}{' })).rejects.toMatchObject({
      code: 'ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT',
    });
    await expect(resolve('http://x.example/', { pac: 'data:,var x' })).rejects.toMatchObject({
      message: expect.stringContaining('FindProxyForURL'),
    });
  });

  test.each([
    ['throws', 'throw new Error("no")'],
    ['answers nothing', ''],
    ['answers a number', 'return 1'],
    ['recurses for ever', 'return FindProxyForURL(url, host)'],
    ['takes all memory', 'var all = []; for (;;) all.push(new Array(1000).join("x"))'],
  ])('goes direct with a warning where it %s', async (_what, body) => {
    const resolution = await resolve('http://x.example/', pac(body));
    expect(resolution).toMatchObject({ routes: [{ kind: 'direct' }], source: 'option', by: 'pac' });
    expect(resolution.warnings).toHaveLength(1);
  });

  test.each([
    ['PROXY', 'DIRECT', 1],
    ['PROXY :80', 'DIRECT', 1],
    ['PROXY a:99999; SOCKS5 b:1', 'SOCKS5 b:1', 1],
    ['PROXY a:1, PROXY b:2', 'DIRECT', 1],
    ['PROXY http://a:1', 'DIRECT', 1],
    ['PROXY me:secret@a:1', 'DIRECT', 1],
    ['DIRECT a:1; PROXY b:2', 'PROXY b:2', 1],
    ['a:1', 'DIRECT', 1],
    ['PROXY a:1\\nPROXY b:2', 'DIRECT', 1],
    ['PROXY a\\0b:1; DIRECT', 'DIRECT', 1],
    [';;; ;PROXY a:1;;', 'PROXY a:1', 0],
    ['PROXY a:1;'.repeat(30), Array(30).fill('PROXY a:1').join('; '), 0],
    ['x;'.repeat(5_000), 'DIRECT', 10],
  ])('that answers %j has the route %s', async (answer, route, warnings) => {
    const resolution = await resolve('http://x.example/', pac(`return "${answer}"`));
    expect([String(resolution), resolution.warnings.length]).toEqual([route, warnings]);
  });

  test('is cut off at 16,384 characters of its answer', async () => {
    const resolution = await resolve('http://x.example/', pac('return new Array(3000).join("PROXY a:1;")'));
    expect(resolution.routes.length).toBe(1_638);
    expect(resolution.warnings.map(({ message }) => message).join()).toContain('more than 16384 characters');
  });

  test('is not used for this machine', async () => {
    expect(await resolve('http://127.0.0.1:81/', pac('return "PROXY a:1"'))).toMatchObject({ by: 'bypass' });
  });

  test('gets neither user nor query of its URL', async () => {
    await using server = await serve((_request, response) =>
      response.end('function FindProxyForURL() { return "DIRECT" }'),
    );
    const { pacUrl } = await resolve('http://x.example/', {
      pac: `${server.url.replace('//', '//me:secret@')}?token=1`,
    });
    expect(pacUrl).toBe(server.url);
  });
});

describe('invalid calls', () => {
  test.each(['ftp://a/', 'not a url', '', 'file:///x', 'about:blank'])('rejects the URL %j', async (url) => {
    await expect(resolveProxy(url)).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
  });

  test.each([
    [{ from: 'nowhere' }, 'ERR_INVALID_ARG_VALUE'],
    [{ from: {} }, 'ERR_INVALID_ARG_VALUE'],
    [{ from: { pac: 'ftp://a/' } }, 'ERR_INVALID_ARG_VALUE'],
    [{ from: { proxy: 'http=;;https=x:99999' } }, 'ERR_INVALID_ARG_VALUE'],
    [{ from: { proxy: 'a:1', bypass: 'x' } }, 'ERR_INVALID_ARG_TYPE'],
    [{ timeout: '1' }, 'ERR_INVALID_ARG_TYPE'],
    [{ timeout: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ signal: {} }, 'ERR_INVALID_ARG_TYPE'],
    [{ form: 'system' }, 'ERR_INVALID_ARG_VALUE'],
  ])('rejects the options %j', async (options, code) => {
    await expect(resolveProxy('http://a/', options as never)).rejects.toMatchObject({ code });
  });
});

describe('waiting calls', () => {
  test('end with the signal, and other calls still get their answer', async () => {
    let answer = () => {};
    await using server = await serve((_request, response) => {
      answer = () => response.end('function FindProxyForURL() { return "PROXY a:1" }');
      controller.abort('enough');
    });
    const controller = new AbortController();
    const from = { pac: server.url };
    const first = resolveProxy('http://x.example/', { from, backend: 'portable', signal: controller.signal });
    const second = resolve('http://x.example/', from);
    await expect(first).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    answer();
    expect(String(await second)).toBe('PROXY a:1');
  });

  test.each([0, 1, 2, 3, 5, 8, 13, 21])('end in the turn of an abort after %i turns', async (turns) => {
    await using server = await serve((_request, response) => response.end('function FindProxyForURL() { while (1); }'));
    const controller = new AbortController();
    const signal = controller.signal;
    let isEnded = false;
    const call = resolveProxy('http://x.example/', { from: { pac: server.url }, backend: 'portable', signal });
    const end = call.catch((error: Error) => {
      isEnded = true;
      return error;
    });
    for (let i = 0; i < turns; i++) await new Promise((done) => setImmediate(done));
    controller.abort();
    await new Promise((done) => process.nextTick(done));
    await new Promise((done) => setImmediate(done));
    expect(isEnded).toBe(true);
    expect(await end).toMatchObject({ name: 'AbortError' });
  });

  test('end after the time-out', async () => {
    await using server = await serve(() => {});
    const wait = resolveProxy('http://x.example/', { from: { pac: server.url }, backend: 'portable', timeout: 1 });
    await expect(wait).rejects.toMatchObject({ code: 'ERROR_WINHTTP_TIMEOUT' });
  });
});
