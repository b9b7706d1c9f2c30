// Clients without the password, other users of the machine, and servers and proxies that want more than an answer.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createForwarder } from '../../lib/forwarder/create-forwarder.ts';
import type { ForwarderInit } from '../../lib/forwarder/forwarder-types.ts';
import { RunningCommand } from '../helpers/command-line.ts';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { HttpServer } from '../helpers/http-server.ts';
import { RawOrigin } from './origin.ts';
import { answerTo, authorizationOf, RawClient } from './raw-client.ts';

async function start(init: ForwarderInit = {}) {
  const forwarder = await createForwarder({ proxy: 'direct', backend: 'portable', ...init });
  const auth = `Proxy-Authorization: ${authorizationOf(forwarder.url)}\r\n`;
  /** A request with the password. */
  const request = (place: string, more = '', { method = 'GET', path = '/', body = '' } = {}) =>
    `${method} http://${place}${path} HTTP/1.1\r\nHost: ${place}\r\n${auth}${more}\r\n${body}`;
  return { forwarder, request, [Symbol.asyncDispose]: () => forwarder.close() };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a client without the password', () => {
  it.each<[what: string, bytes: string, answer: RegExp]>([
    ['sends nothing', '', /^/],
    ['sends a part of a request', 'GET http://a.example/ HTTP/1.1\r\nX-A: ', /^/],
    ['asks for a password that it does not have', 'GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n', /^HTTP\/1\.1 407 /],
    ['sends what is refused, and stays', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
  ])('leaves room for the user where it %s', async (_what, bytes, answer) => {
    const connections = 10;
    await using server = await HttpServer.start();
    await using run = await start({ limits: { connections } });
    const attackers = await Promise.all(Array.from({ length: connections }, () => RawClient.open(run.forwarder.port)));
    for (const attacker of attackers) attacker.write(bytes);
    await Promise.all(attackers.map((attacker) => attacker.receives(answer)));
    await vi.waitUntil(() => run.forwarder.statistics.connections === connections);
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request(`127.0.0.1:${server.port}`));
    await client.receives(/^HTTP\/1\.1 200 [\s\S]*hello/);
    await Promise.all(attackers.map((attacker) => attacker[Symbol.asyncDispose]()));
  });

  it('does not end the tunnels of the user', async () => {
    await using origin = await RawOrigin.start((socket) => socket.pipe(socket));
    await using run = await start({ limits: { connections: 3 } });
    await using tunnel = await RawClient.open(run.forwarder.port);
    const auth = authorizationOf(run.forwarder.url);
    tunnel.write(`CONNECT ${origin.place} HTTP/1.1\r\nHost: ${origin.place}\r\nProxy-Authorization: ${auth}\r\n\r\n`);
    await tunnel.receives(/200/);
    for (let i = 0; i < 10; i++) {
      const attacker = await RawClient.open(run.forwarder.port);
      attacker.write('GET /');
    }
    tunnel.write('still open');
    await tunnel.receives(/still open$/);
  });
});

// Only root can start a process as another user.
describe.runIf(process.getuid?.() === 0)('another user of the machine', () => {
  const OTHER_USER = 65534;
  /** Runs a script as that user; prints are the result. */
  const asOtherUser = async (script: string, ...args: readonly string[]) => {
    const options = { uid: OTHER_USER, gid: OTHER_USER, cwd: '/', env: { PATH: '/usr/bin:/bin' } };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, '--', ...args], options);
    return stdout.trim().split('\n');
  };

  it('cannot find the password, listen in its place, or use the proxy', async () => {
    const folder = makeFolder('attack');
    const file = join(folder, 'password');
    try {
      const node = [process.execPath, '-e', 'console.log("ready", process.pid); setInterval(() => {}, 1e6)'];
      const options = ['--backend', 'portable', '--proxy', 'direct', '--password-file', file];
      await using run = new RunningCommand(['proxy', ...options, '--', ...node]);
      const [, child = ''] = await run.says(/ready (\d+)/, 'stdout');
      const pids = [String(run.child.pid), child];
      const script = `const fs = require('fs');
        const [file, ...pids] = process.argv.slice(1);
        const attempt = (what) => { try { return String(what()); } catch (error) { return error.code; } };
        console.log(attempt(() => fs.readFileSync(file, 'utf8')));
        for (const pid of pids) {
          console.log(attempt(() => fs.readFileSync('/proc/' + pid + '/environ', 'utf8')));
          console.log(JSON.stringify(attempt(() => fs.readFileSync('/proc/' + pid + '/cmdline', 'latin1'))));
        }`;
      const [password, ...seen] = await asOtherUser(script, file, ...pids);
      expect(password).toBe('EACCES');
      expect([seen[0], seen[2]]).toEqual(['EACCES', 'EACCES']);
      for (const line of [seen[1], seen[3]]) expect(line).not.toMatch(/winwire:[\w-]{20}/);
      // It ends its command too.
      run.child.kill('SIGTERM');
      await run.end();
    } finally {
      removeFolder(folder);
    }
  });

  it('gets 407 as a client, and EADDRINUSE as a server', async () => {
    await using run = await start();
    const script = `const net = require('net');
      const port = Number(process.argv[1]);
      const listen = (host) => new Promise((resolve) => {
        const server = net.createServer();
        server.once('error', (error) => resolve(error.code));
        server.listen({ host, port }, () => server.close(() => resolve('listens')));
      });
      (async () => {
        for (const host of ['127.0.0.1', '0.0.0.0']) console.log(await listen(host));
        const socket = net.connect(port, '127.0.0.1');
        socket.write('CONNECT a.example:443 HTTP/1.1\\r\\nHost: a.example:443\\r\\n\\r\\n');
        socket.once('data', (bytes) => { console.log(String(bytes).split('\\r\\n')[0]); socket.destroy(); });
      })();`;
    expect(await asOtherUser(script, String(run.forwarder.port))).toEqual([
      'EADDRINUSE',
      'EADDRINUSE',
      'HTTP/1.1 407 Proxy Authentication Required',
    ]);
  });
});

describe('a server', () => {
  it.each([
    ['is not HTTP', 'HTTP/1.1 200 OK\r\nbad field\r\n\r\nHTTP/1.1 200 Forged\r\nContent-Length: 0\r\n\r\n'],
    ['changes the protocol', 'HTTP/1.1 101 Up\r\n\r\nHTTP/1.1 200 Forged\r\nContent-Length: 0\r\n\r\n'],
    ['asks as a proxy', 'HTTP/1.1 407 Who\r\n\r\nHTTP/1.1 200 Forged\r\nContent-Length: 0\r\n\r\n'],
    ['has a body behind its 204', 'HTTP/1.1 204 No\r\n\r\nHTTP/1.1 200 Forged\r\nContent-Length: 0\r\n\r\n'],
    ['has two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nHTTP/1.1 200 Forged\r\n\r\n'],
  ])('whose response %s cannot answer the next request', async (_what, answer) => {
    await using origin = await RawOrigin.start((socket) => {
      const isFirst = origin.sockets.length === 1;
      socket.on('data', () => socket.write(isFirst ? answer : 'HTTP/1.1 200 Right\r\nContent-Length: 2\r\n\r\nok'));
    });
    await using run = await start();
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request(origin.place));
    await client.receives(/^HTTP\/1\.1 (?:502|204) [\s\S]*\r\n\r\n/);
    client.write(run.request(origin.place));
    await client.receives(/HTTP\/1\.1 200 Right\r\n[\s\S]*ok$/);
    expect(client.text).not.toContain('Forged');
  });

  it('cannot answer a request before it was sent', async () => {
    await using origin = await RawOrigin.start((socket) => {
      const isFirst = origin.sockets.length === 1;
      const answer = (name: string) => `HTTP/1.1 200 ${name}\r\nContent-Length: 2\r\n\r\nok`;
      socket.on('data', () => socket.write(answer('Right')));
      if (isFirst) socket.once('data', () => setImmediate(() => socket.write(answer('Forged'))));
    });
    await using run = await start();
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request(origin.place));
    await client.receives(/ok$/);
    await vi.waitUntil(() => origin.sockets[0]?.readableEnded || origin.sockets[0]?.destroyed);
    client.write(run.request(origin.place));
    await client.receives(/ok[\s\S]*ok$/);
    expect(client.text.match(/HTTP\/1\.1 200 \w+/g)).toEqual(['HTTP/1.1 200 Right', 'HTTP/1.1 200 Right']);
  });

  it('that does not answer within idleTime is 504, and the connection stays', async () => {
    await using silent = await RawOrigin.start(() => {});
    await using server = await HttpServer.start();
    await using run = await start({ limits: { idleTime: 100 } });
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request(silent.place));
    await client.receives(/^HTTP\/1\.1 504 [\s\S]*does not answer within 0\.1 s/);
    client.write(run.request(`127.0.0.1:${server.port}`));
    await client.receives(/HTTP\/1\.1 200 [\s\S]*hello/);
  });
});

/** A proxy that asks for Digest, and answers a request that has one. */
function digestProxy(refusalRest: string, seen: string[]) {
  const refusal = `HTTP/1.1 407 Who\r\nProxy-Authenticate: Digest realm="a", nonce="n", qop="auth"\r\n${refusalRest}`;
  return RawOrigin.answering(
    (_n, head) =>
      /^Proxy-Authorization: Digest /m.test(head) ? 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n' : refusal,
    seen,
  );
}

const alice = { proxyCredentials: { username: 'alice', password: 'secret-1' } } as const;
const proxyAt = (place: string): ForwarderInit => ({ proxy: { proxy: place, bypass: ['<-loopback>'] }, ...alice });

describe('a proxy', () => {
  it.each(['a.example', 'b.example'])('whose 407 is final answers the next request, for %s, anew', async (second) => {
    const forged = 'HTTP/1.1 200 Forged\r\nContent-Length: 0\r\n\r\n';
    const refusal = `HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: ${forged.length}\r\n\r\n${forged}`;
    await using proxy = await RawOrigin.answering(() => refusal);
    await using run = await start({ proxy: { proxy: proxy.place } });
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request('a.example'));
    await client.receives(/^HTTP\/1\.1 502 [\s\S]*credentials/);
    client.write(run.request(second));
    await client.receives(/HTTP\/1\.1 502 [\s\S]*HTTP\/1\.1 502 [\s\S]*credentials/);
    expect(client.text).not.toContain('Forged');
  });

  it('answers HEAD by a 407 without the body that it announces', async () => {
    const seen: string[] = [];
    await using proxy = await digestProxy('Content-Length: 3000\r\n\r\n', seen);
    await using run = await start(proxyAt(proxy.place));
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request('a.example', '', { method: 'HEAD' }));
    await client.receives(/^HTTP\/1\.1 200 /);
    expect([proxy.sockets.length, seen.length]).toEqual([1, 2]);
  });

  it.each([
    ['too long', `Content-Length: ${64 * 1024 + 1}\r\n\r\n`],
    ['without end', 'Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n'],
    ['up to the end of the connection', '\r\nabc'],
    ['invalid', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ])('whose 407 has a body that is %s gets the answer on a new connection, within 5 s', async (_what, rest) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const seen: string[] = [];
    await using proxy = await digestProxy(rest, seen);
    await using run = await start(proxyAt(proxy.place));
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request('a.example'));
    while (!/^HTTP\/1\.1 200 /.test(client.text)) {
      await new Promise(setImmediate);
      // Until it is given up: the attempt to connect anew has its own limit.
      if (proxy.sockets.length === 1 && !proxy.sockets[0]?.readableEnded) vi.advanceTimersByTime(1_000);
    }
    expect([proxy.sockets.length, seen.length]).toEqual([2, 2]);
    await vi.waitUntil(() => proxy.sockets[0]?.readableEnded || proxy.sockets[0]?.destroyed);
  });

  it.each([
    ['a length', `Content-Length: ${3 * 1024 * 1024}\r\n`, (body: string) => body],
    ['chunks', 'Transfer-Encoding: chunked\r\n', (body: string) => `300000\r\n${body}\r\n0\r\n\r\n`],
  ])('that asks gets a long body once, after its challenge was answered: by %s', async (_what, field, framed) => {
    const seen: string[] = [];
    await using proxy = await digestProxy('Content-Length: 0\r\n\r\n', seen);
    await using run = await start(proxyAt(proxy.place));
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request('a.example', field, { method: 'POST', body: framed('x'.repeat(3 * 1024 * 1024)) }));
    await client.receives(/^HTTP\/1\.1 200 /);
    expect(seen.slice(0, 3).map((head) => head.split('\r\n', 1)[0])).toEqual([
      'OPTIONS http://a.example/ HTTP/1.1',
      'OPTIONS http://a.example/ HTTP/1.1',
      'POST http://a.example/ HTTP/1.1',
    ]);
    expect(seen[0]).toContain('Max-Forwards: 1\r\n');
  });

  it('that asks in the middle of a body gets the next request on another connection', async () => {
    const seen: string[] = [];
    await using proxy = await digestProxy('Content-Length: 0\r\n\r\n', seen);
    await using run = await start(proxyAt(proxy.place));
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request('a.example', 'Content-Length: 10\r\n', { method: 'POST', body: 'hello' }));
    await vi.waitUntil(() => proxy.sockets.length > 1);
    client.write('world');
    await client.receives(/^HTTP\/1\.1 200 /);
    expect(seen.map((head) => head.split(' ', 1)[0])).toEqual(['POST', 'POST']);
    expect(proxy.sockets).toHaveLength(2);
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])('of this machine does not lead back by the target %s', async (host) => {
    await using proxy = await RawOrigin.answering(() => 'HTTP/1.1 200 OK\r\n\r\n');
    await using run = await start({ proxy: { proxy: proxy.place, bypass: ['<-loopback>'] } });
    const place = `${host}:${run.forwarder.port}`;
    expect(await answerTo(run.forwarder.port, run.request(place, 'Connection: close\r\n'))).toMatch(/^HTTP\/1\.1 508 /);
    const connect = run.request(place, 'Connection: close\r\n').replace(/^.*/, `CONNECT ${place} HTTP/1.1`);
    expect(await answerTo(run.forwarder.port, connect)).toMatch(/^HTTP\/1\.1 508 /);
    expect(proxy.sockets).toEqual([]);
  });
});
