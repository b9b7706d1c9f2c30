import { expect, test } from 'vitest';
import { Cancellation } from '../../../lib/winhttp/portable/cancellation.ts';
import { ConnectClock } from '../../../lib/winhttp/portable/connect-clock.ts';
import { inboundOf } from '../../../lib/winhttp/portable/inbound.ts';
import { connectTcp } from '../../../lib/winhttp/portable/tcp.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';

const TIMEOUTS = { resolve: 0, connect: 0, send: 0, receive: 0 };

test.each([
  ['127.0.0.1', false],
  ['localhost', true],
])('the look-up of %s takes time: %s', async (host, isName) => {
  await using server = await RawServer.start(() => {});
  const clock = new ConnectClock();
  const peer = { host, port: server.port, secure: false };
  const socket = await connectTcp(peer, TIMEOUTS, new Cancellation(), true, clock);
  socket.destroy();
  expect(clock.times(false).lookup !== undefined).toBe(isName);
});

test('no connection is opened after a cancellation', async () => {
  await using server = await RawServer.start(() => {});
  const cancellation = new Cancellation();
  cancellation.cancel();
  const peer = { host: '127.0.0.1', port: server.port, secure: false };
  await expect(connectTcp(peer, TIMEOUTS, cancellation)).rejects.toMatchObject({
    code: 'ERROR_WINHTTP_OPERATION_CANCELLED',
  });
});

test.each([true, false])('only a plain connection reads into the common block: %s', async (isPlain) => {
  await using server = await RawServer.start(() => {});
  const peer = { host: '127.0.0.1', port: server.port, secure: !isPlain };
  const socket = await connectTcp(peer, TIMEOUTS, new Cancellation(), isPlain);
  socket.destroy();
  expect(inboundOf(socket) !== undefined).toBe(isPlain);
});
