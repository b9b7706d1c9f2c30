// The machine's settings, from a gsettings with scripted output: the order in which they are used.
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ProxyResolution, ResolveProxyOptions } from '../../lib/proxy/types.ts';
import { makeFolder } from '../helpers/folder.ts';

const folder = makeFolder('gsettings');

beforeEach(() => {
  // Settings and scripts are cached; each test starts without them.
  vi.resetModules();
  for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv('PATH', `${folder}${path.delimiter}${process.env.PATH}`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(path.join(folder, 'gsettings'), { force: true });
});

function writeSettings(values: Record<string, string>): void {
  const lines = Object.entries(values).map(([key, value]) => `org.gnome.system.proxy${key} ${value}`);
  const file = path.join(folder, 'gsettings');
  writeFileSync(file, `#!/bin/sh\ncat <<'END'\n${lines.join('\n')}\nEND\n`);
  chmodSync(file, 0o755);
}

async function resolve(url: string, options: ResolveProxyOptions = {}): Promise<ProxyResolution> {
  const { resolveProxy } = await import('../../lib/proxy/resolve-proxy.ts');
  return resolveProxy(url, { backend: 'portable', ...options });
}

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/proxy.pac`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const manual = (more: Record<string, string> = {}) => ({
  ' mode': `'manual'`,
  '.http host': `'proxy.example'`,
  '.http port': '8080',
  ' ignore-hosts': `['direct.example']`,
  ...more,
});

describe.runIf(process.platform === 'linux')('the settings of GNOME', () => {
  test('provide a static proxy with its bypass list', async () => {
    writeSettings(manual());
    expect(await resolve('http://a.example/')).toMatchObject({ source: 'user', by: 'static' });
    expect(await resolve('http://direct.example/')).toMatchObject({ source: 'user', by: 'bypass' });
    expect(await resolve('https://a.example/')).toMatchObject({ source: 'user', by: 'none' });
  });

  test('follow the environment, for the schemes without a proxy there', async () => {
    writeSettings(manual());
    vi.stubEnv('https_proxy', 'other.example:1');
    expect(String(await resolve('https://a.example/'))).toBe('PROXY other.example:1');
    expect(String(await resolve('http://a.example/'))).toBe('PROXY proxy.example:8080');
    expect(String(await resolve('https://a.example/', { from: 'system' }))).toBe('DIRECT');
    vi.stubEnv('no_proxy', 'a.example');
    expect(await resolve('http://a.example/')).toMatchObject({ source: 'environment', by: 'bypass' });
  });

  test("may get the user's identity if the environment names the same proxy", async () => {
    writeSettings(manual());
    vi.stubEnv('http_proxy', 'http://PROXY.example:8080');
    const { routes, source } = await resolve('http://a.example/');
    // The same module instance as the look-up's.
    const { secretsOf } = await import('../../lib/proxy/resolution.ts');
    expect(source).toBe('environment');
    expect(routes.map((route) => secretsOf(route).namedBy)).toEqual(['settings']);
  });

  test('warn of an invalid entry', async () => {
    writeSettings(manual({ '.https host': `'a b'`, '.https port': '99999' }));
    const { warnings } = await resolve('http://a.example/');
    expect(warnings.map(({ code }) => code)).toContain('E_INVALIDARG');
  });

  test('go direct, with a warning, if the script is unreachable', async () => {
    await using server = await serve((_request, response) => response.writeHead(404).end());
    writeSettings({ ' mode': `'auto'`, ' autoconfig-url': `'${server.url}'` });
    const { routes, warnings } = await resolve('http://a.example/');
    expect(routes).toEqual([{ kind: 'direct' }]);
    expect(warnings.map(({ code }) => code)).toEqual(['ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT']);
  });

  test("go direct before the time-out if the script's server does not answer", async () => {
    await using server = await serve(() => {});
    writeSettings({ ' mode': `'auto'`, ' autoconfig-url': `'${server.url}'` });
    const { routes, warnings } = await resolve('http://a.example/', { timeout: 1_000 });
    expect(routes).toEqual([{ kind: 'direct' }]);
    expect(warnings.map(({ code }) => code)).toEqual(['ERROR_WINHTTP_TIMEOUT']);
  });

  test('warn of a script with an invalid URL', async () => {
    writeSettings({ ' mode': `'auto'`, ' autoconfig-url': `'proxy.pac'` });
    const { warnings } = await resolve('http://a.example/');
    expect(warnings[0]?.message).toContain('invalid URL');
  });

  test('use the script only for other machines', async () => {
    await using server = await serve((_request, response) =>
      response.end('function FindProxyForURL(url, host) { return "PROXY " + host + ":1" }'),
    );
    writeSettings({ ' mode': `'auto'`, ' autoconfig-url': `'${server.url}'` });
    expect(await resolve('http://a.example/')).toMatchObject({ source: 'user', by: 'pac', pacUrl: server.url });
    expect(await resolve('http://localhost/')).toMatchObject({ source: 'user', by: 'bypass' });
  });
});
