import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { availableBackends } from '../../helpers/backends.ts';
import { next, openPair } from './pair.ts';

const KIB = 1024;

describe.each(availableBackends)('WebSocketConnection on %s', (backend) => {
  it('carries text as strings and binary as Buffers, in order', async () => {
    await using pair = await openPair(backend);
    const sent = ['', 'Hello', 'Grüße, мир, 漢字, 𝄞', Buffer.alloc(0), Buffer.from([0, 255, 128])];
    for (const message of sent) void pair.client.send(message);
    for (const message of sent) expect(await pair.server.receive()).toEqual(message);
  });

  it.each([1, 125, 126, 16 * KIB, 16 * KIB + 1, 65_535, 65_536, 1024 * KIB])(
    'carries %i bytes both ways unchanged',
    async (size) => {
      await using pair = await openPair(backend);
      const bytes = Buffer.alloc(size, 'abcdefg\u00ff');
      await pair.client.send(bytes);
      const received = (await pair.server.receive()) as Buffer;
      expect(received.equals(bytes)).toBe(true);
      await pair.server.send(received);
      expect(bytes.equals((await pair.client.receive()) as Buffer)).toBe(true);
    },
  );

  it('distinguishes large messages, small ones and pongs between them', async () => {
    await using pair = await openPair(backend);
    const sizes = [1000 * KIB, 3, 1000 * KIB, 70 * KIB, 0, 999 * KIB, 2048 * KIB, 64 * KIB, 1];
    const sent = sizes.map((size, i) => Buffer.alloc(size, i + 1));
    const pongs = sent.map((message) => {
      void pair.client.send(message);
      return pair.server.ping();
    });
    const received: Buffer[] = [];
    for (const _ of sent) received.push((await pair.server.receive()) as Buffer);
    expect(received.map((message, i) => message.equals(sent[i] as Buffer))).toEqual(sent.map(() => true));
    await Promise.all(pongs);
  });

  it('copies bytes before send returns', async () => {
    await using pair = await openPair(backend);
    const bytes = Buffer.from('before');
    const sent = pair.client.send(bytes);
    bytes.write('after!');
    await sent;
    expect(String(await pair.server.receive())).toBe('before');
  });

  it('does not change a received Buffer when more arrives', async () => {
    await using pair = await openPair(backend);
    const sent = Array.from({ length: 2000 }, (_, i) => Buffer.alloc(1 + (i % 50), i));
    for (const message of sent) void pair.client.send(message);
    const received: unknown[] = [];
    for (let i = 0; i < sent.length; i++) received.push(await pair.server.receive());
    expect(received).toEqual(sent);
  });

  it('sends an iterable as one message of fragments, and later sends after it', async () => {
    await using pair = await openPair(backend);
    const gate = deferred();
    async function* fragments() {
      yield 'one, ';
      await gate.promise;
      yield 'two';
    }
    const first = pair.client.send(fragments());
    const second = pair.client.send('three');
    gate.resolve(undefined);
    await Promise.all([first, second]);
    expect([await pair.server.receive(), await pair.server.receive()]).toEqual(['one, two', 'three']);
  });

  it('sends a Blob', async () => {
    await using pair = await openPair(backend);
    await pair.client.send(new Blob(['ab', 'cd']));
    expect(String(await pair.server.receive())).toBe('abcd');
  });

  it('fails the connection when an iterable fails during a message', async () => {
    await using pair = await openPair(backend);
    const broken = new Error('broken');
    const sent = pair.client.send(
      (async function* () {
        yield 'begun';
        throw broken;
      })(),
    );
    await expect(sent).rejects.toBe(broken);
    expect(await pair.client.closed).toEqual({ code: 1006, reason: '', wasClean: false });
    expect((await pair.server.closed).code).toBe(1011);
  });

  it('is iterated until it is closed', async () => {
    await using pair = await openPair(backend);
    for (const message of ['a', 'b', 'c']) void pair.client.send(message);
    void pair.client.close(1000);
    const received = [];
    for await (const message of pair.server) received.push(message);
    expect(received).toEqual(['a', 'b', 'c']);
  });

  it('emits messages to listeners, queued ones first', async () => {
    await using pair = await openPair(backend);
    await pair.client.send('waits');
    await pair.client.ping();
    const received: unknown[] = [];
    const both = new Promise<void>((resolve) => {
      pair.server.on('message', (message, isBinary) => {
        received.push([message, isBinary]);
        if (received.length === 2) resolve();
      });
    });
    await pair.client.send(Buffer.from('comes'));
    await both;
    expect(received).toEqual([
      ['waits', false],
      [Buffer.from('comes'), true],
    ]);
  });

  it('answers a ping and resolves with the time of the pong', async () => {
    await using pair = await openPair(backend);
    expect(await pair.client.ping()).toBeGreaterThanOrEqual(0);
    expect(pair.server.statistics.pingsAnswered).toBe(1);
    expect(pair.client.statistics.pongsReceived).toBe(1);
  });

  it.each([
    ['client', 1000, 'done'],
    ['server', 4999, 'grüße'],
    ['client', undefined, undefined],
  ] as const)('closes from the %s with %s %s', async (side, code, reason) => {
    await using pair = await openPair(backend);
    const [closing, other] = side === 'client' ? [pair.client, pair.server] : [pair.server, pair.client];
    const announced = next(other, 'closing');
    const info = await closing.close(code, reason);
    expect(await announced).toEqual([code ?? 1005, reason ?? '']);
    expect(info).toEqual({ code: code ?? 1005, reason: '', wasClean: true });
    expect(await other.closed).toEqual({ code: code ?? 1005, reason: reason ?? '', wasClean: true });
    expect([closing.state, other.state]).toEqual(['closed', 'closed']);
  });

  it('delivers what was sent before a close', async () => {
    await using pair = await openPair(backend);
    const bytes = Buffer.alloc(300 * KIB, 1);
    void pair.client.send(bytes);
    void pair.client.close();
    expect(((await pair.server.receive()) as Buffer).length).toBe(bytes.length);
    expect(await pair.server.receive()).toBeUndefined();
  });

  it('rejects a close code or reason that cannot be sent, and stays open', async () => {
    await using pair = await openPair(backend);
    await expect(pair.client.close(1005)).rejects.toMatchObject({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
    await expect(pair.client.close(1000, 'x'.repeat(124))).rejects.toBeInstanceOf(RangeError);
    await expect(pair.client.close('1000' as never)).rejects.toBeInstanceOf(TypeError);
    expect(pair.client.state).toBe('open');
  });

  it('rejects a send after close', async () => {
    await using pair = await openPair(backend);
    void pair.client.close();
    await expect(pair.client.send('late')).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_CLOSED' });
    await pair.client.closed;
    await expect(pair.client.send('later')).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_CLOSED' });
  });

  it('ends at once by abort: every wait rejects once with the reason as cause', async () => {
    await using pair = await openPair(backend);
    const reason = new Error('enough');
    const waits = [pair.client.receive(), pair.client.ping(), pair.client.send(Buffer.alloc(1024 * KIB))];
    const error = next(pair.client, 'error');
    pair.client.abort(reason);
    for (const wait of waits) {
      await expect(wait).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_ABORTED', cause: reason });
    }
    expect((await error)[0]).toMatchObject({ cause: reason });
    expect(await pair.client.closed).toEqual({ code: 1006, reason: '', wasClean: false });
    expect((await pair.server.closed).code).toBe(1006);
    pair.client.abort();
    await expect(pair.client.receive()).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_ABORTED' });
  });

  it('ends with 1006 when the transport is cut', async () => {
    await using pair = await openPair(backend);
    const waiting = pair.client.receive();
    pair.socket.destroy();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_CONNECTION_LOST' });
    expect((await pair.client.closed).wasClean).toBe(false);
  });

  it('fails with 1002 when the peer violates the protocol', async () => {
    await using pair = await openPair(backend);
    const failed = pair.client.receive();
    pair.socket.write(Buffer.from([0x83, 0]));
    await expect(failed).rejects.toMatchObject({ code: 'E_INVALID_PROTOCOL_FORMAT', syscall: 'WebSocketGetAction' });
    expect((await pair.server.closed).code).toBe(1002);
  });

  const text = Buffer.from('a\u00e9\u6f22\u{1d11e}'.repeat(4));
  it.each([
    ['whole', Buffer.from([0x61, 0xff])],
    ['in fragments', [text, Buffer.from([0xc0, 0xaf])]],
    ['ending inside a character', [text, text.subarray(0, 2)]],
    ['large', Buffer.concat([Buffer.alloc(200_000, text), Buffer.from([0xed, 0xa0, 0x80])])],
  ])('fails with 1007 on text that is not UTF-8: %s', async (_, message) => {
    await using pair = await openPair(backend);
    const failed = pair.server.receive();
    pair.client.send(message, { binary: false }).catch(() => {});
    await expect(failed).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_INVALID_TEXT' });
    expect((await pair.client.closed).code).toBe(1007);
  });

  it('delivers invalid text unchanged when the check is disabled', async () => {
    const properties = [{ type: 4, value: true }];
    await using pair = await openPair(backend, { server: { properties } });
    await pair.client.send(Buffer.from([0x61, 0xff]), { binary: false });
    expect(await pair.server.receive()).toBe('a\ufffd');
  });

  it('assembles characters that fragments split', async () => {
    await using pair = await openPair(backend);
    for (let cut = 0; cut <= text.length; cut++) {
      await pair.client.send([text.subarray(0, cut), text.subarray(cut)], { binary: false });
      expect(await pair.server.receive()).toBe(text.toString());
    }
  });

  it('ends a wait by its signal, and only the wait', async () => {
    await using pair = await openPair(backend);
    const controller = new AbortController();
    const waits = [pair.client.receive({ signal: controller.signal }), pair.client.ping({ signal: controller.signal })];
    controller.abort('no patience');
    for (const wait of waits) await expect(wait).rejects.toMatchObject({ name: 'AbortError', cause: 'no patience' });
    await pair.server.send('still here');
    expect(await pair.client.receive()).toBe('still here');
  });

  it('pauses the transport when messages are not received', async () => {
    await using pair = await openPair(backend, { server: { limits: { receiveHighWaterMark: 64 * KIB } } });
    const bytes = Buffer.alloc(64 * KIB);
    const sends = Array.from({ length: 400 }, () => pair.client.send(bytes));
    const paused = () => pair.socket.isPaused();
    while (!paused()) await once(pair.socket, 'pause');
    expect(pair.server.statistics.messagesReceived).toBeLessThan(400);
    let count = 0;
    for (; count < 400; count++) await pair.server.receive();
    await Promise.all(sends);
    expect(paused()).toBe(false);
  });

  it.each([
    ['a message', { messageSize: 1000 }, 1009, () => Buffer.alloc(1001)],
    ['a text', { messageSize: 1000 }, 1009, () => 'é'.repeat(501)],
    ['a text of fewer UTF-16 units than the limit', { messageSize: 1000 }, 1009, () => '€'.repeat(334)],
    ['a text of surrogate pairs', { messageSize: 1000 }, 1009, () => '😀'.repeat(251)],
  ])('closes when %s exceeds the limit', async (_, limits, status, message) => {
    await using pair = await openPair(backend, { server: { limits } });
    const failed = pair.server.receive();
    pair.client.send(message()).catch(() => {});
    await expect(failed).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_LIMIT' });
    expect((await pair.client.closed).code).toBe(status);
  });

  it.each([
    ['two bytes', 'é'.repeat(500)],
    ['three bytes', `${'€'.repeat(333)}x`],
    ['four bytes', '😀'.repeat(250)],
  ])('accepts a text of exactly the limit in characters of %s', async (_, message) => {
    await using pair = await openPair(backend, { server: { limits: { messageSize: 1000 } } });
    await pair.client.send(message);
    expect(await pair.server.receive()).toBe(message);
  });

  it('closes with 1008 when a message has more frames than the limit', async () => {
    await using pair = await openPair(backend, { server: { limits: { messageParts: 3 } } });
    const failed = pair.server.receive();
    async function* parts() {
      for (;;) yield 'part';
    }
    pair.client.send(parts()).catch(() => {});
    await expect(failed).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_LIMIT' });
    expect((await pair.client.closed).code).toBe(1008);
  });

  it('rejects a send beyond the queue limits', async () => {
    await using pair = await openPair(backend, { client: { limits: { queuedBytes: 1000, queuedSends: 2 } } });
    const first = pair.client.send(Buffer.alloc(1000));
    await expect(pair.client.send('x')).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_QUEUE_FULL' });
    await first;
    const two = [pair.client.send('a'), pair.client.send('b')];
    await expect(pair.client.send('c')).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_QUEUE_FULL' });
    await Promise.all(two);
    expect(pair.client.bufferedAmount).toBe(0);
  });

  it('keeps the other messages when a listener throws', async () => {
    await using pair = await openPair(backend);
    const thrown = new Promise((resolve) => process.once('uncaughtException', resolve));
    const received: unknown[] = [];
    const third = new Promise<void>((resolve) => {
      pair.server.on('message', (message) => {
        received.push(message);
        if (message === '3') resolve();
        if (message === '1') throw new Error('listener');
      });
    });
    for (const message of ['1', '2', '3']) void pair.client.send(message);
    await third;
    expect(received).toEqual(['1', '2', '3']);
    expect(await thrown).toMatchObject({ message: 'listener' });
  });

  it('negotiates a sub-protocol', async () => {
    await using pair = await openPair(backend, {
      client: { subprotocols: ['chat', 'log'] },
      server: { subprotocol: 'log' },
    });
    expect([pair.client.subprotocol, pair.server.subprotocol]).toEqual(['log', 'log']);
  });

  it('closes when it is disposed', async () => {
    await using outer = await openPair(backend);
    {
      await using client = outer.client;
      await client.send('bye');
    }
    expect(await outer.server.closed).toEqual({ code: 1000, reason: '', wasClean: true });
  });

  it('returns the same promise closed every time', async () => {
    await using pair = await openPair(backend);
    const before = pair.client.closed;
    const ended = once(pair.server, 'close');
    await pair.client.close(4000, 'enough');
    expect(pair.client.closed).toBe(before);
    await ended;
    const after = pair.server.closed;
    expect(await before).toMatchObject({ code: 4000, wasClean: true });
    expect(await after).toEqual({ code: 4000, reason: 'enough', wasClean: true });
    expect(pair.server.closed).toBe(after);
  });
});

function deferred(): { promise: Promise<unknown>; resolve: (value: unknown) => void } {
  let resolve!: (value: unknown) => void;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
