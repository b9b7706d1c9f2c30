// How a connection ends if the other side does not react, or both act at once.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LINGER } from '../../../lib/websocket/connection/close-status.ts';
import { DEFAULT_LIMITS } from '../../../lib/websocket/connection/limits.ts';
import { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { close, frame, handshakeAnswer, Opcode, ofServer, ping, RawPeer, text } from '../../interop/raw-peer.ts';
import { next, openPair } from './pair.ts';

const { closeTimeout: CLOSE_TIMEOUT } = DEFAULT_LIMITS;

/** From now on only `vi.advanceTimersByTime` advances the time. */
const holdTime = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
afterEach(() => void vi.useRealTimers());

describe.each(availableBackends)('the end of a connection on %s', (backend) => {
  /** The server's end of a connection; the test controls the client. */
  async function withClient(options: object = {}) {
    const server = http.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accepted = new Promise<{ connection: WebSocketConnection; socket: Socket }>((resolve, reject) => {
      server.on('upgrade', (request, socket, head) => {
        WebSocketConnection.accept(request, socket, head, { backend, ...options }).then(
          (connection) => resolve({ connection, socket: socket as Socket }),
          reject,
        );
      });
    });
    const peer = await RawPeer.open((server.address() as AddressInfo).port);
    server.close();
    return { ...(await accepted), peer };
  }

  /** The client's end of a connection whose server writes these bytes after its answer, and nothing more. */
  async function withServer(behind: Uint8Array, options: object = {}) {
    const server = await RawServer.start((socket, head) => {
      socket.write(Buffer.concat([handshakeAnswer(head), ofServer(behind)]));
    });
    const connection = await WebSocketConnection.connect(server.url(), { backend, ...options });
    return { connection, server };
  }

  it('causes no unhandled rejection of a send or ping', async () => {
    await using pair = await openPair(backend, { client: { limits: { queuedSends: 1 } } });
    const rejections: unknown[] = [];
    const listener = (reason: unknown) => void rejections.push(reason);
    process.on('unhandledRejection', listener);
    try {
      const attempts = () => [pair.client.send('text'), pair.client.send(['a', 'b']), pair.client.ping()];
      attempts();
      void pair.client.close();
      attempts();
      await pair.client.closed;
      const late = attempts();
      await new Promise(setImmediate);
      expect(rejections).toEqual([]);
      for (const attempt of late) await expect(attempt).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_CLOSED' });
    } finally {
      process.off('unhandledRejection', listener);
    }
  });

  it('is preceded by an error for an invalid signal, before anything is sent', async () => {
    await using pair = await openPair(backend);
    const options = { signal: 5 } as never;
    const refused = { code: 'ERR_INVALID_ARG_TYPE' };
    await expect(pair.client.send('unwanted', options)).rejects.toMatchObject(refused);
    await expect(pair.client.send(['unwanted'], options)).rejects.toMatchObject(refused);
    await expect(pair.client.ping(options)).rejects.toMatchObject(refused);
    await expect(pair.client.receive(options)).rejects.toMatchObject(refused);
    await pair.client.send('wanted', { signal: null } as never);
    expect(await pair.server.receive({ signal: null } as never)).toBe('wanted');
    await expect(pair.client.close(1000, '', options)).rejects.toMatchObject(refused);
  });

  it('needs a connection of connect or accept', () => {
    const make = WebSocketConnection as unknown as new (parts?: object) => unknown;
    for (const parts of [undefined, {}]) {
      expect(() => new make(parts)).toThrowError(
        expect.objectContaining({
          code: 'ERR_ILLEGAL_CONSTRUCTOR',
          message:
            'WebSocketConnection has no public constructor. Call WebSocketConnection.connect(url) or .accept(request, socket, head).',
        }),
      );
    }
  });

  it('is reached in time when the peer does not answer a close', async () => {
    const { connection, socket, peer } = await withClient();
    holdTime();
    const failure = next(connection, 'error');
    const closed = connection.close(1000, 'bye');
    expect(await peer.readFrame()).toMatchObject({ opcode: 8 });
    vi.advanceTimersByTime(CLOSE_TIMEOUT - 1);
    expect(connection.state).toBe('closing');
    vi.advanceTimersByTime(1);
    expect(await closed).toEqual({ code: 1006, reason: '', wasClean: false });
    expect((await failure)[0]).toMatchObject({ code: 'ERR_WEBSOCKET_CONNECTION_LOST' });
    expect(await peer.readFrame()).toBeUndefined();
    expect(socket.destroyed).toBe(true);
    peer.destroy();
  });

  it('is reached in time when the client answers the close and keeps the transport open', async () => {
    const { connection, socket, peer } = await withClient();
    holdTime();
    const closed = connection.close(3001, 'bye');
    const answered = next(connection, 'closing');
    peer.write(close(3001));
    await answered;
    vi.advanceTimersByTime(CLOSE_TIMEOUT);
    expect(await closed).toEqual({ code: 3001, reason: '', wasClean: true });
    if (!socket.destroyed) await once(socket, 'close');
    peer.destroy();
  });

  it('is reached in time when the server closes and keeps the transport open', async () => {
    holdTime();
    const { connection, server } = await withServer(close(1001, 'going'));
    if (connection.state === 'open') await next(connection, 'closing');
    vi.advanceTimersByTime(LINGER);
    expect(await connection.closed).toEqual({ code: 1001, reason: 'going', wasClean: true });
    await server[Symbol.asyncDispose]();
  });

  it('does not wait for a peer that violates the protocol and stays', async () => {
    const { connection, socket, peer } = await withClient();
    holdTime();
    peer.write(frame(3, 'no such opcode'));
    await expect(connection.receive()).rejects.toMatchObject({ name: 'WinwireError' });
    expect(await peer.readFrame()).toMatchObject({ opcode: 8, payload: Buffer.from([0x03, 0xea]) });
    expect(socket.destroyed).toBe(false);
    vi.advanceTimersByTime(LINGER);
    if (!socket.destroyed) await once(socket, 'close');
    peer.destroy();
  });

  it('is the same for both when both close at once', async () => {
    await using pair = await openPair(backend);
    const [client, server] = await Promise.all([pair.client.close(3001, 'one'), pair.server.close(3002, 'two')]);
    expect(client).toEqual({ code: 3002, reason: 'two', wasClean: true });
    expect(server).toEqual({ code: 3001, reason: 'one', wasClean: true });
  });

  it('accepts what the peer sends between the two closes, answers no ping then, and ignores what follows the second', async () => {
    const { connection, peer } = await withClient();
    const closed = connection.close(1000);
    expect((await peer.readFrame())?.opcode).toBe(Opcode.CLOSE);
    peer.write(Buffer.concat([text('still'), ping('p'), text('here'), close(1000), text('too late')]));
    expect([await connection.receive(), await connection.receive()]).toEqual(['still', 'here']);
    peer.end();
    expect(await closed).toMatchObject({ code: 1000, wasClean: true });
    expect(await connection.receive()).toBeUndefined();
    expect(connection.statistics).toMatchObject({ messagesReceived: 2, pingsAnswered: 0 });
    peer.destroy();
  });

  it.each([
    ['nothing', Buffer.alloc(0), 1005, ''],
    ['a status', close(4000), 4000, ''],
    ['a status and a reason', close(1013, 'grüße'), 1013, 'grüße'],
  ])('is reported with the code and reason of the close: %s', async (_, frameOf, code, reason) => {
    const { connection, peer } = await withClient();
    const announced = next(connection, 'closing');
    peer.write(frameOf.length === 0 ? frame(Opcode.CLOSE) : frameOf);
    expect(await announced).toEqual([code, reason]);
    const answer = await peer.readFrame();
    expect(answer?.payload.length === 0 ? 1005 : answer?.payload.readUInt16BE()).toBe(code);
    peer.end();
    expect(await connection.closed).toEqual({ code, reason, wasClean: true });
    peer.destroy();
  });

  it('is one promise for all callers', async () => {
    await using pair = await openPair(backend);
    const ends: unknown[] = [];
    pair.client.on('close', (info) => ends.push(info));
    const closes = [pair.client.close(3001), pair.client.close(3002), pair.client.close()];
    const [first, ...others] = await Promise.all(closes);
    for (const other of others) expect(other).toBe(first);
    expect(await pair.client.close(3003)).toBe(first);
    await pair.client[Symbol.asyncDispose]();
    await new Promise(setImmediate);
    expect(ends).toEqual([first]);
    expect((await pair.server.closed).code).toBe(3001);
  });

  it('rejects all further calls', async () => {
    await using pair = await openPair(backend);
    const closing = pair.client.close();
    const refused = { code: 'ERR_WEBSOCKET_CLOSED' };
    await expect(pair.client.ping()).rejects.toMatchObject(refused);
    await expect(pair.client.send('late')).rejects.toMatchObject(refused);
    await closing;
    await expect(pair.client.ping()).rejects.toMatchObject(refused);
    expect(await pair.client.receive()).toBeUndefined();
    for await (const message of pair.client) expect.unreachable(String(message));
  });

  it('ends a wait for it by a signal, and only the wait', async () => {
    await using pair = await openPair(backend);
    pair.socket.pause();
    const waiting = pair.client.close(1000, '', { signal: AbortSignal.abort('no patience') });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError', cause: 'no patience' });
    expect(pair.client.state).toBe('closing');
    pair.socket.resume();
    expect(await pair.client.closed).toMatchObject({ code: 1000, wasClean: true });
  });

  it.each(['client', 'server'] as const)(
    'is not clean when the %s only ends its half of the transport',
    async (side) => {
      if (side === 'server') {
        const server = await RawServer.start((socket, head) => socket.end(handshakeAnswer(head)));
        const connection = await WebSocketConnection.connect(server.url(), { backend });
        expect(await connection.closed).toEqual({ code: 1006, reason: '', wasClean: false });
        await server[Symbol.asyncDispose]();
      } else {
        const { connection, peer } = await withClient();
        peer.write(text('half a message').subarray(0, 9));
        peer.end();
        await expect(connection.receive()).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_CONNECTION_LOST' });
        expect(await connection.closed).toEqual({ code: 1006, reason: '', wasClean: false });
        peer.destroy();
      }
    },
  );
});
