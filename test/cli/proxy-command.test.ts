// `winwire proxy` as a user runs it.
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { batchCommandLine, windowsPlan } from '../../lib/cli/proxy/batch-file.ts';
import { RawOrigin } from '../forwarder/origin.ts';
import { RawClient } from '../forwarder/raw-client.ts';
import { RunningCommand, winwire } from '../helpers/command-line.ts';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { TestProxy } from '../helpers/http-proxy.ts';
import { HttpServer } from '../helpers/http-server.ts';

const folder = makeFolder('proxy');
afterAll(() => removeFolder(folder));
const isWindows = process.platform === 'win32';

const NODE = process.execPath;
const DIRECT = ['proxy', '--backend', 'portable', '--proxy', 'direct'];
const evaluate = (script: string) => ['--', NODE, '-e', script];
/** Prints the environment that a program gets. */
const PRINT = evaluate('console.log(JSON.stringify(process.env))');

/** Whether a program is installed. */
const has = (program: string) =>
  promisify(execFile)(program, ['--version']).then(
    () => true,
    () => false,
  );
const [hasCurl, hasGit, hasBun] = isWindows
  ? [false, false, false]
  : await Promise.all(['curl', 'git', 'bun'].map(has));

describe('proxy -- COMMAND', () => {
  it('runs it with the variables, and ends with its exit code', { tags: ['start'] }, async () => {
    const { code, stdout } = await winwire([...DIRECT, '--quiet', ...PRINT]);
    expect(code).toBe(0);
    const env = JSON.parse(stdout);
    expect(env.HTTP_PROXY).toMatch(/^http:\/\/winwire:[\w-]{32}@127\.0\.0\.1:\d+$/);
    expect(env).toMatchObject({
      HTTPS_PROXY: env.HTTP_PROXY,
      NO_PROXY: 'localhost,127.0.0.1,::1',
      NODE_USE_ENV_PROXY: '1',
    });
    if (!isWindows)
      expect(env).toMatchObject({ http_proxy: env.HTTP_PROXY, https_proxy: env.HTTP_PROXY, no_proxy: env.NO_PROXY });
    expect(await winwire([...DIRECT, '--quiet', ...evaluate('process.exit(7)')])).toMatchObject({
      code: 7,
      stderr: '',
    });
  });

  it.skipIf(isWindows)('ends with 128 and the number of the signal that ended it', async () => {
    expect((await winwire([...DIRECT, ...evaluate('process.kill(process.pid, "SIGKILL")')])).code).toBe(137);
  });

  it('ends with 127 for a command that is not there', async () => {
    const { code, stderr } = await winwire([...DIRECT, '--quiet', '--', 'no-such-command-here']);
    expect(code).toBe(127);
    expect(stderr).toBe('winwire: no-such-command-here: command not found\n');
  });

  it.skipIf(isWindows).each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('passes %s on', async (signal) => {
    const script = `process.on('${signal}', () => { console.log('heard'); process.exit(3); }); console.log('ready'); setInterval(() => {}, 1e6)`;
    await using run = new RunningCommand([...DIRECT, '--quiet', ...evaluate(script)]);
    await run.says(/ready/, 'stdout');
    run.child.kill(signal);
    expect(await run.end()).toBe(3);
    expect(run.stdout).toBe('ready\nheard\n');
  });

  it.skipIf(isWindows)('gives the command stdin, with arguments as they are', async () => {
    const script = 'process.stdin.on("data", (d) => console.log(String(d), process.argv.slice(1)))';
    const { stdout } = await winwire([...DIRECT, '--quiet', ...evaluate(script), '--', '--json', '$HOME "a" *'], {
      input: 'text',
    });
    expect(stdout).toBe(`text [ '--json', '$HOME "a" *' ]\n`);
  });

  it.runIf(hasCurl)('serves curl: http: and https:, with a line a request and totals', async () => {
    await using server = await HttpServer.start();
    const url = server.url('/echo?secret=1');
    const { code, stdout, stderr } = await winwire([
      ...DIRECT,
      '--',
      'curl',
      '-sS',
      '--noproxy',
      '',
      '-d',
      'hello',
      url,
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello' });
    const lines = stderr.trimEnd().split('\n');
    expect(lines[0]).toMatch(
      new RegExp(`^\\d\\d:\\d\\d:\\d\\d  200  POST  http://127.0.0.1:${server.port}  DIRECT  [\\d.]+ ms$`),
    );
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(/^1 requests, 0 failed; \d+ B from clients, \d+ B to them$/),
    ]);
    const tunnel = await winwire([...DIRECT, '--json', '--', 'curl', '-sSp', '--noproxy', '', url]);
    expect(tunnel.code).toBe(0);
    expect(
      tunnel.stderr
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { method: 'CONNECT', origin: `127.0.0.1:${server.port}`, status: 200, route: 'DIRECT', client: '127.0.0.1' },
      { totals: { requests: 1, failures: 0 } },
    ]);
  });

  it.runIf(hasCurl)('goes through the proxy of --proxy, as the user of its URL', async () => {
    await using server = await HttpServer.start();
    await using proxy = await TestProxy.start({ userName: 'jane', password: 'p' });
    const args = ['proxy', '--proxy', `http://jane:p@${proxy.address}`, '--backend', 'portable', '--'];
    const { code, stdout, stderr } = await winwire([...args, 'curl', '-sSp', '--noproxy', '', server.url()]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello' });
    expect(stderr).not.toContain('jane');
    expect(proxy.requests).toEqual([{ hostname: '127.0.0.1', isHttp: false }]);
  });

  it.runIf(hasGit)('serves git, through a proxy', async () => {
    const heads: string[] = [];
    await using proxy = await RawOrigin.answering(() => 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n', heads);
    const args = ['proxy', '--proxy', proxy.place, '--', 'git', 'ls-remote', 'http://git.example/x.git'];
    const { code, stderr } = await winwire(args, { env: { GIT_CONFIG_NOSYSTEM: '1', HOME: folder } });
    expect(heads[0]).toMatch(/^GET http:\/\/git\.example\/x\.git\/info\/refs\?service=git-upload-pack HTTP\/1\.1\r\n/);
    expect(heads.join('')).not.toMatch(/proxy-authorization/i);
    expect(stderr).toMatch(/ 404 {2}GET {2}http:\/\/git\.example {2}PROXY /);
    // git's own exit code.
    expect(code).toBe(128);
  });

  it.runIf(hasBun)('serves a program of Bun', async () => {
    await using server = await HttpServer.start();
    const script = `console.log(await (await fetch(${JSON.stringify(server.url())}, { proxy: process.env.HTTP_PROXY })).text())`;
    const { stdout, stderr } = await winwire([...DIRECT, '--', 'bun', '-e', script]);
    expect(stdout).toBe('hello\n');
    expect(stderr).toMatch(/200 {2}GET/);
  });
});

describe('proxy --port', () => {
  it('prints the lines for shells, serves, and ends', { tags: ['start'] }, async () => {
    await using run = new RunningCommand([...DIRECT, '--port', '0']);
    const [, url = ''] = await run.says(/export HTTP_PROXY='([^']+)'/, 'stdout');
    await run.says(/cmd:\n.*\n/, 'stdout');
    const { port } = new URL(url);
    expect(run.stdout).toContain(`The proxy listens on 127.0.0.1:${port}`);
    expect(run.stdout).toContain(`$env:HTTP_PROXY='${url}'; $env:HTTPS_PROXY='${url}'; $env:NO_PROXY=`);
    expect(run.stdout).toContain(`set "HTTP_PROXY=${url}"& set "HTTPS_PROXY=${url}"& set "NO_PROXY=`);
    if (isWindows) return;
    run.interrupt();
    expect(await run.end()).toBe(0);
    expect(run.stderr).toMatch(/closing; open tunnels have 5 s\n0 requests, 0 failed/);
  });

  it.skipIf(isWindows)('ends by SIGTERM after an open tunnel, which has 5 s', async () => {
    await using server = await HttpServer.start();
    await using run = new RunningCommand([...DIRECT, '--no-password', '--json']);
    const [, port = ''] = await run.says(/"port":(\d+)/, 'stdout');
    expect(run.stderr).toMatch(/without a password, every user and program/);
    await using tunnel = await RawClient.open(Number(port));
    tunnel.write(`CONNECT 127.0.0.1:${server.port} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`);
    await tunnel.receives(/200 /);
    run.child.kill('SIGTERM');
    await run.says(/closing/);
    tunnel.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await tunnel.receives(/hello/);
    tunnel.socket.end();
    expect(await run.end()).toBe(0);
    expect(run.stdout).toMatch(/\{"totals":\{"requests":1,/);
  });

  it.skipIf(isWindows)('makes the password file for its user only, and reads it', async () => {
    const file = join(folder, 'password');
    const args = [...DIRECT, '--quiet', '--password-file', file, ...PRINT];
    const passwordOf = ({ stdout }: { stdout: string }) => new URL(JSON.parse(stdout).HTTP_PROXY).password;
    const first = passwordOf(await winwire(args));
    expect(readFileSync(file, 'utf8')).toBe(`${first}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(passwordOf(await winwire(args))).toBe(first);
    chmodSync(file, 0o640);
    const open = await winwire(args);
    expect(open).toMatchObject({ code: 1, stdout: '' });
    expect(open.stderr).toBe(`winwire: --password-file: other users can use ${file}: chmod 600 ${file}\n`);
    writeFileSync(join(folder, 'empty'), '', { mode: 0o600 });
    expect((await winwire([...DIRECT, '--password-file', join(folder, 'empty')])).stderr).toMatch(/is empty/);
  });

  it.each<[args: readonly string[], text: string]>([
    [['--no-password', '--password-file', 'x'], '--no-password does not go with --password-file'],
    [['--proxy', 'p:1', '--pac', 'x'], '--pac does not go with --proxy'],
    [['--noproxy', 'x'], '--noproxy goes with a server'],
    [['--user', 'jane:secret'], 'takes a name without a password'],
    [['--user', 'jane'], 'cannot be asked for without a terminal'],
    [['--user', 'jane', '--proxy-credentials', 'none'], 'does not go with --proxy-user'],
    [['--proxy-password-file', 'x'], 'goes with --proxy-user'],
    [['--port', '70000'], 'from 0 to 65535'],
    [['--listen', '0.0.0.0'], 'allow'],
    [['--listen', 'localhost'], 'IP addresses'],
    [['--user', 'jane', '--proxy-password-file', '-', '--', 'x'], 'which has stdin'],
  ])('rejects %j', async (args, text) => {
    const { code, stdout, stderr } = await winwire(['proxy', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(text);
    expect(stderr).not.toContain('secret');
  });
});

describe('a batch file on Windows', () => {
  it.each([
    ['plain', '"plain"'],
    ['', '""'],
    ['a b', '"a b"'],
    ['&calc&', '"&calc&"'],
    ['"&calc&"', '"""&calc&"""'],
    ['a\\', '"a\\\\"'],
    ['a\\"b', '"a\\\\""b"'],
    ['%PATH%', '"%%cd:~,%PATH%%cd:~,%"'],
    ['^|<>!', '"^|<>!"'],
  ])('gets %j as %j', (arg, expected) => {
    expect(batchCommandLine('C:\\n\\npm.cmd', [arg])).toBe(`/d /e:on /v:off /s /c ""C:\\n\\npm.cmd" ${expected}"`);
  });

  it.each(['a\nb', 'a\rb', 'a\0b'])('rejects the argument %j', (arg) => {
    expect(() => batchCommandLine('npm.cmd', [arg])).toThrow('line break');
  });

  it.skipIf(isWindows)('is not sought for a program that is missing', () => {
    const environment = { PATH: 'C:\\none', PATHEXT: '.EXE;.CMD', ComSpec: 'C:\\cmd.exe' };
    expect(windowsPlan('npm', ['x'], environment)).toEqual({ file: 'npm', args: ['x'], isVerbatim: false });
    expect(windowsPlan('C:\\n\\npm.cmd', ['x'], environment)).toEqual({
      ...{ file: 'C:\\cmd.exe', isVerbatim: true },
      args: ['/d /e:on /v:off /s /c ""C:\\n\\npm.cmd" "x""'],
    });
  });
});
