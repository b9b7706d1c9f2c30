// Parsing the output of the programs of GNOME and macOS.
import { describe, expect, test } from 'vitest';
import { parseGnomeSettings } from '../../lib/proxy/gnome-settings.ts';
import { parseMacosSettings } from '../../lib/proxy/macos-settings.ts';

describe('parseGnomeSettings', () => {
  const gnome = (mode: string, lines: string[] = []) =>
    parseGnomeSettings(
      [
        `org.gnome.system.proxy autoconfig-url 'http://wpad.example/a.pac'`,
        `org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '::1', 'a.example', '*.b.example']`,
        `org.gnome.system.proxy mode '${mode}'`,
        `org.gnome.system.proxy use-same-proxy true`,
        `org.gnome.system.proxy.http enabled false`,
        `org.gnome.system.proxy.http host 'proxy.example'`,
        `org.gnome.system.proxy.http port 8080`,
        `org.gnome.system.proxy.https host ''`,
        `org.gnome.system.proxy.https port 0`,
        `org.gnome.system.proxy.socks host 'socks.example'`,
        `org.gnome.system.proxy.socks port 1080`,
        ...lines,
      ].join('\n'),
    );

  test('returns proxies only in the modes manual and auto', () => {
    expect(gnome('none')).toEqual({ source: 'user', autoDetect: false, bypass: [], ranges: [], warnings: [] });
    expect(parseGnomeSettings('')).toEqual({ source: 'user', autoDetect: false, bypass: [], ranges: [], warnings: [] });
  });

  test('returns the proxies and the hosts to bypass', () => {
    expect(gnome('manual')).toMatchObject({
      proxy: 'http=proxy.example:8080;socks=socks.example:1080',
      bypass: [...['localhost', '*.localhost', '::1'], ...['a.example', '*.a.example', 'b.example', '*.b.example']],
      ranges: ['127.0.0.0/8'],
    });
  });

  test('returns the user of the http proxy', () => {
    const { proxy } = gnome('manual', [
      `org.gnome.system.proxy.http use-authentication true`,
      `org.gnome.system.proxy.http authentication-user 'me'`,
      `org.gnome.system.proxy.http authentication-password 'it\\'s'`,
    ]);
    expect(proxy).toMatch(/^http=http:\/\/me:it's@proxy\.example:8080;/);
  });

  test('returns the script, or auto-detection', () => {
    expect(gnome('auto')).toMatchObject({ pacUrl: 'http://wpad.example/a.pac', autoDetect: false });
    const nameless = parseGnomeSettings(`org.gnome.system.proxy mode 'auto'\norg.gnome.system.proxy autoconfig-url ''`);
    expect(nameless).toMatchObject({ autoDetect: true });
    expect(nameless.pacUrl).toBeUndefined();
  });
});

describe('parseMacosSettings', () => {
  test('returns the proxies, the exceptions and the script', () => {
    const output = `<dictionary> {
  ExceptionsList : <array> {
    0 : *.local
    1 : 169.254/16
    2 : fd00::/8
  }
  ExcludeSimpleHostnames : 1
  HTTPEnable : 1
  HTTPPort : 8080
  HTTPProxy : proxy.example
  HTTPSEnable : 0
  HTTPSPort : 8443
  HTTPSProxy : other.example
  ProxyAutoConfigEnable : 1
  ProxyAutoConfigURLString : http://wpad.example/a.pac
  ProxyAutoDiscoveryEnable : 1
  SOCKSEnable : 1
  SOCKSPort : 1080
  SOCKSProxy : ::1
}
`;
    expect(parseMacosSettings(output)).toEqual({
      source: 'machine',
      autoDetect: true,
      pacUrl: 'http://wpad.example/a.pac',
      proxy: 'http=proxy.example:8080;socks=[::1]:1080',
      bypass: ['*.local', '<local>'],
      ranges: ['169.254.0.0/16', 'fd00::/8'],
      warnings: [],
    });
  });

  test('returns nothing without settings', () => {
    expect(parseMacosSettings('')).toEqual({
      source: 'machine',
      autoDetect: false,
      bypass: [],
      ranges: [],
      warnings: [],
    });
  });
});
