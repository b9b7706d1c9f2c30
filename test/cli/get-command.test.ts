// `winwire get` as a user runs it, against servers of this machine.
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedPort } from '../../lib/parity/http-server.ts';
import { availableBackends } from '../helpers/backends.ts';
import * as certificates from '../helpers/certificates.ts';
import { defaultBackend, RunningCommand, winwire } from '../helpers/command-line.ts';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { TestProxy } from '../helpers/http-proxy.ts';
import { RawServer } from '../helpers/http-raw-server.ts';
import { HttpServer, headerOf, USER } from '../helpers/http-server.ts';

let server: HttpServer;
let folder: string;

beforeAll(async () => {
  server = await HttpServer.start();
  folder = makeFolder('get');
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  removeFolder(folder);
});

const get = (...args: string[]) => winwire(['get', ...args]);

/** Returns the request of a command, and its result. */
async function requestOf(...args: string[]) {
  const count = server.requests.length;
  const result = await get(...args);
  return { ...result, request: await server.arrived(count + 1) };
}

describe.each(availableBackends)('get on %s', (backend) => {
  const backendArgs = ['--backend', backend];

  it('writes only the body, to stdout', async () => {
    expect(await get(...backendArgs, server.url())).toMatchObject({ code: 0, stdout: 'hello', stderr: '' });
  });

  it('logs the request with NODE_DEBUG, without secrets', async () => {
    const env = { NODE_DEBUG: 'winwire' };
    const { code, stdout, stderr } = await winwire(['get', ...backendArgs, server.url('/?token=abc')], { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello' });
    expect(stderr).toMatch(/^WINWIRE \d+: #1 winhttp GET http:\S+\?token=\*\*\* .*\n.* response 200 OK/);
  });

  it('writes the body to a file', { tags: ['start'] }, async () => {
    const file = join(folder, `body-${backend}`);
    const args = [...backendArgs, '-o', file, server.url('/large?size=20000000')];
    expect(await get(...args)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const body = readFileSync(file);
    expect(body.length).toBe(20_000_000);
    expect(body.subarray(-8).toString()).toBe('winwire ');
  });

  it('sends method, headers and body', { tags: ['start'] }, async () => {
    const args = ['-X', 'PUT', '-H', 'X-One: 1', '-H', 'X-Two:2', '-d', 'a=1', '-d', 'b=2', server.url('/echo')];
    const { code, stdout, request } = await requestOf(...backendArgs, ...args);
    expect({ code, stdout, method: request.method }).toEqual({ code: 0, stdout: 'a=1&b=2', method: 'PUT' });
    expect(headerOf(request, 'X-One')).toBe('1');
    expect(headerOf(request, 'X-Two')).toBe('2');
    expect(headerOf(request, 'Content-Type')).toContain('application/x-www-form-urlencoded');
  });

  it('shows the headers with -i and -I', async () => {
    // The headers of Wine's object begin with the status line (RQ-099).
    const isWine = backend === 'system' && process.env.WINWIRE_LANE === 'wine';
    const start = 'HTTP/1.1 200 OK\r\n'.repeat(isWine ? 2 : 1);
    const shown = await get(...backendArgs, '-i', server.url());
    expect(shown.stdout.slice(0, start.length)).toBe(start);
    expect(shown.stdout.slice(start.length)).toMatch(/^(?:\S+: .*\r\n)+\r\nhello$/);
    const { stdout, request } = await requestOf(...backendArgs, '-I', server.url());
    expect(request.method).toBe('HEAD');
    expect(stdout.slice(0, start.length)).toBe(start);
    expect(stdout.slice(start.length)).toMatch(/^(?:\S+: .*\r\n)+\r\n$/);
  });

  it('fails with --fail and writes no body', async () => {
    const url = server.url('/status?code=404');
    expect(await get(...backendArgs, url)).toMatchObject({ code: 0, stdout: '' });
    const { code, stdout, stderr } = await get(...backendArgs, '-f', '-i', url);
    expect({ code, stdout }).toEqual({ code: 22, stdout: '' });
    expect(stderr).toMatch(/^winwire: the server answered 404/);
  });

  it('answers a challenge', async () => {
    const { userName, password } = USER;
    expect((await get(...backendArgs, '-u', `${userName}:${password}`, server.url('/basic'))).stdout).toBe('welcome');
  });

  it('ends with exit code 7 for a refused connection', async () => {
    const { code, stderr } = await get(...backendArgs, `http://127.0.0.1:${await closedPort()}/`);
    expect(code).toBe(7);
    expect(stderr).toContain('ERROR_WINHTTP_CANNOT_CONNECT');
  });
});

describe('the request of get', () => {
  it('reads the body from a file or from stdin', { tags: ['start'] }, async () => {
    const file = join(folder, 'data');
    const bytes = Buffer.from('00ff0a0d41', 'hex');
    writeFileSync(file, bytes);
    const { request } = await requestOf(
      '-d',
      `@${file}`,
      '-H',
      'Content-Type: application/octet-stream',
      server.url('/echo'),
    );
    expect(request).toMatchObject({ method: 'POST', body: bytes });
    const count = server.requests.length;
    await winwire(['get', '-d', '@-', server.url('/echo')], { input: 'from stdin' });
    expect((await server.arrived(count + 1)).body.toString()).toBe('from stdin');
  });

  it('accepts a password with colons', async () => {
    const count = server.requests.length;
    await get('-u', 'Aladdin:a:b', server.url('/basic'));
    // The first request has no credentials, and is rejected.
    const authorization = headerOf(await server.arrived(count + 2), 'Authorization');
    expect(authorization).toBe(`Basic ${Buffer.from('Aladdin:a:b').toString('base64')}`);
  });

  it('uses what a script, the environment or nothing names', async () => {
    await using proxy = await RawServer.answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    const pac = `data:,function FindProxyForURL(url, host) { return "PROXY 127.0.0.1:${proxy.port}" }`;
    const url = 'http://a.example/';
    expect(await get('--pac', pac, url)).toMatchObject({ code: 0, stdout: 'ok' });
    const env = { http_proxy: `http://127.0.0.1:${proxy.port}` };
    const args = (word: string) => ['get', '--backend', 'portable', '--proxy', word, url];
    expect(await winwire(args('environment'), { env })).toMatchObject({ code: 0, stdout: 'ok' });
    expect(proxy.heads).toHaveLength(2);
    expect((await winwire(args('direct'), { env })).code).toBe(6);
    expect((await get('--pac', 'data:,}', url)).code).toBe(5);
  });

  it('uses a proxy with its credentials, but not for hosts of --noproxy', {
    tags: ['start'],
  }, async () => {
    const user = { userName: 'pro', password: 'x y' };
    await using proxy = await TestProxy.start(user);
    const named = `http://pro:x%20y@${proxy.address}`;
    expect(await get('--proxy', named, server.url())).toMatchObject({ code: 0, stdout: 'hello' });
    expect(proxy.requests).toHaveLength(1);
    expect(await get('--proxy', named, '--noproxy', '127.*', server.url())).toMatchObject({ code: 0, stdout: 'hello' });
    expect(proxy.requests).toHaveLength(1);
    const refused = await get('-f', '--proxy', proxy.address, server.url());
    expect(refused).toMatchObject({ code: 22, stderr: expect.stringContaining('407') });
  });

  it('logs on at the proxy as --proxy-user, with a password of a file or stdin', async () => {
    await using proxy = await TestProxy.start({ userName: 'pro', password: 'secret' });
    const args = ['get', '--proxy', proxy.address, '--proxy-user', 'pro', '--proxy-password-file', '-', server.url()];
    expect(await winwire(args, { input: 'secret\n' })).toMatchObject({ code: 0, stdout: 'hello' });
    expect(proxy.requests).toHaveLength(1);
    const wrong = await winwire(['get', '-f', ...args.slice(1)], { input: 'other\n' });
    expect(wrong).toMatchObject({ code: 22, stderr: expect.stringContaining('407') });
  });

  it.each<[args: readonly string[], text: string]>([
    [['-u', 'me'], 'pass USER:PASSWORD'],
    [['--proxy-user', 'me'], '--proxy-password-file FILE'],
    [['--proxy-user', 'me:secret'], 'without a password'],
    [['--proxy', 'p:1', '--proxy-credentials', 'default'], 'does not go with --proxy SERVER'],
  ])('rejects %j', async (args, text) => {
    const { code, stderr } = await winwire(['get', ...args, server.url()]);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
  });

  it("uses the environment's proxy", async () => {
    await using proxy = await TestProxy.start();
    const env = { HTTP_PROXY: `http://${proxy.address}`, WINWIRE_BACKEND: 'portable' };
    expect(await winwire(['get', server.url()], { env })).toMatchObject({ code: 0, stdout: 'hello' });
    expect(proxy.requests).toHaveLength(1);
  });
});

describe('redirects', () => {
  it('are followed without --no-location', { tags: ['start'] }, async () => {
    const url = server.url('/redirect?to=/');
    expect(await get(url)).toMatchObject({ code: 0, stdout: 'hello' });
    expect(await get('-L', url)).toMatchObject({ code: 0, stdout: 'hello' });
    const { code, stdout } = await get('-i', '--no-location', url);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^HTTP\/1\.1 302 Found\r\n.*Location: \/\r\n.*\r\n\r\nmoved$/s);
  });

  it('beyond --max-redirs are exit code 47', async () => {
    expect(await get('--max-redirs', '3', server.url('/hops?left=3'))).toMatchObject({ code: 0, stdout: 'arrived' });
    const { code, stderr } = await get('--max-redirs', '3', server.url('/hops?left=4'));
    expect(code).toBe(47);
    expect(stderr).toContain('ERROR_WINHTTP_REDIRECT_FAILED');
  });
});

describe('certificate errors', () => {
  it('are exit code 60 without -k', { tags: ['start'] }, async () => {
    await using secure = await HttpServer.start(certificates.selfSigned());
    const { code, stdout, stderr } = await get(secure.url());
    expect({ code, stdout }).toEqual({ code: 60, stdout: '' });
    expect(stderr).toContain('ERROR_WINHTTP_SECURE_FAILURE');
    expect(stderr).toContain(`(127.0.0.1:${secure.port}: the certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)`);
    for (const help of ['-k', 'NODE_EXTRA_CA_CERTS', '--use-system-ca', '`winwire doctor URL`', 'self-signed']) {
      expect(stderr.split(help), help).toHaveLength(2);
    }
    expect(await get('-k', secure.url())).toMatchObject({ code: 0, stdout: 'hello' });
  });

  it('include the wrong host: exit code 60', async () => {
    await using secure = await HttpServer.start(certificates.otherName());
    expect((await get(secure.url())).code).toBe(60);
  });

  it('do not include a missing TLS: exit code 35', async () => {
    expect((await get(server.url().replace('http:', 'https:'))).code).toBe(35);
  });
});

describe('a URL without a scheme', () => {
  it('is one of http, as for curl', { tags: ['start'] }, async () => {
    expect(await get(`127.0.0.1:${server.port}/echo`, '-d', 'body')).toMatchObject({ code: 0, stdout: 'body' });
  });
});

describe('errors', () => {
  it.each([
    ['ftp://127.0.0.1/', 1],
    ['no URL', 3],
    ['/path', 3],
    ['', 3],
    ['localhost:99999', 3],
    ['http://[::1/', 3],
    ['http://', 3],
    ['http://127.0.0.1:99999/', 3],
    ['http://name.invalid/', 6],
  ])('%s is exit code %d', async (url, code) => {
    const result = await get(url);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(/^winwire: IWinHttpRequest::\w+ failed: .*\n$/);
  });

  it('a proxy whose name is unknown is exit code 5', async () => {
    expect((await get('--proxy', 'name.invalid:80', server.url())).code).toBe(5);
  });

  it('a server that closes without a response is exit code 52', async () => {
    await using raw = await RawServer.answering('', { closes: true });
    expect((await get(raw.url())).code).toBe(52);
  });

  it('a body that ends early is exit code 18, and the received part is written', async () => {
    expect(await get(server.url('/short'))).toMatchObject({ code: 18, stdout: 'some' });
  });

  it('a chunked body that breaks off is exit code 56', async () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n';
    await using raw = await RawServer.answering(head, { closes: true });
    expect((await get(raw.url())).code).toBe(56);
  });

  it('a time-out is exit code 28', { tags: ['start'] }, async () => {
    const { code, stderr } = await get('--max-time', '0.3', server.url('/never'));
    expect(code).toBe(28);
    expect(stderr).toBe('winwire: not finished after 0.3 s (--max-time): the request was aborted\n');
  });

  it('a file that cannot be written is exit code 23', async () => {
    const { code, stderr } = await get('-o', join(folder, 'no', 'such', 'folder'), server.url());
    expect(code).toBe(23);
    expect(stderr).toMatch(/^winwire: cannot write .*ENOENT/);
  });

  it('a body that cannot be read is exit code 26', async () => {
    const { code, stderr } = await get('-d', '@/no/such/file', server.url());
    expect(code).toBe(26);
    expect(stderr).toMatch(/^winwire: -d @\/no\/such\/file: ENOENT/);
  });

  it.runIf(availableBackends.length === 1)('a backend that is not available is exit code 2', async () => {
    const { code, stderr } = await get('--backend', 'system', server.url());
    expect(code).toBe(2);
    expect(stderr).toMatch(/backend 'system' is not available/);
  });

  it.each([
    ['-H', 'no colon'],
    ['-H', 'bad name: x'],
    ['-H', 'X: a\r\nY: b'],
    ['-H', 'X: \u{1f600}'],
    ['-X', 'GET /'],
    ['-u', 'no-colon'],
    ['--max-time', '0'],
    ['--max-time', '1e3'],
    ['--max-time', '99999999'],
    ['--connect-timeout', '-1'],
    ['--max-redirs', 'many'],
    ['--resume'],
    ['--resume', '-o', '-'],
    ['--resume', '-o', 'x', '-I'],
    ['-I', '-d', 'x'],
    ['--noproxy', 'x'],
    ['--proxy', 'https://127.0.0.1:1'],
  ])('%j is exit code 2, and nothing is sent', async (...args) => {
    const count = server.requests.length;
    const { code, stdout, stderr } = await get(...args, server.url());
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^winwire/);
    expect(server.requests.length).toBe(count);
  });

  it('an invalid proxy is exit code 5, and its password is not printed', async () => {
    const { code, stderr } = await get('--proxy', 'user:secret@a b', server.url());
    expect(code).toBe(5);
    expect(stderr).not.toContain('secret');
  });
});

describe('--json', () => {
  it('summarizes a request without credentials', { tags: ['start'] }, async () => {
    const url = server.url('/redirect?to=/cookies').replace('//', '//user:secret@');
    const { code, stdout, stderr } = await get('--json', url);
    const { times, headers, ...summary } = JSON.parse(stdout);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(summary).toEqual({
      url: server.url('/cookies'),
      backend: defaultBackend,
      status: 200,
      statusText: 'OK',
      bytes: 0,
      resumedFrom: 0,
      exitCode: 0,
    });
    expect(headers).toContainEqual(['Set-Cookie', 'second=2; Path=/']);
    expect(times.firstByte).toBeLessThanOrEqual(times.total);
    expect(stdout).not.toContain('secret');
  });

  it('writes the body only to -o', async () => {
    const file = join(folder, 'json');
    const { stdout } = await get('--json', '-i', '-o', file, server.url());
    expect(JSON.parse(stdout)).toMatchObject({ status: 200, bytes: 5, file });
    expect(readFileSync(file, 'utf8')).toBe('hello');
  });

  it('reports a failure as well', async () => {
    const { code, stdout } = await get('--json', '-f', server.url('/status?code=503'));
    expect(code).toBe(22);
    expect(JSON.parse(stdout)).toMatchObject({ status: 503, exitCode: 22, error: expect.stringContaining('503') });
  });
});

describe.runIf(process.platform !== 'win32')('a running get', () => {
  it('is aborted by Ctrl-C with exit code 130 and a message', async () => {
    await using command = new RunningCommand(['get', server.url('/head-only')]);
    await command.says(/^part$/, 'stdout');
    command.interrupt();
    expect(await command.end()).toBe(130);
    expect(command.stderr).toBe('winwire: interrupted: the request was aborted\n');
    await server.allClosed();
  });

  it('ends quietly with exit code 23 if its reader closes the pipe', async () => {
    await using command = new RunningCommand(['get', server.url('/large?size=100000000')]);
    await command.says(/winwire/, 'stdout');
    command.child.stdout?.destroy();
    expect(await command.end()).toBe(23);
    expect(command.stderr).toBe('');
  });

  it('writes everything in order to a slow reader', async () => {
    const size = 40_000_000;
    let lines = '';
    for (let i = 0; lines.length < size; i++) lines += `${i}\n`;
    const slow = createServer((_, response) => response.end(lines)).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const { port } = slow.address() as AddressInfo;
    await using command = new RunningCommand(['get', `http://127.0.0.1:${port}/`]);
    // Reads nothing until the server has sent everything.
    command.child.stdout?.pause();
    const [, response] = (await once(slow, 'request')) as [IncomingMessage, ServerResponse];
    await once(response, 'finish');
    command.child.stdout?.resume();
    expect(await command.end()).toBe(0);
    expect(command.stdout.length).toBe(lines.length);
    expect(command.stdout === lines).toBe(true);
    slow.close();
  });
});
