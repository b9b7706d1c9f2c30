// `winwire ws` as a user runs it: as a client of a server of the package, and as a server.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closedPort } from '../../lib/parity/http-server.ts';
import { WebSocketConnection } from '../../lib/websocket/connection/websocket-connection.ts';
import { WebSocketServer } from '../../lib/websocket/server/websocket-server.ts';
import * as certificates from '../helpers/certificates.ts';
import { RunningCommand, winwire } from '../helpers/command-line.ts';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { TestProxy } from '../helpers/http-proxy.ts';
import { HttpServer } from '../helpers/http-server.ts';
import { TunnelProxy } from '../helpers/tunnel-proxy.ts';

let server: WebSocketServer;
let url: string;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, subprotocols: ['chat'] });
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(() => server.close());

const connected = async () => (await once(server, 'connection')) as [WebSocketConnection, IncomingMessage];

/** Answers every message with itself. */
function echo(): void {
  server.on('connection', (connection) => {
    connection.on('message', (message) => void connection.send(message).catch(() => {}));
  });
}

describe('a piped conversation', () => {
  it('sends each line, prints received messages, and closes', { tags: ['start'] }, async () => {
    echo();
    const { code, stdout, stderr } = await winwire(['ws', url, '-s', 'other', '-s', 'chat'], {
      input: 'one\n\n/binary 00 ff\r\n//slash\n/ping\nzwölf, without an end',
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'one\n\n/binary 00ff\n/slash\nzwölf, without an end\n' });
    expect(stderr).toMatch(/^connected \(backend \w+, sub-protocol chat\)\npong after .* ms\nclosed with 1000\n$/);
  });

  it('loses none of many lines', async () => {
    echo();
    const input = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join('');
    expect((await winwire(['ws', url], { input })).stdout).toBe(input);
  });

  it('sends lines unchanged with --raw', async () => {
    echo();
    expect((await winwire(['ws', url, '--raw'], { input: '/abort\n//x\n' })).stdout).toBe('/abort\n//x\n');
  });

  it('sends headers', async () => {
    const arrival = connected();
    await winwire(['ws', url, '-H', 'X-One: 1', '-H', 'Authorization: Bearer x']);
    const [, request] = await arrival;
    expect(request.headers).toMatchObject({ 'x-one': '1', authorization: 'Bearer x' });
  });

  it('logs on at a proxy and at the server, with passwords of files', async () => {
    const folder = makeFolder('ws');
    const file = join(folder, 'password');
    writeFileSync(file, 'open sesame\n');
    await using proxy = await TestProxy.start({ userName: 'pro', password: 'secret' });
    const seen: (string | undefined)[] = [];
    const sockets = new WebSocketServer({
      port: 0,
      verifyClient: ({ request }) => {
        seen.push(request.headers.authorization);
        if (request.headers.authorization !== undefined) return true;
        return { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="x"' } };
      },
    });
    await once(sockets, 'listening');
    const guarded = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}/`;
    const logOn = ['--user', 'Aladdin', '--password-file', file, '--proxy-user', 'pro', '--proxy-password-file'];
    const secret = join(folder, 'proxy');
    writeFileSync(secret, 'secret\n');
    const { code } = await winwire(['ws', '--proxy', proxy.address, ...logOn, secret, guarded], { input: '' });
    expect({ code, seen }).toEqual({ code: 0, seen: [undefined, 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='] });
    expect(proxy.requests.length).toBeGreaterThan(0);
    await sockets.close();
    removeFolder(folder);
  });

  it('goes through a proxy', async () => {
    echo();
    await using proxy = await TunnelProxy.start();
    const through = url.replace('127.0.0.1', 'server.example');
    const named = `http://me:secret@${proxy.place}`;
    expect((await winwire(['ws', '--proxy', named, through], { input: 'one\n' })).stdout).toBe('one\n');
    const pac = `data:,function FindProxyForURL(url, host) { return "PROXY ${proxy.place}" }`;
    expect((await winwire(['ws', '--pac', pac, through], { input: 'two\n' })).stdout).toBe('two\n');
    expect(proxy.heads).toHaveLength(2);
    expect((await winwire(['ws', '--pac', pac, '--listen', '0'])).code).toBe(2);
  });

  it('closes with the given code and reason', async () => {
    const arrival = connected();
    const ending = winwire(['ws', url], { input: '/close 4000 bye now\nnever sent\n' });
    const [connection] = await arrival;
    expect(await connection.closed).toEqual({ code: 4000, reason: 'bye now', wasClean: true });
    expect(connection.statistics.messagesReceived).toBe(0);
    expect(await ending).toMatchObject({ code: 0, stdout: '' });
  });

  it('aborts without a close handshake', async () => {
    const arrival = connected();
    const ending = winwire(['ws', url], { input: '/abort\n' });
    const [connection] = await arrival;
    expect(await connection.closed).toMatchObject({ code: 1006, wasClean: false });
    expect(await ending).toMatchObject({ code: 0, stderr: expect.stringMatching(/\naborted\n$/) });
  });

  it('reports an invalid line, continues, and fails in the end', async () => {
    echo();
    const { code, stdout, stderr } = await winwire(['ws', url], { input: '/nope\n/close 99\n/binary 1\nstill here\n' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'still here\n' });
    expect(stderr).toMatch(/there is no command \/nope.*\n.*1000 to 1003.*\n.*hexadecimal digits\n/);
  });

  it('reports how the server closed', { tags: ['start'] }, async () => {
    server.on('connection', (connection) => void connection.close(1013, 'try\u001b[31m later'));
    const { code, stderr } = await winwire(['ws', url, '--wait', '30']);
    expect(code).toBe(0);
    expect(stderr).toContain('closed with 1013');
    expect(stderr).not.toContain('\u001b');
  });

  it('waits for answers with --wait', async () => {
    server.on('connection', (connection) => {
      void connection.receive().then(async () => {
        await connection.ping();
        await connection.send('late');
        await connection.close();
      });
    });
    expect((await winwire(['ws', url, '--wait', '30'], { input: 'x\n' })).stdout).toBe('late\n');
  });

  it('fails if the connection is lost', async () => {
    server.on('connection', (connection) => connection.abort());
    const { code, stderr } = await winwire(['ws', url, '--wait', '30']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/winwire: the connection ended with 1006: .+\n$/);
  });
});

describe('a failed connection', () => {
  it('is exit code 1', async () => {
    const refused = await winwire(['ws', `127.0.0.1:${await closedPort()}/`]);
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('ECONNREFUSED') });
    await using plain = await HttpServer.start();
    const answered = await winwire(['ws', plain.url()]);
    expect(answered).toMatchObject({ code: 1, stderr: expect.stringMatching(/did not upgrade: it answered 200/) });
    const late = await winwire(['ws', plain.url('/never'), '--connect-timeout', '0.2']);
    expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining('took longer than') });
  });

  it('with an untrusted certificate needs -k', { tags: ['start'] }, async () => {
    const web = createSecureServer(certificates.selfSigned()).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const secure = new WebSocketServer({ server: web });
    const address = `wss://127.0.0.1:${(web.address() as AddressInfo).port}/`;
    expect(await winwire(['ws', address])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/self-signed.*\n-k accepts/),
    });
    expect(await winwire(['ws', '-k', address])).toMatchObject({ code: 0 });
    await secure.close();
    web.close();
  });

  it.each([
    [[]],
    [['ws://127.0.0.1:1/', '--listen', '0']],
    [['ws://127.0.0.1:1/', '--host', '127.0.0.1']],
    [['no URL']],
    [['/path']],
    [['ws://user:secret@']],
    [['ftp://127.0.0.1/']],
    [['ws://user:secret@127.0.0.1:1/#fragment']],
    [['ws://127.0.0.1:1/', '-s', 'no token']],
    [['ws://127.0.0.1:1/', '-H', 'no colon']],
    [['--listen', '65536']],
    [['--listen', 'x']],
  ])('%j is exit code 2', async (args) => {
    const { code, stdout, stderr } = await winwire(['ws', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^winwire/);
    expect(stderr).not.toContain('secret');
  });

  it('reports a port in use', async () => {
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await winwire(['ws', '--listen', `${port}`]);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('EADDRINUSE') });
  });
});

describe.runIf(process.platform !== 'win32')('a running ws', () => {
  it('is aborted by Ctrl-C with exit code 130 and a message', async () => {
    const arrival = connected();
    await using command = new RunningCommand(['ws', url]);
    const [connection] = await arrival;
    await command.says(/connected/);
    command.interrupt();
    expect(await command.end()).toBe(130);
    expect(command.stderr).toContain('winwire: interrupted: the connection was aborted\n');
    expect(await connection.closed).toMatchObject({ code: 1006 });
  });

  it('prints received messages before the first input', async () => {
    const arrival = connected();
    await using command = new RunningCommand(['ws', url]);
    const [connection] = await arrival;
    await connection.send('welcome');
    await command.says(/^welcome\n/, 'stdout');
    command.write('thanks\n');
    expect(await connection.receive()).toBe('thanks');
    command.endInput();
    expect(await command.end()).toBe(0);
  });

  it('ends without a message if its reader closes the pipe', async () => {
    echo();
    await using command = new RunningCommand(['ws', url]);
    command.write('one\n');
    await command.says(/one/, 'stdout');
    command.child.stdout?.destroy();
    command.write('two\n');
    expect(await command.end()).toBe(0);
    expect(command.stderr).toMatch(/^connected .*\n$/);
  });

  it('--listen answers an HTTP request', async () => {
    await using command = new RunningCommand(['ws', '--listen', '0']);
    const [, port] = await command.says(/^listening on ws:\/\/127\.0\.0\.1:(\d+)\/\n/, 'stdout');
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect([response.status, await response.text()]).toEqual([200, 'Hello']);
    command.interrupt();
    expect(await command.end()).toBe(0);
  });

  it('--listen serves an echo until Ctrl-C closes every connection', async () => {
    await using command = new RunningCommand(['ws', '--listen', '0']);
    const [, address = ''] = await command.says(/^listening on (ws:\/\/127\.0\.0\.1:\d+\/)\n/, 'stdout');
    const connection = await WebSocketConnection.connect(address, { subprotocols: ['any'] });
    expect(connection.subprotocol).toBe('any');
    await connection.send('text');
    await connection.send(Buffer.from([0, 255]));
    expect(await connection.receive()).toBe('text');
    expect(await connection.receive()).toEqual(Buffer.from([0, 255]));
    command.interrupt();
    expect(await connection.closed).toMatchObject({ code: 1001, wasClean: true });
    expect(await command.end()).toBe(0);
    expect(command.stderr).toMatch(/connected\n.*closing 1 connection\n/s);
  });
});
