// Compares winwire's bypass lists with winhttp.dll, through requests. A row notes where Wine differs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveProxy } from '../../lib/index.ts';
import { isWine } from '../helpers/standin.ts';
import { mayWriteSettings } from './windows-registry.ts';
import { BypassStage } from './winhttp-bypass.ts';

const HOST = 'http://host.corp.test/';
const HOST_81 = 'http://host.corp.test:81/';
/** The port of a server of this machine. */
const LOOPBACK = 'http://127.0.0.1:PORT/';

const ONLY_DOMAINS = 'Wine 8.0 knows a wildcard only as the beginning "*."';
const NO_PORTS = 'Wine 8.0 knows no ports in a list';
const NO_SCHEMES = 'Wine 8.0 knows no schemes in a list';

/** Bypass list, URL, and why Wine decides the opposite, if it does. */
const ROWS: readonly [bypass: string, url: string, wine?: string][] = [
  ['a.test', HOST],
  ['host.corp.test', HOST],
  ['HOST.CORP.TEST', HOST],
  ['host.corp.test', HOST_81],
  ['host.corp.test.', HOST],
  ['corp.test', HOST],
  ['corp.test', 'http://corp.test/'],
  ['.corp.test', HOST, 'Wine 8.0 knows no leading dot'],
  ['.corp.test', 'http://corp.test/'],
  ['*.corp.test', HOST],
  ['*.corp.test', 'http://a.b.corp.test/'],
  ['*.corp.test', 'http://corp.test/'],
  ['*.corp.test', 'http://xcorp.test/'],
  ['*corp.test', 'http://xcorp.test/', ONLY_DOMAINS],
  ['*', HOST, ONLY_DOMAINS],
  ['host.*', HOST, ONLY_DOMAINS],
  ['h*t.corp.test', HOST, ONLY_DOMAINS],
  ['*.corp.*', HOST, ONLY_DOMAINS],
  ['host.corp.tes?', HOST],
  ['a.test;host.corp.test', HOST],
  ['a.test host.corp.test', HOST],
  [';;host.corp.test', HOST],
  ['<local>', 'http://intranet/'],
  ['<LOCAL>', 'http://intranet/'],
  ['<local>', HOST],
  ['a.test;<local>', 'http://intranet/'],
  ['<local>;a.test', 'http://intranet/'],
  ['intranet', 'http://intranet/'],
  ['intra*', 'http://intranet/', ONLY_DOMAINS],
  ['host.corp.test:80', HOST, NO_PORTS],
  ['host.corp.test:81', HOST],
  ['host.corp.test:81', HOST_81, NO_PORTS],
  ['*.corp.test:81', HOST_81, NO_PORTS],
  ['http://host.corp.test', HOST, NO_SCHEMES],
  ['https://host.corp.test', HOST],
  ['http://*.corp.test', HOST, NO_SCHEMES],
  ['127.0.0.1', LOOPBACK],
  ['127.*', LOOPBACK, ONLY_DOMAINS],
  ['*.0.0.1', LOOPBACK],
  ['127.0.0.1:PORT', LOOPBACK, NO_PORTS],
  ['127.0.0.1:1', LOOPBACK],
  ['127.0.0.2', LOOPBACK],
  ['<local>', LOOPBACK],
];

describe.runIf(mayWriteSettings)('a bypass list', () => {
  let stage: BypassStage;
  beforeAll(async () => {
    stage = await BypassStage.start();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it.each(ROWS)('"%s" decides for %s as winhttp.dll does', async (bypass, url, wine) => {
    const list = bypass.replace('PORT', String(stage.port));
    const target = url.replace('PORT', String(stage.port));
    // winwire always bypasses the proxy for this machine's hosts; winhttp.dll only if the list names them.
    const from = { proxy: 'proxy.test:1', bypass: [list, '<-loopback>'] };
    const { by } = await resolveProxy(target, { backend: 'portable', from });
    const isDifferent = isWine && wine !== undefined;
    expect(await stage.isProxied(target, list)).toBe(isDifferent ? by === 'bypass' : by === 'static');
  });
});
