// Scripts as winhttp.dll runs them beside the portable engine. Where Wine's differs, the row says so.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveProxy } from '../../lib/index.ts';
import { AutoProxyFlag, WinHttpGetProxyForUrl } from '../../lib/sys.ts';
import { isWine } from '../helpers/standin.ts';
import { PacServer } from './pac-server.ts';
import { mayWriteSettings } from './windows-registry.ts';

const TARGET = 'http://host.corp.test:81/path?query';
const find = (body: string) => `function FindProxyForURL(url, host) { ${body} }`;
const returns = (routes: string) => find(`return ${JSON.stringify(routes)};`);
const asks = (condition: string) => find(`return ${condition} ? "PROXY yes.test:1" : "PROXY no.test:1";`);

const ONLY_HTTP = 'Wine takes HTTPS and SOCKS for direct';
const ONLY_FIRST = 'Wine tells the first route only';
const OLD_SCRIPT = 'Wine runs ECMAScript 3 without a byte order mark';

/** What a script answers under Wine, and why: its first route, or a code. */
type WineDifference = readonly [answer: string, reason: string];

const SCRIPTS: Readonly<Record<string, readonly [script: string, wine?: WineDifference]>> = {
  'names a proxy': [returns('PROXY a.test:8080')],
  'names a proxy without a port': [returns('PROXY a.test')],
  'names an IPv6 address': [returns('PROXY [::1]:8080')],
  'writes in lower case': [returns('proxy a.test:1')],
  'adds blanks': [returns('  PROXY   a.test:1  ')],
  'says DIRECT': [returns('DIRECT')],
  'says nothing': [returns('')],
  'names several': [returns('PROXY a.test:1; PROXY b.test:2; DIRECT'), ['PROXY a.test:1', ONLY_FIRST]],
  'names DIRECT first': [returns('DIRECT; PROXY a.test:1'), ['DIRECT', ONLY_FIRST]],
  'names an HTTPS proxy': [returns('HTTPS a.test:443'), ['DIRECT', ONLY_HTTP]],
  'names a SOCKS proxy': [returns('SOCKS a.test:1080'), ['DIRECT', ONLY_HTTP]],
  'is given the origin': [asks('url == "http://host.corp.test:81/"')],
  'is given the host': [asks('host == "host.corp.test"')],
  'calls isPlainHostName': [asks('isPlainHostName(host)')],
  'calls dnsDomainIs': [asks('dnsDomainIs(host, ".corp.test")')],
  'calls localHostOrDomainIs': [asks('localHostOrDomainIs("host", "host.corp.test")')],
  'calls shExpMatch': [asks('shExpMatch(url, "*://*.corp.test:8?/")')],
  'calls isInNet': [asks('isInNet("10.1.2.3", "10.0.0.0", "255.0.0.0")')],
  'calls isResolvable': [asks('isResolvable("nowhere.invalid")')],
  'calls dnsDomainLevels': [asks('dnsDomainLevels(host) == 2')],
  'calls weekdayRange': [asks('weekdayRange("SUN", "SAT")')],
  'calls dateRange': [asks('dateRange(2000, 2100)'), ['PROXY no.test:1', 'Wine has no dateRange']],
  'calls timeRange': [asks('timeRange(0, 23)')],
  'calls eval': [find('return eval("\'PROXY eval.test:1\'")')],
  'has a regular expression': [asks('/^host\\.[a-z]+/.test(host)')],
  'has a byte order mark': [`\ufeff${returns('PROXY a.test:1')}`, ['ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT', OLD_SCRIPT]],
  'declares by let': [find('let a = "PROXY a.test:1"; return a;'), ['ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT', OLD_SCRIPT]],
  throws: [find('throw 1')],
  'returns a number': [find('return 7')],
  'returns nothing': [find('')],
  recurses: [find('return FindProxyForURL(url, host)')],
  'never ends': [find('for (;;) {}')],
  'names no proxy': [returns('FOO bar')],
  'has a syntax error': ['function ('],
  'has no function': ['var a = 1;'],
  'is a page': ['<html></html>'],
  'is empty': [''],
};

describe.runIf(mayWriteSettings)('winhttp.dll and the portable engine agree on a script that', () => {
  let pac: PacServer;
  beforeAll(async () => {
    pac = await PacServer.start();
  });
  afterAll(() => pac[Symbol.asyncDispose]());

  const answer = (backend: 'system' | 'portable', url: string) =>
    resolveProxy(TARGET, { backend, from: { pac: url }, timeout: Number.POSITIVE_INFINITY }).then(String, ({ code }) =>
      String(code),
    );

  it.each(Object.entries(SCRIPTS))('%s', async (_what, [script, wine]) => {
    const { url } = pac.serve(script);
    const portable = await answer('portable', url);
    expect(await answer('system', url)).toBe((isWine && wine?.[0]) || portable);
  });

  it('is raw: with the whole URL, which only the function itself gives', async () => {
    const { url: autoConfigUrl } = pac.serve(asks('url == "http://host.corp.test:81/path?query"'));
    const options = { flags: AutoProxyFlag.CONFIG_URL, autoConfigUrl };
    expect((await WinHttpGetProxyForUrl(TARGET, options)).proxy).toBe('yes.test:1');
  });
});
