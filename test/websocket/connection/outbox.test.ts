import { IncomingMessage } from 'node:http';
import { connect, type NetConnectOpts, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { sendUntilHeld } from '../../helpers/held-send.ts';
import { heldBack, next, openPair } from './pair.ts';

describe.each(availableBackends)('what is sent on %s', (backend) => {
  it('is never sent by another connection after its own has ended', async () => {
    await using ended = await openPair(backend);
    await using other = await openPair(backend);
    const { fragments, release } = heldBack('first secret');
    const sends = [ended.client.send(fragments), ended.client.send('second secret')];
    ended.client.abort();
    release();
    for (const send of sends) await expect(send).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_ABORTED' });
    void other.client.send('mine');
    expect(await other.server.receive()).toBe('mine');
    expect(other.client.statistics.messagesSent).toBe(1);
    expect(ended.client.statistics.messagesSent).toBe(0);
  });

  it('is sent in order per connection when many share the staging area', async () => {
    await using one = await openPair(backend);
    await using two = await openPair(backend);
    for (let i = 0; i < 50; i++) {
      void one.client.send(`one ${i}`);
      void two.client.send(Buffer.from(`two ${i}`));
      void one.server.send(`back ${i}`);
    }
    for (let i = 0; i < 50; i++) {
      expect(await one.server.receive()).toBe(`one ${i}`);
      expect(String(await two.server.receive())).toBe(`two ${i}`);
      expect(await one.client.receive()).toBe(`back ${i}`);
    }
  });

  it('keeps its order when the staging area overflows by count and by size', async () => {
    await using pair = await openPair(backend);
    const sizes = Array.from({ length: 2500 }, (_, i) => (i % 500 === 499 ? 16_384 + (i % 3) : i % 7));
    for (const [i, size] of sizes.entries()) void pair.client.send(Buffer.alloc(size, i));
    for (const [i, size] of sizes.entries()) {
      const received = (await pair.server.receive()) as Buffer;
      if (!received.equals(Buffer.alloc(size, i))) expect(received).toEqual(Buffer.alloc(size, i));
    }
    expect(pair.client.statistics.messagesSent).toBe(2500);
  });

  it('is rejected with the error of the transport', async () => {
    const full = new Error('no more room on the wire');
    let writes = 0;
    const transport = new Duplex({
      read() {},
      // The first write is the answer of the opening handshake.
      write: (_chunk, _encoding, done) => done(writes++ === 0 ? null : full),
    });
    const connection = await WebSocketConnection.accept(upgradeRequest(), transport, Buffer.alloc(0), { backend });
    const error = next(connection, 'error');
    const sends = [connection.send('one'), connection.send('two'), connection.send(Buffer.alloc(100_000))];
    const ping = connection.ping();
    for (const wait of sends) await expect(wait).rejects.toThrow(full);
    await expect(ping).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_CONNECTION_LOST', cause: full });
    expect((await error)[0]).toMatchObject({ code: 'ERR_WEBSOCKET_CONNECTION_LOST', cause: full });
    expect(await connection.closed).toEqual({ code: 1006, reason: '', wasClean: false });
    expect(connection.bufferedAmount).toBe(0);
  });

  it('is rejected by an abort although the transport never takes it, behind one that was taken', async () => {
    let writes = 0;
    const transport = new Duplex({
      read() {},
      // The answer of the opening handshake and the first message.
      write: (_chunk, _encoding, done) => void (writes++ < 2 && done()),
    });
    const connection = await WebSocketConnection.accept(upgradeRequest(), transport, Buffer.alloc(0), { backend });
    await connection.send('taken');
    const held = connection.send('held');
    await nextTurn();
    connection.abort();
    await expect(held).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_ABORTED' });
  });

  it('is rejected once when the peer resets the connection', async () => {
    await using pair = await openPair(backend);
    pair.socket.pause();
    const sends = await sendUntilHeld(() => pair.client.send(Buffer.alloc(16_000_000)));
    pair.socket.resetAndDestroy();
    // Bytes that the system has accepted count as sent.
    expect((await Promise.allSettled(sends)).at(-1)).toMatchObject({ status: 'rejected' });
    expect(await pair.client.closed).toEqual({ code: 1006, reason: '', wasClean: false });
    expect(pair.client.bufferedAmount).toBe(0);
  });

  it('is rejected if its type cannot be sent, and nothing of it is sent', async () => {
    await using pair = await openPair(backend);
    for (const message of [undefined, null, 5, true, Symbol('s'), {}, () => {}]) {
      await expect(pair.client.send(message as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    }
    await expect(pair.client.send([5 as never])).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    await pair.client.send('after');
    expect(await pair.server.receive()).toBe('after');
    expect(pair.client.statistics.messagesSent).toBe(1);
  });

  it('fails the connection when its fragments mix text and bytes', async () => {
    await using pair = await openPair(backend);
    await expect(pair.client.send(['text', Buffer.from('bytes')])).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
    });
    expect((await pair.server.closed).code).toBe(1011);
  });

  it('asks for no further fragment when its signal aborts, and releases the source', async () => {
    await using pair = await openPair(backend);
    const controller = new AbortController();
    let isReturned = false;
    async function* fragments() {
      try {
        yield 'begun';
        controller.abort('no patience');
        yield 'not asked for';
        throw new Error('asked for too much');
      } finally {
        isReturned = true;
      }
    }
    const sent = pair.client.send(fragments(), { signal: controller.signal });
    await expect(sent).rejects.toMatchObject({ name: 'AbortError', cause: 'no patience' });
    expect((await pair.server.closed).code).toBe(1011);
    expect(isReturned).toBe(true);
  });

  it('is rejected with an aborted signal before it is used', async () => {
    await using pair = await openPair(backend);
    const signal = AbortSignal.abort('before');
    const waits = [pair.client.send('x', { signal }), pair.client.ping({ signal }), pair.client.receive({ signal })];
    for (const wait of waits) await expect(wait).rejects.toMatchObject({ name: 'AbortError', cause: 'before' });
    expect(pair.client.statistics).toMatchObject({ messagesSent: 0, wireBytesSent: 0 });
  });

  it.each([
    ['a DataView', new DataView(Uint8Array.of(0, 1, 2, 3).buffer, 1, 2), '0102'],
    ['an ArrayBuffer', Uint8Array.of(1, 2).buffer, '0102'],
    ['a SharedArrayBuffer', new SharedArrayBuffer(2), '0000'],
    ['16-bit numbers', Uint16Array.of(0x0201), '0102'],
    ['no fragment at all', [], ''],
    ['one empty fragment', [Buffer.alloc(0)], ''],
  ])('may be %s, now or behind another message', async (_, bytes, hex) => {
    await using pair = await openPair(backend);
    await pair.client.send(bytes);
    const { fragments, release } = heldBack('before');
    const later = [pair.client.send(fragments), pair.client.send(bytes)];
    release();
    await Promise.all(later);
    const received = [await pair.server.receive(), await pair.server.receive(), await pair.server.receive()];
    expect(received.map((message) => Buffer.from(message as string).toString('hex'))).toEqual([
      hex,
      Buffer.from('before').toString('hex'),
      hex,
    ]);
    // Parts are not messages.
    expect(pair.client.statistics.messagesSent).toBe(3);
  });

  it('may be followed by any number of pongs that the socket accepts', async () => {
    await using pair = await openPair(backend, { server: { limits: { pendingPongs: 1 } } });
    for (let i = 0; i < 3; i++) await pair.client.ping();
    expect(pair.server.statistics.pingsAnswered).toBe(3);
    expect(pair.server.state).toBe('open');
  });

  it('may not be followed by more pongs than the socket accepts', async () => {
    const sockets: Socket[] = [];
    await using pair = await openPair(backend, {
      server: { limits: { pendingPongs: 10 } },
      client: { createConnection: keepSocket(sockets) as never },
    });
    // The client reads nothing, so the server's pongs stay queued.
    sockets[0]?.pause();
    await sendUntilHeld(() => pair.server.send(Buffer.alloc(16_000_000)));
    const failed = next(pair.server, 'error');
    for (let i = 0; i < 20; i++) pair.client.ping().catch(() => {});
    expect((await failed)[0]).toMatchObject({
      code: 'ERR_WEBSOCKET_LIMIT',
      message: expect.stringContaining('too many pings'),
    });
  });
});

/** Returns a client's request as node:http passes it to `upgrade`. */
function upgradeRequest(): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.method = 'GET';
  request.rawHeaders.push('Host', 'x', 'Upgrade', 'websocket', 'Connection', 'Upgrade');
  request.rawHeaders.push('Sec-WebSocket-Version', '13', 'Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==');
  return request;
}

function keepSocket(sockets: Socket[]) {
  return (options: NetConnectOpts) => {
    const socket = connect(options);
    sockets.push(socket);
    return socket;
  };
}
