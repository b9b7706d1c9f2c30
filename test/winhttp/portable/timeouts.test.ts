// The four time-outs. Each ends a test; what it is compared with is far longer.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { failure, opened } from '../../helpers/http-request.ts';
import { HttpServer } from '../../helpers/http-server.ts';

const SHORT = 100;

afterEach(() => void vi.useRealTimers());

test('waiting for the head', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url('/never'));
  await request.setTimeouts(0, 0, 0, SHORT);
  const error = await failure(request.send(), 'ERROR_WINHTTP_TIMEOUT');
  expect(error).toMatchObject({ hresult: 0x80072ee2, syscall: 'IWinHttpRequest::Send' });
  await server.allClosed();
});

test('waiting for more of the body', async () => {
  await using server = await HttpServer.start();
  const request = await opened(server.url('/head-only'));
  await request.setTimeouts(0, 0, 0, SHORT);
  await failure(request.send(), 'ERROR_WINHTTP_TIMEOUT');
  await server.allClosed();
});

test.each([
  ['head', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', ''],
  ['body', `HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n${'x'.repeat(64)}`, 'x'.repeat(64)],
])('a %s that arrives packet by packet is in time', async (_part, response, body) => {
  let client: Socket | undefined;
  const keep = (message: unknown) => {
    client = (message as { socket: Socket }).socket;
  };
  subscribe('net.client.socket', keep);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await using server = await RawServer.start(async (socket) => {
    let written = 0;
    for (const packet of response.match(/.{1,8}/gs) ?? []) {
      while (client && client.bytesRead < written) await new Promise(setImmediate);
      if (written > 0) vi.advanceTimersByTime(SHORT - 1);
      socket.write(packet);
      written += packet.length;
    }
  });
  const request = await opened(server.url());
  await request.setTimeouts(0, 0, 0, SHORT);
  await request.send();
  unsubscribe('net.client.socket', keep);
  expect(await request.responseText).toBe(body);
});

test('a server that stops reading the body', async () => {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const request = await opened(`http://127.0.0.1:${port}/`, 'POST');
  await request.setTimeouts(0, 0, SHORT, 0);
  await failure(request.send(new Uint8Array(32 * 1024 * 1024)), 'ERROR_WINHTTP_TIMEOUT');
  server.close();
});

test('a host that answers no packet', async () => {
  // Addresses for documentation (RFC 5737), without hosts. If the network reports that at once, that is the error.
  const request = await opened('http://192.0.2.1/');
  await request.setTimeouts(0, SHORT, 0, 0);
  const error = await request.send().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: expect.stringMatching(/^ERROR_WINHTTP_(?:TIMEOUT|CANNOT_CONNECT)$/) });
});

test('a name that is not resolved in time', async () => {
  vi.resetModules();
  vi.doMock('node:dns', () => ({ lookup: () => {} }));
  const { connectTcp } = await import('../../../lib/winhttp/portable/tcp.ts');
  const { Cancellation } = await import('../../../lib/winhttp/portable/cancellation.ts');
  const limits = { resolve: SHORT, connect: 0, send: 0, receive: 0 };
  const error = await connectTcp({ host: 'slow.test', port: 80, secure: false }, limits, new Cancellation()).catch(
    (reason: unknown) => reason,
  );
  vi.doUnmock('node:dns');
  expect(error).toMatchObject({ code: 'ERROR_WINHTTP_TIMEOUT' });
});

test('unknown names, closed ports', async () => {
  await failure((await opened('http://no-such-name.invalid/')).send(), 'ERROR_WINHTTP_NAME_NOT_RESOLVED');
  await failure((await opened('http://127.0.0.1:1/')).send(), 'ERROR_WINHTTP_CANNOT_CONNECT');
});
