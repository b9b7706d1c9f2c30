// `resolveProxy` of the backend `system` by settings in the registry, which every test of this machine shares: what is
// written here takes no local host to a proxy.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveProxy } from '../../lib/index.ts';
import { watchProxySettings } from '../../lib/proxy/proxy-native.ts';
import {
  ProxyAccessType,
  WinHttpGetDefaultProxyConfiguration,
  WinHttpGetIEProxyConfigForCurrentUser,
} from '../../lib/sys.ts';
import { isWine } from '../helpers/standin.ts';
import { PacServer } from './pac-server.ts';
import { mayWriteSettings, numbers, sized, WindowsRegistry } from './windows-registry.ts';

const LOCAL = '127.0.0.1;localhost;*.test;*.invalid;*.example;<local>';
const TARGET = 'http://target.winwire.test/path';

describe.runIf(mayWriteSettings)('settings in the registry', () => {
  let registry: WindowsRegistry;
  let pac: PacServer;
  let onChange = () => {};

  beforeAll(async () => {
    registry = new WindowsRegistry();
    pac = await PacServer.start();
    await new Promise<void>((resolve) => {
      onChange = resolve;
      watchProxySettings(() => onChange());
    });
  });
  afterAll(async () => {
    registry[Symbol.dispose]();
    await pac[Symbol.asyncDispose]();
  });

  /** Writes, and waits until this process has noticed. */
  async function write(run: () => void): Promise<void> {
    const noticed = new Promise<void>((resolve) => {
      onChange = resolve;
    });
    run();
    await noticed;
  }

  const resolve = (url = TARGET) =>
    resolveProxy(url, { backend: 'system', from: 'system', timeout: Number.POSITIVE_INFINITY });

  it('are the fields of the functions', async () => {
    await write(() =>
      registry.writeUser({ autoDetect: true, pacUrl: 'http://pac.test/', proxy: 'a.test:1', bypass: 'b.test;<local>' }),
    );
    expect(await WinHttpGetIEProxyConfigForCurrentUser()).toEqual({
      autoDetect: true,
      autoConfigUrl: 'http://pac.test/',
      proxy: 'a.test:1',
      proxyBypass: 'b.test;<local>',
    });
  });

  it('name a static proxy, which its bypass list limits', async () => {
    await write(() => registry.writeUser({ proxy: 'http=a.test:8080;https=b.test', bypass: '*.corp.test;<local>' }));
    expect(await resolve()).toMatchObject({ source: 'user', by: 'static' });
    expect(String(await resolve())).toBe('PROXY a.test:8080');
    expect(String(await resolve('wss://target.winwire.test/'))).toBe('PROXY b.test:80');
    expect(await resolve('http://host.corp.test/')).toMatchObject({ source: 'user', by: 'bypass' });
    expect(String(await resolve('http://intranet/'))).toBe('DIRECT');
  });

  it('name a script', async () => {
    const pacUrl = pac.returning('PROXY script.test:3128');
    await write(() => registry.writeUser({ pacUrl: `${pacUrl}?secret`, proxy: 'a.test:1', bypass: '*' }));
    const resolution = await resolve();
    expect(resolution).toMatchObject({ source: 'user', by: 'pac', pacUrl, warnings: [] });
    expect(String(resolution)).toBe('PROXY script.test:3128');
  });

  it('fall back from a script that is not there to the static proxy', async () => {
    await write(() => registry.writeUser({ pacUrl: pac.serve(undefined).url, proxy: 'a.test:1' }));
    const resolution = await resolve();
    expect(resolution).toMatchObject({ source: 'user', by: 'static' });
    expect(String(resolution)).toBe('PROXY a.test:1');
    expect(resolution.warnings).toMatchObject([{ code: 'ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT' }]);
  });

  it('take effect when they change', async () => {
    await write(() => registry.writeUser({ proxy: 'before.test:1' }));
    expect(String(await resolve())).toBe('PROXY before.test:1');
    await write(() => registry.writeUser({ proxy: 'after.test:1' }));
    expect(String(await resolve())).toBe('PROXY after.test:1');
  });

  // On Windows the policy also changes which settings are read.
  it.runIf(isWine)('are those of a policy where it names one for all users', async () => {
    registry.writePolicy(false);
    try {
      await write(() => registry.writeUser({ proxy: 'a.test:1' }));
      expect(await resolve()).toMatchObject({ source: 'policy', by: 'static' });
    } finally {
      registry.writePolicy(true);
    }
  });

  it.runIf(isWine)('are read when the key of a policy appears', { timeout: 90_000 }, async () => {
    await write(() => registry.writeUser({ proxy: 'a.test:1' }));
    // A write of a key and of its value may be one notification or two.
    const source = async () => (await resolve()).source;
    try {
      registry.writePolicy(false);
      await expect.poll(source, { timeout: 20_000 }).toBe('policy');
      registry.deletePolicies();
      await expect.poll(source, { timeout: 20_000 }).toBe('user');
      registry.writePolicy(false);
      await expect.poll(source, { timeout: 20_000 }).toBe('policy');
    } finally {
      registry.writePolicy(true);
    }
  });

  const block = (head: readonly number[], ...texts: readonly Buffer[]) => Buffer.concat([numbers(...head), ...texts]);
  const end = Buffer.alloc(32);

  it.runIf(isWine).each<[string, Buffer, string]>([
    [
      'has another counter',
      block([0x46, 0xfffffffe, 3], sized('a.test:1'), sized(''), sized(''), end),
      'PROXY a.test:1',
    ],
    // Wine 8.0 reads the version 0x46 only.
    ['has another version', block([0x3c, 1, 3], sized('a.test:1'), sized(''), sized(''), end), 'DIRECT'],
    ['has no end', block([0x46, 1, 3], sized('a.test:1'), sized(''), sized('')), 'PROXY a.test:1'],
    ['has unknown flags', block([0x46, 1, 0xfffffff3], sized('a.test:1'), sized(''), sized(''), end), 'PROXY a.test:1'],
    ['disables its proxy', block([0x46, 1, 1], sized('a.test:1'), sized(''), sized(''), end), 'DIRECT'],
    ['enables nothing', block([0x46, 1, 15], sized(''), sized(''), sized(''), end), 'DIRECT'],
    ['is only a head', block([0x46, 1, 3]), 'DIRECT'],
    ['is empty', Buffer.alloc(0), 'DIRECT'],
    ['has a byte', Buffer.from([0x46]), 'DIRECT'],
    ['names two proxies', block([0x46, 1, 3], sized('a.test:1;b.test:2'), sized(''), sized(''), end), 'PROXY a.test:1'],
    ['has garbage', block([0x46, 1, 3], sized('http=;;https=x:99999'), sized(';;<;local>'), sized(''), end), 'DIRECT'],
    [
      'has a URL',
      block([0x46, 1, 3], sized('http://me:secret@a.test:1/'), sized(''), sized(''), end),
      'PROXY a.test:1',
    ],
    [
      'has blanks',
      block([0x46, 1, 3], sized('  a.test:1  '), sized('  *.corp.test  <local> '), sized(''), end),
      'PROXY a.test:1',
    ],
    ['has a NUL', block([0x46, 1, 3], sized('a.test:1\0'), sized(''), sized(''), end), 'PROXY a.test:1'],
    [
      'has bytes that are not ASCII',
      block([0x46, 1, 3], sized('b\xfccher.test:1'), sized('\xe9'), sized(''), end),
      'PROXY ',
    ],
    [
      'has an invalid URL of a script',
      block([0x46, 1, 7], sized('a.test:1'), sized(''), sized('\xff:not a url'), end),
      'PROXY a.test:1',
    ],
  ])('may be a value that %s', async (_what, value, route) => {
    await write(() => registry.writeBlock(value));
    const resolution = await resolve();
    expect(String(resolution)).toContain(route);
    expect(JSON.stringify([resolution, resolution.warnings.map(({ message }) => message)])).not.toContain('secret');
  });

  it('are those of the machine where the user has none', async () => {
    registry.writeUser({});
    expect(await WinHttpGetIEProxyConfigForCurrentUser()).toEqual({ autoDetect: false });
    await write(() => registry.writeMachine({ proxy: 'machine.test:8080', bypass: LOCAL }));
    try {
      expect(await WinHttpGetDefaultProxyConfiguration()).toEqual({
        accessType: ProxyAccessType.NAMED_PROXY,
        proxy: 'machine.test:8080',
        proxyBypass: LOCAL,
      });
      expect(await resolve('http://far.away/')).toMatchObject({ source: 'machine', by: 'static' });
      expect(await resolve()).toMatchObject({ source: 'machine', by: 'bypass' });
      await write(() => registry.writeUser({ proxy: 'user.test:1' }));
      expect(String(await resolve('http://far.away/'))).toBe('PROXY user.test:1');
    } finally {
      registry.writeMachine();
    }
  });
});
