// `winwire doctor` as a user runs it.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DoctorReport } from '../../lib/cli/doctor/doctor-report.ts';
import { closedPort } from '../../lib/parity/http-server.ts';
import { WebSocketServer } from '../../lib/websocket/server/websocket-server.ts';
import { availableBackends } from '../helpers/backends.ts';
import * as certificates from '../helpers/certificates.ts';
import { RunningCommand, winwire } from '../helpers/command-line.ts';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { TestProxy } from '../helpers/http-proxy.ts';
import { HttpServer } from '../helpers/http-server.ts';
import { TunnelProxy } from '../helpers/tunnel-proxy.ts';

let server: HttpServer;

beforeAll(async () => {
  server = await HttpServer.start();
});

afterAll(() => server[Symbol.asyncDispose]());

async function examine(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await winwire(['doctor', '--json', ...args], { env });
  expect(stderr).toBe('');
  return { code, text: stdout, report: JSON.parse(stdout) as DoctorReport };
}

const portable = { WINWIRE_BACKEND: 'portable' };

describe('doctor', () => {
  it('describes the installation', { tags: ['start'] }, async () => {
    const { code, report } = await examine([]);
    expect(code).toBe(0);
    expect(report).toMatchObject({ ok: true, problems: [] });
    const { surroundings } = report;
    expect(surroundings.addon.file).toMatch(/winwire.*\.node$/);
    expect(surroundings.platform).toBe(`${process.platform} ${process.arch}`);
    expect(surroundings.roots.system).toBe('getCACertificates' in tls);
    for (const name of ['websocket', 'winhttp'] as const) {
      expect(surroundings.backends[name]?.portable).toMatchObject({ available: true, provider: 'portable' });
      const { available, file, reason } = surroundings.backends[name]?.system ?? {};
      expect(available).toBe(availableBackends.includes('system'));
      expect(available ? file : reason).toMatch(/./);
    }
  });

  it('is readable', async () => {
    const env = { ...portable, http_proxy: 'http://me:secret@p.example:8080', no_proxy: '127.0.0.1' };
    const { code, stdout } = await winwire(['doctor', `127.0.0.1:${server.port}`], { env });
    expect(code).toBe(0);
    for (const row of [/^winwire \d/, /^ {2}addon +\S+winwire/m, /^ {2}websocket +portable +✓ portable/m]) {
      expect(stdout).toMatch(row);
    }
    expect(stdout).toMatch(/^ {2}resolveProxy +DIRECT \(environment, bypass\)$/m);
    expect(stdout).toMatch(/^ {2}name +127\.0\.0\.1: 127\.0\.0\.1$/m);
    expect(stdout).toMatch(/^ {2}times +lookup .* ms, connect .* ms, first byte .* ms, total .* ms$/m);
    expect(stdout).toMatch(/\n✓ nothing is wrong\n$/);
  });

  it('reports a missing addon with the files that were tried', async () => {
    const { code, report } = await examine([server.url()], { WINWIRE_BINDING: '/no/such/winwire.node' });
    expect(code).toBe(1);
    expect(report.problems[0]).toMatch(/no such file/);
    expect(report.url).toBeUndefined();
  });

  it('reports an unknown backend', async () => {
    const { code, report } = await examine([], { WINWIRE_BACKEND: 'wine' });
    expect(code).toBe(1);
    expect(report.problems).toEqual([expect.stringContaining('WINWIRE_BACKEND')]);
  });

  it.runIf(availableBackends.length === 1)('reports why the chosen backend is not available', async () => {
    const { code, stdout } = await winwire(['doctor', '--backend', 'system']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ websocket: the backend 'system' is not available: websocket\.dll/m);
    expect(stdout).toMatch(/^✗ winhttp: the backend 'system' is not available: /m);
  });

  it.each([['no URL'], ['/path'], ['ftp://127.0.0.1/'], ['http://'], ['http://127.0.0.1:99999/']])(
    'rejects %j',
    async (url) => {
      expect(await winwire(['doctor', url])).toMatchObject({ code: 2, stdout: '' });
    },
  );
});

describe('doctor URL', () => {
  it('times each phase', async () => {
    const { code, report } = await examine([server.url('/gzip')], portable);
    expect(code).toBe(0);
    expect(report.url).toMatchObject({
      url: server.url('/gzip'),
      proxy: { source: 'direct' },
      lookup: { host: '127.0.0.1', addresses: ['127.0.0.1'] },
      connection: { address: '127.0.0.1', port: server.port },
      response: { status: 200, statusText: 'OK', authentication: [] },
      winwire: { face: 'WinHttpRequest', backend: 'portable', status: 200 },
    });
    const { lookup = -1, connect = -1, firstByte = -1, total = -1, tls } = report.url?.times ?? {};
    expect(Math.min(lookup, connect, firstByte)).toBeGreaterThanOrEqual(0);
    expect(total).toBeGreaterThanOrEqual(Math.max(lookup, connect, firstByte));
    expect(tls).toBeUndefined();
  });

  it.each([
    ['http://name.invalid/', /^name name\.invalid: getaddrinfo ENOTFOUND/],
    ['/short', /^body: aborted/],
    ['/status?code=503', /^answer: 503/],
  ])('%s: reports which phase fails', async (target, problem) => {
    const { code, report } = await examine([target.startsWith('/') ? server.url(target) : target], portable);
    expect(code).toBe(1);
    expect(report.problems[0]).toMatch(problem);
  });

  it('reports a refused connection', async () => {
    const { report } = await examine([`http://127.0.0.1:${await closedPort()}/`], portable);
    expect(report.problems[0]).toMatch(/^connection to 127\.0\.0\.1 port \d+: .*ECONNREFUSED/);
  });

  it('reports the phase in which the time ran out', async () => {
    const { code, report } = await examine(['--max-time', '0.5', server.url('/never')], portable);
    expect(code).toBe(1);
    expect(report.problems).toEqual(['answer: not finished after 0.5 s']);
  });

  it('does not download a large body', async () => {
    expect(await examine([server.url('/large?size=1000000000')], portable)).toMatchObject({ code: 0 });
  });

  it('lists the offered authentication schemes and the backends that support them', async () => {
    const { code, report } = await examine([server.url('/ntlm')], portable);
    expect(code).toBe(0);
    expect(report.url?.response?.authentication).toEqual([
      { scheme: 'Negotiate', by: 'server', answeredBy: ['system'] },
      { scheme: 'NTLM', by: 'server', answeredBy: ['system'] },
    ]);
    const digest = await examine([server.url('/digest')], portable);
    expect(digest.report.url?.response?.authentication.map(({ scheme }) => scheme)).toEqual(['Digest']);
  });

  it('never prints a secret', async () => {
    const web = createServer((request, response) => {
      const location = 'http://hidden:secret@127.0.0.1/next?token=secret';
      response.writeHead(302, {
        Location: location,
        'Set-Cookie': 'session=secret',
        'X-Auth': `${request.headers.authorization}`,
      });
      response.end('secret');
    }).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const url = `http://me:secret@127.0.0.1:${(web.address() as AddressInfo).port}/?token=secret&page=1`;
    for (const format of [[], ['--json']]) {
      const { stdout, stderr } = await winwire(['doctor', ...format, url], {
        env: { ...portable, HTTP_PROXY: 'http://pro:secret@127.0.0.1:1' },
      });
      expect(stdout).toContain('127.0.0.1:1');
      expect(stdout + stderr).not.toContain('secret');
      const direct = await winwire(['doctor', ...format, url], { env: portable });
      expect(direct.stdout).toContain('http://127.0.0.1/next');
      expect(direct.stdout).toContain('?token=***&page=1');
      expect(direct.stdout + direct.stderr).not.toContain('secret');
    }
    web.close();
    web.closeAllConnections();
  });
});

describe('doctor with a proxy', () => {
  const user = { userName: 'pro', password: 'secret' };

  it('uses the proxy, with a tunnel for https', { tags: ['start'] }, async () => {
    await using proxy = await TestProxy.start(user);
    const named = `http://pro:secret@${proxy.address}`;
    const plain = await examine([server.url()], { ...portable, HTTP_PROXY: named });
    expect(plain).toMatchObject({
      code: 0,
      report: { url: { proxy: { source: 'HTTP_PROXY', server: proxy.address } } },
    });
    await using secure = await HttpServer.start(certificates.selfSigned());
    const { text, report } = await examine([secure.url()], { ...portable, HTTPS_PROXY: named });
    expect(report.url).toMatchObject({ proxy: { source: 'HTTPS_PROXY' }, response: { status: 200 } });
    expect(report.url?.times.tunnel).toBeGreaterThanOrEqual(0);
    expect(text).not.toContain('secret');
    // Each phase uses Node's functions first, then WinHttpRequest.
    expect(proxy.requests.map(({ isHttp }) => isHttp)).toEqual([true, true, false, false]);
  });

  it('uses the proxy that an option names, for a WebSocket too', async () => {
    await using proxy = await TunnelProxy.start();
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(sockets, 'listening');
    const { port } = sockets.address() as AddressInfo;
    const pac = `data:,function FindProxyForURL(url, host) { return "PROXY ${proxy.place}" }`;
    for (const [option, value] of [
      ['--proxy', proxy.place],
      ['--pac', pac],
    ] as const) {
      const { code, report } = await examine([option, value, `ws://server.example:${port}/`], portable);
      expect(report.problems).toEqual([]);
      expect(report.url).toMatchObject({
        proxy: { source: option, server: proxy.place },
        resolution: { routes: `PROXY ${proxy.place}` },
        response: { status: 101 },
      });
      expect(code).toBe(0);
    }
    await sockets.close();
    const { code, report } = await examine(['--pac', 'data:,}', 'http://server.example/'], portable);
    expect(report.problems[0]).toMatch(/^proxy: .*ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT/);
    expect(code).toBe(1);
  });

  it('reports a proxy that requires authentication', async () => {
    await using proxy = await TestProxy.start(user);
    await using secure = await HttpServer.start(certificates.selfSigned());
    for (const [url, name] of [
      [server.url(), 'HTTP_PROXY'],
      [secure.url(), 'HTTPS_PROXY'],
    ] as const) {
      const { code, report } = await examine([url], { ...portable, [name]: `http://${proxy.address}` });
      expect(code).toBe(1);
      expect(report.problems[0]).toContain('407');
      expect(report.url?.response?.authentication).toEqual([
        { scheme: 'Basic', by: 'proxy', answeredBy: ['system', 'portable'] },
      ]);
      expect(report.problems[1]).toMatch(/^log-on: .*no credentials may be sent to it/);
      expect(report.url?.logOn).toMatchObject({
        by: 'proxy',
        schemes: ['Basic'],
        legs: 1,
        help: expect.stringContaining('--proxy-user'),
      });
    }
  });

  it('logs on at a proxy as the user of --proxy-user', async () => {
    await using proxy = await TestProxy.start(user);
    await using secure = await HttpServer.start(certificates.selfSigned());
    const folder = makeFolder('doctor');
    const file = join(folder, 'password');
    const options = ['--proxy', proxy.address, '--proxy-user', user.userName, '--proxy-password-file', file];
    for (const [password, error] of [
      [user.password, undefined],
      ['wrong', /rejects the credentials/],
    ] as const) {
      writeFileSync(file, `${password}\n`);
      for (const url of [server.url(), secure.url()]) {
        const { code, report, text } = await examine([...options, url], portable);
        expect(report.url?.logOn?.error ?? '').toMatch(error ?? /^$/);
        expect(text).not.toContain(password);
        expect(code).toBe(error === undefined ? 0 : 1);
      }
    }
    removeFolder(folder);
  });

  it('ends within its limit at a proxy that answers no log-on, or does not end its refusal', async () => {
    const refusal = 'HTTP/1.1 407 Who\r\nProxy-Authenticate: Digest realm="a", nonce="n"\r\n';
    for (const answer of [null, `${refusal}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n`]) {
      await using proxy = await TunnelProxy.start((head) =>
        head.startsWith('HEAD') ? answer : `${refusal}Content-Length: 0\r\n\r\n`,
      );
      const args = ['--proxy', `http://u:p@${proxy.place}`, '--max-time', '2', 'http://a.example/'];
      const { code, report } = await examine(args, portable);
      expect(code).toBe(1);
      if (answer === null) expect(report.problems).toContainEqual('log-on: not finished after 2 s');
    }
  });

  it('shows the option that answers a server, and sends it nothing', async () => {
    await using asking = await HttpServer.start();
    const { code, report } = await examine([asking.url('/ntlm')], portable);
    expect(report.url?.logOn).toMatchObject({
      by: 'server',
      schemes: ['Negotiate', 'NTLM'],
      help: `the option credentials: { '${new URL(asking.url()).origin}': 'default' } answers it`,
    });
    expect(asking.requests.flatMap(({ headers }) => headers).filter(([name]) => /authorization/i.test(name))).toEqual(
      [],
    );
    expect(code).toBe(0);
  });
});

describe('doctor and TLS', () => {
  it('shows the chain and its errors', { tags: ['start'] }, async () => {
    await using secure = await HttpServer.start(certificates.selfSigned());
    const { code, report } = await examine([secure.url()], portable);
    expect(code).toBe(1);
    expect(report.problems).toEqual([
      expect.stringMatching(
        /^certificate: the certificate is self-signed \(DEPTH_ZERO_SELF_SIGNED_CERT\); to trust it/,
      ),
    ]);
    expect(report.url?.winwire?.error).toContain('ERROR_WINHTTP_SECURE_FAILURE');
    expect(report.url?.tls).toMatchObject({
      protocol: expect.stringMatching(/^TLSv1\.[23]$/),
      cipher: expect.any(String),
    });
    const [certificate, ...others] = report.url?.tls?.chain ?? [];
    expect(others).toEqual([]);
    expect(certificate).toMatchObject({ subject: 'CN=localhost', issuer: 'CN=localhost' });
    expect(certificate?.fingerprint).toMatch(/^(?:[\dA-F]{2}:){31}[\dA-F]{2}$/);
    expect(Date.parse(certificate?.validFrom ?? '')).toBeLessThan(Date.parse(certificate?.validTo ?? ''));
  });

  it.each([
    ['another name', certificates.otherName],
    ['a date that has passed', certificates.expired],
  ] as const)('reports the error of %s', async (_, certificate) => {
    await using secure = await HttpServer.start(certificate());
    const { code, report } = await examine([secure.url()], portable);
    expect(code).toBe(1);
    expect(report.problems[0]).toMatch(/^certificate: ./);
  });

  it('finds no problem if the certificate is trusted', async () => {
    await using secure = await HttpServer.start(certificates.selfSigned());
    const file = fileURLToPath(new URL('../fixtures/certificates/self-signed.pem', import.meta.url));
    const { report } = await examine([secure.url()], { ...portable, NODE_EXTRA_CA_CERTS: file });
    expect(report.url?.tls).not.toHaveProperty('error');
    expect(report.url?.times.tls).toBeGreaterThanOrEqual(0);
  });

  it('reports a server without TLS', async () => {
    const { report } = await examine([server.url().replace('http:', 'https:')], portable);
    expect(report.problems[0]).toMatch(/^TLS: it does not speak TLS on this port: use http: .*\(ERR_SSL_\w+\)$/);
  });
});

describe('doctor and WebSocket', () => {
  it('performs the handshake', { tags: ['start'] }, async () => {
    const sockets = new WebSocketServer({ port: 0, subprotocols: ['chat'] });
    await once(sockets, 'listening');
    const url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}/`;
    const { code, report } = await examine(['-s', 'chat', url]);
    expect(code).toBe(0);
    expect(report.url).toMatchObject({
      response: { status: 101 },
      winwire: { face: 'WebSocketConnection', status: 101, subprotocol: 'chat' },
    });
    await sockets.close();
  });

  it('performs it over TLS with any certificate', async () => {
    const web = createSecureServer(certificates.selfSigned()).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const sockets = new WebSocketServer({ server: web });
    const { code, report } = await examine([`wss://127.0.0.1:${(web.address() as AddressInfo).port}/`]);
    expect(code).toBe(1);
    expect(report.problems).toEqual([expect.stringContaining('self-signed')]);
    expect(report.url?.winwire).toMatchObject({ status: 101 });
    await sockets.close();
    web.close();
  });

  it('reports an answer without an upgrade, and its authentication schemes', async () => {
    const { code, report } = await examine([server.url('/basic').replace('http:', 'ws:')]);
    expect(code).toBe(1);
    expect(report.problems).toEqual([expect.stringContaining('it answered 401')]);
    expect(report.url?.response?.authentication).toMatchObject([{ scheme: 'Basic', by: 'server' }]);
  });
});

describe.runIf(process.platform !== 'win32')('Ctrl-C', () => {
  it('ends with exit code 130', async () => {
    await using command = new RunningCommand(['doctor', '--backend', 'portable', server.url('/never?doctor')]);
    while (!server.requests.some(({ target }) => target.endsWith('doctor')))
      await server.arrived(server.requests.length + 1);
    command.interrupt();
    expect(await command.end()).toBe(130);
    expect(command.stdout).toBe('');
    expect(command.stderr).toBe('winwire: interrupted\n');
  });
});
