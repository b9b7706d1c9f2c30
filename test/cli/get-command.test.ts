// `winwire get`, run as it is used, against servers of this machine.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedPort } from '../../lib/parity/http-server.ts';
import { availableBackends } from '../helpers/backends.ts';
import * as certificates from '../helpers/certificates.ts';
import { defaultBackend, RunningCommand, winwire } from '../helpers/command-line.ts';
import { TestProxy } from '../helpers/http-proxy.ts';
import { RawServer } from '../helpers/http-raw-server.ts';
import { HttpServer, headerOf, USER } from '../helpers/http-server.ts';

let server: HttpServer;
let folder: string;

beforeAll(async () => {
  server = await HttpServer.start();
  folder = mkdtempSync(join(tmpdir(), 'winwire-get-'));
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const get = (...args: string[]) => winwire(['get', ...args]);

/** The request that a command made, beside what came of it. */
async function requestOf(...args: string[]) {
  const count = server.requests.length;
  const result = await get(...args);
  return { ...result, request: await server.arrived(count + 1) };
}

describe.each(availableBackends)('get on %s', (backend) => {
  const backendArgs = ['--backend', backend];

  it('writes the body to stdout, and nothing else anywhere', async () => {
    expect(await get(...backendArgs, server.url())).toMatchObject({ code: 0, stdout: 'hello', stderr: '' });
  });

  it('tells of the request, without its secrets, where NODE_DEBUG asks for it', async () => {
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

  it('tells a refused connection by exit code 7', async () => {
    const { code, stderr } = await get(...backendArgs, `http://127.0.0.1:${await closedPort()}/`);
    expect(code).toBe(7);
    expect(stderr).toContain('ERROR_WINHTTP_CANNOT_CONNECT');
  });
});

describe('what is sent', () => {
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

  it('takes a password with colons', async () => {
    const count = server.requests.length;
    await get('-u', 'Aladdin:a:b', server.url('/basic'));
    // The first request is without credentials, and is refused.
    const authorization = headerOf(await server.arrived(count + 2), 'Authorization');
    expect(authorization).toBe(`Basic ${Buffer.from('Aladdin:a:b').toString('base64')}`);
  });

  it('goes through a proxy with its credentials, and round it for hosts of --noproxy', {
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

  it("goes through the environment's proxy", async () => {
    await using proxy = await TestProxy.start();
    const env = { HTTP_PROXY: `http://${proxy.address}`, WINWIRE_BACKEND: 'portable' };
    expect(await winwire(['get', server.url()], { env })).toMatchObject({ code: 0, stdout: 'hello' });
    expect(proxy.requests).toHaveLength(1);
  });
});

describe('redirects', () => {
  it('are followed unless --no-location says otherwise', { tags: ['start'] }, async () => {
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

describe('certificates', () => {
  it('that are no good are exit code 60, and -k accepts them', { tags: ['start'] }, async () => {
    await using secure = await HttpServer.start(certificates.selfSigned());
    const { code, stdout, stderr } = await get(secure.url());
    expect({ code, stdout }).toEqual({ code: 60, stdout: '' });
    expect(stderr).toContain('ERROR_WINHTTP_SECURE_FAILURE');
    expect(await get('-k', secure.url())).toMatchObject({ code: 0, stdout: 'hello' });
  });

  it('of another host are exit code 60 too', async () => {
    await using secure = await HttpServer.start(certificates.otherName());
    expect((await get(secure.url())).code).toBe(60);
  });

  it('where there is no TLS at all are exit code 35', async () => {
    expect((await get(server.url().replace('http:', 'https:'))).code).toBe(35);
  });
});

describe('what goes wrong', () => {
  it.each([
    ['ftp://127.0.0.1/', 1],
    ['no URL', 1],
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

  it('a server that closes without an answer is exit code 52', async () => {
    await using raw = await RawServer.answering('', { closes: true });
    expect((await get(raw.url())).code).toBe(52);
  });

  it('a body that ends early is exit code 18, and what came is written', async () => {
    expect(await get(server.url('/short'))).toMatchObject({ code: 18, stdout: 'some' });
  });

  it('a chunked body that breaks off is exit code 56', async () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n';
    await using raw = await RawServer.answering(head, { closes: true });
    expect((await get(raw.url())).code).toBe(56);
  });

  it('a limit that passes is exit code 28', { tags: ['start'] }, async () => {
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

  it.runIf(availableBackends.length === 1)('a backend that cannot serve is exit code 2', async () => {
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
    ['-u', 'nobody'],
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

  it('a proxy that is none is exit code 5, and its password is not repeated', async () => {
    const { code, stderr } = await get('--proxy', 'user:secret@a b', server.url());
    expect(code).toBe(5);
    expect(stderr).not.toContain('secret');
  });
});

describe('--json', () => {
  it('sums a request up, without credentials', { tags: ['start'] }, async () => {
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

  it('keeps the body for -o', async () => {
    const file = join(folder, 'json');
    const { stdout } = await get('--json', '-i', '-o', file, server.url());
    expect(JSON.parse(stdout)).toMatchObject({ status: 200, bytes: 5, file });
    expect(readFileSync(file, 'utf8')).toBe('hello');
  });

  it('tells a failure as well', async () => {
    const { code, stdout } = await get('--json', '-f', server.url('/status?code=503'));
    expect(code).toBe(22);
    expect(JSON.parse(stdout)).toMatchObject({ status: 503, exitCode: 22, error: expect.stringContaining('503') });
  });
});

describe.runIf(process.platform !== 'win32')('while it runs', () => {
  it('Ctrl-C aborts the request and says so, with exit code 130', async () => {
    await using command = new RunningCommand(['get', server.url('/head-only')]);
    await command.says(/^part$/, 'stdout');
    command.interrupt();
    expect(await command.end()).toBe(130);
    expect(command.stderr).toBe('winwire: interrupted: the request was aborted\n');
    await server.allClosed();
  });

  it('a reader that has seen enough ends it, quietly, with exit code 23', async () => {
    await using command = new RunningCommand(['get', server.url('/large?size=100000000')]);
    await command.says(/winwire/, 'stdout');
    command.child.stdout?.destroy();
    expect(await command.end()).toBe(23);
    expect(command.stderr).toBe('');
  });

  it('a slow reader gets everything, in its order', async () => {
    const size = 40_000_000;
    let lines = '';
    for (let i = 0; lines.length < size; i++) lines += `${i}\n`;
    const slow = createServer((_, response) => response.end(lines)).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const { port } = slow.address() as AddressInfo;
    await using command = new RunningCommand(['get', `http://127.0.0.1:${port}/`]);
    // Nothing is read until the server has sent all of it.
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
