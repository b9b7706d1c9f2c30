// The proxy functions of winhttp.dll: on Windows Microsoft's, under Wine its own.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AutoDetectType,
  AutoProxyFlag,
  ProxyAccessType,
  WinHttpDetectAutoProxyConfigUrl,
  WinHttpGetDefaultProxyConfiguration,
  WinHttpGetIEProxyConfigForCurrentUser,
  WinHttpGetProxyForUrl,
} from '../../lib/sys.ts';
import { PacServer } from './pac-server.ts';

const TARGET = 'http://target.test/';
const byUrl = (autoConfigUrl: string) => ({ flags: AutoProxyFlag.CONFIG_URL, autoConfigUrl });
const isWindows = process.platform === 'win32';

describe('the arguments of the proxy functions', () => {
  it.each([
    ['url', undefined, {}, 'ERR_INVALID_ARG_TYPE'],
    ['url', 'http://a/\0', {}, 'ERR_INVALID_ARG_VALUE'],
    ['autoProxyOptions', TARGET, undefined, 'ERR_INVALID_ARG_TYPE'],
    ['autoProxyOptions.flags', TARGET, { flags: '1' }, 'ERR_INVALID_ARG_TYPE'],
    ['autoProxyOptions.flags', TARGET, { flags: 1.5 }, 'ERR_OUT_OF_RANGE'],
    ['autoProxyOptions.flags', TARGET, { flags: -1 }, 'ERR_OUT_OF_RANGE'],
    ['autoProxyOptions.autoDetectFlags', TARGET, { autoDetectFlags: 2 ** 32 }, 'ERR_OUT_OF_RANGE'],
    ['autoProxyOptions.autoConfigUrl', TARGET, { autoConfigUrl: new URL(TARGET) }, 'ERR_INVALID_ARG_TYPE'],
    ['autoProxyOptions.autoConfigUrl', TARGET, { autoConfigUrl: 'http://a/\0' }, 'ERR_INVALID_ARG_VALUE'],
    ['autoProxyOptions.autoLogonIfChallenged', TARGET, { autoLogonIfChallenged: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['autoProxyOptions.autoConfigURL', TARGET, { autoConfigURL: TARGET }, 'ERR_INVALID_ARG_VALUE'],
  ])('name %s', async (name, url, options, code) => {
    const given = options && { flags: AutoProxyFlag.CONFIG_URL, ...options };
    await expect(WinHttpGetProxyForUrl(url as never, given as never)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`"${name}"`),
    });
  });

  it('have a signal', async () => {
    const calls = [
      (options: object) => WinHttpGetIEProxyConfigForCurrentUser(options),
      (options: object) => WinHttpGetDefaultProxyConfiguration(options),
      (options: object) => WinHttpGetProxyForUrl(TARGET, byUrl(TARGET), options),
      (options: object) => WinHttpDetectAutoProxyConfigUrl(AutoDetectType.DNS_A, options),
    ];
    for (const call of calls) {
      await expect(call({ signal: 1 })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
      await expect(call({ timeout: 1 })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
      if (isWindows) await expect(call({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORT_ERR' });
    }
  });
});

describe.runIf(!isWindows)('the proxy functions elsewhere than on Windows', () => {
  it('reject', async () => {
    const calls = [
      WinHttpGetIEProxyConfigForCurrentUser(),
      WinHttpGetDefaultProxyConfiguration(),
      WinHttpGetProxyForUrl(TARGET, byUrl(TARGET)),
      WinHttpDetectAutoProxyConfigUrl(AutoDetectType.DNS_A),
    ];
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({
        name: 'BackendUnavailableError',
        code: 'ERR_BACKEND_UNAVAILABLE',
        backend: 'system',
      });
    }
  });
});

describe.runIf(isWindows)('the proxy functions', () => {
  let pac: PacServer;
  beforeAll(async () => {
    pac = await PacServer.start();
  });
  afterAll(() => pac[Symbol.asyncDispose]());

  it('tell the settings of the machine and the user', async () => {
    const { accessType } = await WinHttpGetDefaultProxyConfiguration();
    expect([ProxyAccessType.NO_PROXY, ProxyAccessType.NAMED_PROXY]).toContain(accessType);
    expect(typeof (await WinHttpGetIEProxyConfigForCurrentUser()).autoDetect).toBe('boolean');
  });

  it('FH-101 tell what a script says', async () => {
    expect(await WinHttpGetProxyForUrl(TARGET, byUrl(pac.returning('DIRECT')))).toEqual({
      accessType: ProxyAccessType.NO_PROXY,
    });
    expect(await WinHttpGetProxyForUrl(new URL(TARGET), byUrl(pac.returning('PROXY a.test:8080')))).toEqual({
      accessType: ProxyAccessType.NAMED_PROXY,
      proxy: 'a.test:8080',
    });
  });

  it('FH-102 fail for a script that is not there', async () => {
    await expect(WinHttpGetProxyForUrl(TARGET, byUrl(pac.serve(undefined).url))).rejects.toMatchObject({
      name: 'WinwireError',
      code: 'ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT',
      hresult: 0x80072f87,
      syscall: 'WinHttpGetProxyForUrl',
    });
  });

  it('pass on what Windows says of invalid options', async () => {
    await expect(WinHttpGetProxyForUrl(TARGET, { flags: 0 })).rejects.toMatchObject({
      code: 'E_INVALIDARG',
      syscall: 'WinHttpGetProxyForUrl',
    });
  });

  it('answer many at once', async () => {
    const calls = Array.from({ length: 20 }, (_, index) =>
      WinHttpGetProxyForUrl(TARGET, byUrl(pac.returning(`PROXY host${index}.test:1`))),
    );
    expect((await Promise.all(calls)).map(({ proxy }) => proxy)).toEqual(
      calls.map((_, index) => `host${index}.test:1`),
    );
  });

  it('reject at once when the signal aborts, and serve others then', async () => {
    let end = () => {};
    const silent = pac.serve((response) => {
      end = () => response.destroy();
    });
    const controller = new AbortController();
    const { signal } = controller;
    const running = WinHttpGetProxyForUrl(TARGET, byUrl(silent.url), { signal });
    await silent.asked;
    // Those that wait for a thread never begin.
    const never = Array.from({ length: 20 }, () => pac.serve(undefined));
    const waiting = never.map(({ url }) => WinHttpGetProxyForUrl(TARGET, byUrl(url), { signal }));
    const rejections = Promise.allSettled([running, ...waiting]);
    controller.abort(new Error('enough'));
    const outcome = await Promise.race([rejections, nextTurn('too late')]);
    expect(outcome).toEqual(
      [running, ...waiting].map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'ABORT_ERR' }) })),
    );
    end();
    expect(await WinHttpGetProxyForUrl(TARGET, byUrl(pac.returning('DIRECT')))).toMatchObject({ accessType: 1 });
    expect(pac.requests.slice(-21, -1).filter((count) => count > 0).length).toBeLessThan(4);
  });
});
