// `winwire ws`, run as it is used: as a client against a server of the package, and as a server.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closedPort } from '../../lib/parity/http-server.ts';
import { WebSocketConnection } from '../../lib/websocket/connection/websocket-connection.ts';
import { WebSocketServer } from '../../lib/websocket/server/websocket-server.ts';
import * as certificates from '../helpers/certificates.ts';
import { RunningCommand, winwire } from '../helpers/command-line.ts';
import { HttpServer } from '../helpers/http-server.ts';

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
  it('sends each line, prints what comes in, and closes', { tags: ['start'] }, async () => {
    echo();
    const { code, stdout, stderr } = await winwire(['ws', url, '-s', 'other', '-s', 'chat'], {
      input: 'one\n\n/binary 00 ff\r\n//slash\n/ping\nzwölf, without an end',
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'one\n\n/binary 00ff\n/slash\nzwölf, without an end\n' });
    expect(stderr).toMatch(/^connected \(backend \w+, sub-protocol chat\)\npong after .* ms\nclosed with 1000\n$/);
  });

  it('loses nothing of many lines', async () => {
    echo();
    const input = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join('');
    expect((await winwire(['ws', url], { input })).stdout).toBe(input);
  });

  it('sends lines as they are with --raw', async () => {
    echo();
    expect((await winwire(['ws', url, '--raw'], { input: '/abort\n//x\n' })).stdout).toBe('/abort\n//x\n');
  });

  it('sends headers', async () => {
    const arrival = connected();
    await winwire(['ws', url, '-H', 'X-One: 1', '-H', 'Authorization: Bearer x']);
    const [, request] = await arrival;
    expect(request.headers).toMatchObject({ 'x-one': '1', authorization: 'Bearer x' });
  });

  it('closes with the code and the reason that it is told', async () => {
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

  it('tells a mistake, goes on, and fails in the end', async () => {
    echo();
    const { code, stdout, stderr } = await winwire(['ws', url], { input: '/nope\n/close 99\n/binary 1\nstill here\n' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'still here\n' });
    expect(stderr).toMatch(/there is no command \/nope.*\n.*1000 to 1003.*\n.*hexadecimal digits\n/);
  });

  it('tells how the server closed', { tags: ['start'] }, async () => {
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

  it('fails where the connection is lost', async () => {
    server.on('connection', (connection) => connection.abort());
    const { code, stderr } = await winwire(['ws', url, '--wait', '30']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/winwire: the connection ended with 1006: .+\n$/);
  });
});

describe('a connection that cannot be had', () => {
  it('is exit code 1', async () => {
    const refused = await winwire(['ws', `ws://127.0.0.1:${await closedPort()}/`]);
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('ECONNREFUSED') });
    await using plain = await HttpServer.start();
    const answered = await winwire(['ws', plain.url()]);
    expect(answered).toMatchObject({ code: 1, stderr: expect.stringMatching(/did not upgrade: it answered 200/) });
    const late = await winwire(['ws', plain.url('/never'), '--connect-timeout', '0.2']);
    expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining('took too long') });
  });

  it('because of its certificate needs -k', { tags: ['start'] }, async () => {
    const web = createSecureServer(certificates.selfSigned()).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const secure = new WebSocketServer({ server: web });
    const address = `wss://127.0.0.1:${(web.address() as AddressInfo).port}/`;
    expect(await winwire(['ws', address])).toMatchObject({ code: 1, stderr: expect.stringContaining('self-signed') });
    expect(await winwire(['ws', '-k', address])).toMatchObject({ code: 0 });
    await secure.close();
    web.close();
  });

  it.each([
    [[]],
    [['ws://127.0.0.1:1/', '--listen', '0']],
    [['ws://127.0.0.1:1/', '--host', '127.0.0.1']],
    [['no URL']],
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

  it('is told where a port is taken', async () => {
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await winwire(['ws', '--listen', `${port}`]);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('EADDRINUSE') });
  });
});

describe.runIf(process.platform !== 'win32')('while it runs', () => {
  it('Ctrl-C aborts the connection and says so, with exit code 130', async () => {
    const arrival = connected();
    await using command = new RunningCommand(['ws', url]);
    const [connection] = await arrival;
    await command.says(/connected/);
    command.interrupt();
    expect(await command.end()).toBe(130);
    expect(command.stderr).toContain('winwire: interrupted: the connection was aborted\n');
    expect(await connection.closed).toMatchObject({ code: 1006 });
  });

  it('what comes in is printed before anything is typed', async () => {
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

  it('a reader that has seen enough ends it in silence', async () => {
    echo();
    await using command = new RunningCommand(['ws', url]);
    command.write('one\n');
    await command.says(/one/, 'stdout');
    command.child.stdout?.destroy();
    command.write('two\n');
    expect(await command.end()).toBe(0);
    expect(command.stderr).toMatch(/^connected .*\n$/);
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
