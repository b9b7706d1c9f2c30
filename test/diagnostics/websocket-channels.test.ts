import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WinwireError } from '../../lib/errors.ts';
import { ConnectionError } from '../../lib/websocket/connection/connection-errors.ts';
import { WebSocketConnection } from '../../lib/websocket/connection/websocket-connection.ts';
import type {
  WebSocketErrorMessage,
  WebSocketMessageReceivedMessage,
  WebSocketMessageSentMessage,
} from '../../lib/websocket/connection/websocket-messages.ts';
import { availableBackends } from '../helpers/backends.ts';
import { next, openPair } from '../websocket/connection/pair.ts';
import { Subscriptions } from './subscriptions.ts';

describe.each(availableBackends)('channels winwire:websocket on %s', (backend) => {
  it('publish the opening handshakes of both roles, with one object each', async () => {
    using heard = new Subscriptions('websocket:open').trace('websocket:connection');
    await using pair = await openPair(backend, { client: { subprotocols: ['chat'] }, server: { subprotocol: 'chat' } });
    const { client, server } = pair;

    const tracesOf = (role: string) =>
      heard.told.filter(([name, message]) => name.startsWith('websocket:connection') && message.role === role);
    const steps = ['start', 'end', 'asyncStart', 'asyncEnd'].map((step) => `websocket:connection:${step}`);
    for (const [role, connection, url] of [
      ['client', client, expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/$/)],
      ['server', server, '/'],
    ] as const) {
      const traces = tracesOf(role);
      expect(traces.map(([name]) => name)).toEqual(steps);
      expect(new Set(traces.map(([, message]) => message)).size).toBe(1);
      expect(traces[0]?.[1]).toEqual({ role, url, backend, subprotocols: ['chat'], result: connection });
    }
    expect(heard.of('websocket:open').map(({ connection }) => connection)).toEqual(
      expect.arrayContaining([client, server]),
    );
  });

  it('publish sent and received messages', async () => {
    await using pair = await openPair(backend);
    const { client, server } = pair;
    using heard = new Subscriptions('websocket:messageSent', 'websocket:messageReceived');
    await client.send('Grüße');
    await client.send(Buffer.from([1, 2, 3]));
    await client.send(Buffer.from('text'), { binary: false });
    await client.send(['one, ', 'two']);
    const received = [];
    for (let i = 0; i < 4; i++) received.push(await server.receive());

    expect(heard.of<WebSocketMessageSentMessage>('websocket:messageSent')).toEqual([
      { connection: client, data: 'Grüße', isBinary: false, isFinal: true },
      { connection: client, data: Buffer.from([1, 2, 3]), isBinary: true, isFinal: true },
      { connection: client, data: Buffer.from('text'), isBinary: false, isFinal: true },
      { connection: client, data: 'one, ', isBinary: false, isFinal: false },
      { connection: client, data: 'two', isBinary: false, isFinal: false },
      { connection: client, data: '', isBinary: false, isFinal: true },
    ]);
    expect(heard.of<WebSocketMessageReceivedMessage>('websocket:messageReceived')).toEqual(
      received.map((data) => ({ connection: server, data, isBinary: typeof data !== 'string' })),
    );
    expect(received).toEqual(['Grüße', Buffer.from([1, 2, 3]), 'text', 'one, two']);
  });

  it('do not publish a message that send has rejected', async () => {
    await using pair = await openPair(backend, { client: { limits: { queuedSends: 1 } } });
    using heard = new Subscriptions('websocket:messageSent');
    const first = pair.client.send('first');
    await expect(pair.client.send('second')).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_QUEUE_FULL' });
    await first;
    expect(heard.of('websocket:messageSent')).toHaveLength(1);
  });

  it('publish pings and pongs', async () => {
    await using pair = await openPair(backend);
    const { client, server } = pair;
    using heard = new Subscriptions('websocket:pingSent', 'websocket:pingReceived', 'websocket:pongReceived');
    await client.ping();
    expect(heard.told).toEqual([
      ['websocket:pingSent', { connection: client }],
      ['websocket:pingReceived', { connection: server, count: 1 }],
      ['websocket:pongReceived', { connection: client, payload: Buffer.alloc(0) }],
    ]);
  });

  it('publish a close with its code and reason on both sides, and no error', async () => {
    await using pair = await openPair(backend);
    using heard = new Subscriptions('websocket:close', 'websocket:error', 'websocket:abort');
    await pair.client.close(4000, 'enough');
    await pair.server.closed;
    expect(heard.of('websocket:close')).toEqual(
      expect.arrayContaining([
        // The answer to a close repeats only its status.
        { connection: pair.client, code: 4000, reason: '', wasClean: true },
        { connection: pair.server, code: 4000, reason: 'enough', wasClean: true },
      ]),
    );
    expect(heard.told).toHaveLength(2);
  });

  it('publish an abort with its reason on this side, an error on the other', async () => {
    await using pair = await openPair(backend);
    using heard = new Subscriptions('websocket:close', 'websocket:error', 'websocket:abort');
    const reason = new Error('no more');
    pair.client.abort(reason);
    pair.client.abort('again');
    await pair.server.closed;
    expect(heard.of('websocket:abort')).toEqual([{ connection: pair.client, reason }]);
    const [failure] = heard.of<WebSocketErrorMessage>('websocket:error');
    expect(failure).toMatchObject({ connection: pair.server, url: undefined });
    expect(failure?.error).toMatchObject({ code: 'ERR_WEBSOCKET_CONNECTION_LOST' });
    expect(heard.of('websocket:close').map(({ code }) => code)).toEqual([1006, 1006]);
  });

  it('publish an error of the peer', async () => {
    await using pair = await openPair(backend);
    using heard = new Subscriptions('websocket:error');
    // A server's frame with a reserved bit.
    pair.socket.write(Buffer.from([0xc2, 0x00]));
    await pair.client.closed;
    expect(heard.of<WebSocketErrorMessage>('websocket:error')[0]?.error).toBeInstanceOf(WinwireError);
  });

  it('publish a failed handshake', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
    server.listen(0, '127.0.0.1');
    await next(server, 'listening');
    const { port } = server.address() as { port: number };
    using heard = new Subscriptions('websocket:error', 'websocket:open').trace('websocket:connection');
    const url = `ws://127.0.0.1:${port}/missing`;
    const error: unknown = await WebSocketConnection.connect(url, { backend }).catch((reason) => reason);
    server.close();

    expect(error).toBeInstanceOf(ConnectionError);
    expect(heard.told.map(([name]) => name)).toEqual([
      'websocket:connection:start',
      'websocket:connection:end',
      'websocket:connection:error',
      'websocket:connection:asyncStart',
      'websocket:connection:asyncEnd',
      'websocket:error',
    ]);
    expect(heard.of('websocket:connection:error')).toEqual([{ role: 'client', url, backend, subprotocols: [], error }]);
    expect(heard.of('websocket:error')).toEqual([{ connection: undefined, url, error }]);
  });

  it('tolerate a subscriber that throws', async () => {
    const thrown: unknown[] = [];
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => thrown.push(error));
    try {
      await using pair = await openPair(backend);
      using _ = new Subscriptions().on('websocket:messageReceived', () => {
        throw new Error('a subscriber');
      });
      await pair.client.send('first');
      await pair.client.send('second');
      expect([await pair.server.receive(), await pair.server.receive()]).toEqual(['first', 'second']);
      expect(thrown.map(String)).toEqual(['Error: a subscriber', 'Error: a subscriber']);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of before) process.on('uncaughtException', listener);
    }
  });
});
