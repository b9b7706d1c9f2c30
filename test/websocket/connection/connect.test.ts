import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { type RawAnswer, RawServer } from '../../helpers/http-raw-server.ts';
import { acceptOf, ofServer, text } from '../../interop/raw-peer.ts';

const keyOf = (head: string) => /^Sec-WebSocket-Key: *(\S+)/im.exec(head)?.[1] ?? '';

/** Answers 101 with these fields and, in the same write, these bytes. */
const upgrading =
  (fields: (head: string) => string[], behind: Uint8Array = Buffer.alloc(0)): RawAnswer =>
  (socket, head) => {
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', ...fields(head)];
    socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), behind]));
  };

const accepting = (head: string) => [`Sec-WebSocket-Accept: ${acceptOf(keyOf(head))}`];

describe.each(availableBackends)('WebSocketConnection.connect on %s', (backend) => {
  it.each([
    ['ftp://127.0.0.1/', 'ERR_INVALID_ARG_VALUE'],
    ['/path', 'ERR_INVALID_ARG_VALUE'],
    ['', 'ERR_INVALID_ARG_VALUE'],
    ['ws://', 'ERR_INVALID_ARG_VALUE'],
    ['ws://127.0.0.1/#fragment', 'ERR_INVALID_ARG_VALUE'],
    [undefined, 'ERR_INVALID_ARG_VALUE'],
  ])('rejects the URL %j', async (url, code) => {
    await expect(WebSocketConnection.connect(url as string, { backend })).rejects.toMatchObject({
      name: 'TypeError',
      code,
    });
  });

  it.each([
    [{ subprotocols: 'chat' }, 'ERR_INVALID_ARG_TYPE'],
    [{ subprotocols: [5] }, 'ERR_INVALID_ARG_TYPE'],
    [{ subprotocols: ['a\r\nb'] }, 'ERR_INVALID_CHAR'],
    [{ properties: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ properties: [{ type: 0, value: 'many' }] }, 'ERR_INVALID_ARG_TYPE'],
    [{ properties: [{ type: 0, value: 1 }] }, 'E_INVALIDARG'],
    [{ limits: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ keepAlive: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ keepAlive: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    [{ keepAlive: '30' }, 'ERR_INVALID_ARG_TYPE'],
    [{ keepAlive: true }, 'ERR_INVALID_ARG_TYPE'],
    [{ trace: {} }, 'ERR_INVALID_ARG_TYPE'],
    [{ backend: 'neither' }, 'ERR_INVALID_ARG_VALUE'],
    [{ headers: { 'X-A': 'a\r\nX-B: b' } }, 'ERR_INVALID_CHAR'],
    [{ headers: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ signal: 5 }, 'ERR_INVALID_ARG_TYPE'],
  ])('rejects the options %j, before anything is sent', async (options, code) => {
    await using server = await RawServer.answering('');
    const attempt = WebSocketConnection.connect(server.url(), { backend, ...options } as never);
    await expect(attempt).rejects.toMatchObject({ code });
    expect(server.heads).toEqual([]);
  });

  it.each([5, 'text', true])('rejects %j as options', async (options) => {
    await using server = await RawServer.answering('');
    const attempt = WebSocketConnection.connect(server.url(), options as never);
    await expect(attempt).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(server.heads).toEqual([]);
  });

  it('names a property by its index', async () => {
    const properties = [
      { type: 1, value: 64 },
      { type: 3, value: 1 },
    ];
    await expect(WebSocketConnection.connect('ws://127.0.0.1/', { backend, properties })).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining('"properties[1].type"'),
    });
  });

  it('accepts ws: and http: URLs, as strings and as objects', async () => {
    await using server = await RawServer.start(upgrading(accepting));
    for (const url of [server.url('/a?b'), server.url('/a?b').replace('http:', 'ws:'), new URL(server.url('/a?b'))]) {
      (await WebSocketConnection.connect(url, { backend })).abort();
    }
    expect(server.heads.map((head) => head.split('\r\n')[0])).toEqual(Array(3).fill('GET /a?b HTTP/1.1'));
  });

  it("sends the caller's headers, except those of the handshake", async () => {
    await using server = await RawServer.start(upgrading(accepting));
    const headers = { Origin: 'https://a.test', 'X-Two': ['1', '2'], 'sec-websocket-key': 'theirs', upgrade: 'h2c' };
    (await WebSocketConnection.connect(server.url(), { backend, headers })).abort();
    const [head = ''] = server.heads;
    expect(head).toContain('Origin: https://a.test\r\n');
    expect(head.match(/^X-Two: \d/gm)).toEqual(['X-Two: 1', 'X-Two: 2']);
    expect(head).not.toContain('theirs');
    expect(head.match(/^upgrade: .*/gim)).toEqual([expect.stringMatching(/websocket$/i)]);
  });

  it('keeps the frames that arrive with the answer', async () => {
    const behind = Buffer.concat([ofServer(text('one')), ofServer(text('two')).subarray(0, 3)]);
    await using server = await RawServer.start((socket, head, count) => {
      upgrading(accepting, behind)(socket, head, count);
      socket.write(ofServer(text('two')).subarray(3));
    });
    const connection = await WebSocketConnection.connect(server.url(), { backend });
    expect([await connection.receive(), await connection.receive()]).toEqual(['one', 'two']);
    connection.abort();
  });

  it.each([
    ['no Sec-WebSocket-Accept', () => []],
    ['the accept of another key', () => [`Sec-WebSocket-Accept: ${acceptOf('other')}`]],
    ['a sub-protocol that was not offered', (head: string) => [...accepting(head), 'Sec-WebSocket-Protocol: other']],
    ['an extension that was not offered', (head: string) => [...accepting(head), 'Sec-WebSocket-Extensions: other']],
  ])('rejects %s, and closes the socket', async (_, fields) => {
    let socket: Socket | undefined;
    await using server = await RawServer.start((one, head, count) => {
      socket = one;
      upgrading(fields)(one, head, count);
    });
    await expect(WebSocketConnection.connect(server.url(), { backend })).rejects.toMatchObject({
      name: 'WinwireError',
      syscall: 'WebSocketEndClientHandshake',
      code: expect.stringMatching(/^E_/),
    });
    if (!socket?.closed) await once(socket as Socket, 'close');
  });

  it.each([
    ['HTTP/1.1 403 Not Here\r\nX-Why: because\r\nContent-Length: 0\r\n\r\n', 403, 'it answered 403 Not Here'],
    ['HTTP/1.1 200\r\nX-Why: because\r\nContent-Length: 5\r\n\r\nplain', 200, 'it answered 200'],
    ['HTTP/1.1 302 Found\r\nX-Why: because\r\nLocation: /other\r\n\r\n', 302, 'it answered 302 Found'],
  ])('reports the answer %j', async (answer, status, message) => {
    await using server = await RawServer.answering(answer);
    await expect(WebSocketConnection.connect(server.url(), { backend })).rejects.toMatchObject({
      name: 'UpgradeRefusedError',
      code: 'ERR_WEBSOCKET_HANDSHAKE',
      status,
      headers: { 'x-why': 'because' },
      message: expect.stringMatching(new RegExp(`${message}(?:;|$)`)),
    });
    expect(server.heads).toHaveLength(1);
  });

  it('ends with a time-out if the server does not answer', async () => {
    await using server = await RawServer.answering('HTTP/1.1 100 Continue\r\n\r\n');
    const attempt = WebSocketConnection.connect(server.url(), { backend, limits: { handshakeTimeout: 20 } });
    await expect(attempt).rejects.toMatchObject({ name: 'ConnectionError', code: 'ERR_WEBSOCKET_TIMEOUT' });
  });

  it.each([
    ['nothing', ''],
    ['half an answer', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: webso'],
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
  ])('fails when the server sends %s and closes', async (_, answer) => {
    await using server = await RawServer.answering(answer, { closes: true });
    const failure = await WebSocketConnection.connect(server.url(), { backend }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(['ECONNRESET', 'ERR_WEBSOCKET_HANDSHAKE']).toContain((failure as NodeJS.ErrnoException).code);
  });

  it.each([
    ['lines that end in LF', 1, (answer: string) => answer.replaceAll('\r\n', '\n')],
    ['both line ends', 1, (answer: string) => answer.replace('\r\n', '\n')],
    [
      'folded fields',
      1,
      (answer: string) => answer.replace('Upgrade: websocket', 'X: y\r\n z\r\nUpgrade:\r\n websocket'),
    ],
    ['an empty line before it', 1, (answer: string) => `\r\n${answer}`],
    ['HTTP/1.2', 1, (answer: string) => answer.replace('1.1', '1.2')],
    ['an interim response before it', 1, (answer: string) => `HTTP/1.1 103 Hints\nLink: </a>\n\n${answer}`],
    ['a control character in a field', 1, (answer: string) => answer.replace('\r\n', '\r\nX: a\x01b\r\n')],
    ['a large head', 1000, (answer: string) => answer.replace('\r\n', `\r\nX: ${'x'.repeat(40_000)}\r\n`)],
    ['frames behind it', 10_000, (answer: string) => answer],
  ])('RQ-156 reads an answer with %s', async (_what, size, change) => {
    await using server = await RawServer.start((socket, head) => {
      const fields = ['Upgrade: websocket', 'Connection: Upgrade', ...accepting(head)];
      const answer = change(`HTTP/1.1 101 Switching\r\n${fields.join('\r\n')}\r\n\r\n`);
      const bytes = Buffer.concat([Buffer.from(answer, 'latin1'), ofServer(text('first'))]);
      socket.setNoDelay();
      for (let start = 0; start < bytes.length; start += size) socket.write(bytes.subarray(start, start + size));
    });
    const connection = await WebSocketConnection.connect(server.url(), { backend });
    expect(await connection.receive()).toBe('first');
    connection.abort();
  });

  it.each([
    ['in LF', 'HTTP/1.1 403 No\nX: y\n\n', 'x', 'y'],
    [
      'with one length twice',
      'HTTP/1.1 403 No\r\nX: y\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok',
      'content-length',
      '2',
    ],
    [
      'with chunks and a length',
      'HTTP/1.1 403 No\r\nX: y\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n',
      'x',
      'y',
    ],
  ])('reports a rejection %s', async (_what, answer, name, value) => {
    await using server = await RawServer.answering(answer);
    const attempt = WebSocketConnection.connect(server.url(), { backend });
    await expect(attempt).rejects.toMatchObject({
      name: 'UpgradeRefusedError',
      status: 403,
      headers: { [name]: value },
    });
    await expect.poll(() => server.open).toBe(0);
  });

  it.each([
    ['fields', 'HTTP/1.1 101 Switching\r\n', 'A: 1\r\n'],
    ['a reason phrase', 'HTTP/1.1 101 ', 'x'],
    ['empty lines', '', '\r\n'],
    ['interim responses', '', 'HTTP/1.1 100 Go\r\n\r\n'],
    ['another protocol', 'SSH-2.0', 'x'],
  ])('rejects an answer with %s beyond the limit', async (_what, start, more) => {
    await using server = await RawServer.start((socket) => {
      socket.write(start);
      const write = () => {
        while (socket.writable && socket.write(more.repeat(1000))) {}
      };
      socket.on('drain', write);
      write();
    });
    const limits = { handshakeTimeout: Number.POSITIVE_INFINITY };
    const attempt = WebSocketConnection.connect(server.url(), { backend, limits });
    await expect(attempt).rejects.toMatchObject({ name: 'ConnectionError', code: 'ERR_WEBSOCKET_HANDSHAKE' });
    await expect.poll(() => server.open).toBe(0);
  });

  it('connects without a time limit, and ends attempts that were aborted when the answer arrived', async () => {
    const controller = new AbortController();
    await using server = await RawServer.start((socket, head, count) => {
      controller.abort('too late');
      upgrading(accepting)(socket, head, count);
    });
    const { signal } = controller;
    const attempt = WebSocketConnection.connect(server.url(), {
      backend,
      signal,
      limits: { handshakeTimeout: Number.POSITIVE_INFINITY },
    });
    await expect(attempt).rejects.toMatchObject({ name: 'AbortError', cause: 'too late' });
  });
});
