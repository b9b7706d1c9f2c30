// `winwire proxy-for` as a user runs it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { winwire } from '../helpers/command-line.ts';
import { makeFolder, removeFolder } from '../helpers/folder.ts';

const folder = makeFolder('proxy-for');
const script = join(folder, 'proxy.pac');

beforeAll(() => {
  writeFileSync(script, 'function FindProxyForURL(url, host) { return host == "a.example" ? "PROXY p:1" : "DIRECT"; }');
});

afterAll(() => removeFolder(folder));

const proxyFor = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  winwire(['proxy-for', '--backend', 'portable', ...args], { env: { http_proxy: '', https_proxy: '', ...env } });

describe('proxy-for', () => {
  it('prints a table of what a file says', { tags: ['start'] }, async () => {
    const { code, stdout } = await proxyFor(['--pac', script, 'http://a.example/', 'http://me:secret@b.example/']);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['URL', 'routes', 'named by', 'found by'],
      ['http://a.example/', 'PROXY p:1', 'option', 'pac'],
      ['http://b.example/', 'DIRECT', 'option', 'pac'],
      [''],
    ]);
    expect(code).toBe(0);
  });

  it('explains each source, as JSON too, without secrets', async () => {
    const env = { https_proxy: 'http://me:secret@p.example:8080' };
    const { code, stdout } = await proxyFor(['--json', '--explain', 'https://a.example/'], env);
    expect(stdout).not.toContain('secret');
    expect(JSON.parse(stdout)).toEqual([
      {
        url: 'https://a.example/',
        asked: [{ source: 'environment', answer: 'PROXY p.example:8080' }],
        text: 'PROXY p.example:8080',
        routes: [{ kind: 'http', host: 'p.example', port: 8080 }],
        source: 'environment',
        by: 'static',
        warnings: [],
      },
    ]);
    expect(code).toBe(0);
  });

  it('accepts a server and its bypass list', async () => {
    const server = ['--proxy', 'http=p:1;socks=q:2', '--noproxy', '*.b.example;c.example'];
    const { stdout } = await proxyFor([...server, 'http://a.example/', 'https://a.example/', 'http://x.b.example/']);
    expect(stdout).toMatch(/PROXY p:1 .*\n.*SOCKS4 q:2 .*\n.*DIRECT +option +bypass\n/);
  });

  it('reports a failed look-up with exit code 1', async () => {
    const { code, stdout } = await proxyFor(['--pac', 'data:,}', 'http://a.example/']);
    expect(stdout).toMatch(/^http:\/\/a\.example\/ +–\n {2}✗ .*ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT/m);
    expect(code).toBe(1);
  });

  it.each([
    [['a.example']],
    [['ftp://a.example/']],
    [['--pac', script, '--proxy', 'p:1', 'http://a.example/']],
    [['--noproxy', 'x', 'http://a.example/']],
    [['--proxy', 'direct', 'http://a.example/']],
    [['--proxy', 'p:99999', 'http://a.example/']],
    [[]],
  ])('rejects %j with exit code 2', async (args) => {
    const { code, stdout, stderr } = await proxyFor(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^winwire/);
  });
});
