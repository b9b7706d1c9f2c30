import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket as Peer, WebSocketServer } from 'ws';
import type { CloseEvent } from '../../../lib/websocket/web/events.ts';
import { WebSocket } from '../../../lib/websocket/web/websocket.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';

interface End {
  readonly types: readonly string[];
  readonly states: readonly number[];
  readonly close: CloseEvent;
  readonly error: unknown;
}

/** Resolves with the close event: the types of all events, the state at each, and the error. */
function end(socket: WebSocket): Promise<End> {
  const types: string[] = [];
  const states: number[] = [];
  let error: unknown;
  return new Promise((resolve) => {
    for (const type of ['open', 'error', 'close']) {
      socket.addEventListener(type, (event) => {
        types.push(type);
        states.push(socket.readyState);
        if (type === 'error') error = (event as Event & { error: unknown }).error;
        if (type === 'close') resolve({ types, states, close: event as CloseEvent, error });
      });
    }
  });
}

describe.each(availableBackends)(
  'the end of a WebSocket on %s (WebSockets, "Feedback from the protocol")',
  (backend) => {
    let server: WebSocketServer;
    let url: string;

    beforeEach(async () => {
      server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => false });
      await once(server, 'listening');
      url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    });
    afterEach(() => {
      for (const peer of server.clients) peer.terminate();
      server.close();
    });

    /** Returns an open socket, and its peer. */
    async function open(options = {}): Promise<[WebSocket, Peer]> {
      const connected = once(server, 'connection') as Promise<[Peer]>;
      const socket = new WebSocket(url, { backend, ...options });
      await once(socket, 'open');
      return [socket, (await connected)[0]];
    }

    it('close() gives up an upgrade that the server never answers', async () => {
      const silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const arrived = once(silent, 'connection') as Promise<[Socket]>;
      const socket = new WebSocket(`ws://127.0.0.1:${(silent.address() as AddressInfo).port}/`, { backend });
      const ended = end(socket);
      const [peer] = await arrived;
      const left = once(peer.resume(), 'close');
      socket.close();
      expect(socket.readyState).toBe(WebSocket.CLOSING);
      expect(await ended).toMatchObject({ types: ['error', 'close'], close: { code: 1006, wasClean: false } });
      await left;
      silent.close();
    });

    it.each([
      { args: [], code: 1005, reason: '' },
      { args: [undefined], code: 1005, reason: '' },
      { args: [1000], code: 1000, reason: '' },
      { args: [4999, 'é\uD800'], code: 4999, reason: 'é\uFFFD' },
      { args: [undefined, 'why'], code: 1000, reason: 'why' },
    ])('close($args) reaches the peer with $code', async ({ args, code, reason }) => {
      const [socket, peer] = await open();
      const ended = end(socket);
      const closed = once(peer, 'close') as Promise<[number, Buffer]>;
      expect(socket.close(...(args as [number?, string?]))).toBeUndefined();
      expect(socket.readyState).toBe(WebSocket.CLOSING);
      const [seen, text] = await closed;
      expect([seen, text.toString()]).toEqual([code, reason]);
      expect(await ended).toMatchObject({
        types: ['close'],
        states: [WebSocket.CLOSED],
        close: { wasClean: true, code },
      });
    });

    it('a close by the peer without a code is 1005, and clean', async () => {
      const [socket, peer] = await open();
      const ended = end(socket);
      peer.close();
      expect(await ended).toMatchObject({ types: ['close'], close: { code: 1005, reason: '', wasClean: true } });
    });

    it('a lost connection is 1006: error, then close, both in the state CLOSED', async () => {
      const [socket, peer] = await open();
      const ended = end(socket);
      peer.terminate();
      const { types, states, close } = await ended;
      expect(types).toEqual(['error', 'close']);
      expect(states).toEqual([WebSocket.CLOSED, WebSocket.CLOSED]);
      expect(close).toMatchObject({ code: 1006, reason: '', wasClean: false });
    });

    it('close() sends a Blob that was sent before it', async () => {
      const [socket, peer] = await open();
      const received = once(peer, 'message') as Promise<[Buffer]>;
      socket.send(new Blob(['only']));
      socket.close();
      expect(String((await received)[0])).toBe('only');
    });

    it('close() sends what was sent before it, even if a Blob has to be read first', async () => {
      const [socket, peer] = await open();
      const received: number[] = [];
      peer.on('message', (data: Buffer) => received.push(data.length));
      const ended = end(socket);
      socket.send(new Blob(['b'.repeat(100_000)]));
      // Each of these waits for the previous one.
      socket.send('text');
      socket.send(new Uint8Array(3));
      socket.close(1000);
      expect(socket.bufferedAmount).toBe(100_007);
      expect((await ended).close).toMatchObject({ code: 1000, wasClean: true });
      expect(received).toEqual([100_000, 4, 3]);
      expect(socket.bufferedAmount).toBe(0);
    });

    it('dispatches no message that arrives after close()', async () => {
      const [socket, peer] = await open();
      const received: unknown[] = [];
      socket.onmessage = ({ data }) => {
        received.push(data);
        if (data === 'first') socket.close();
      };
      const ended = end(socket);
      for (const text of ['first', 'second', 'third']) peer.send(text);
      await ended;
      expect(received).toEqual(['first']);
    });

    it('send() after close() sends nothing, and is counted', async () => {
      const [socket, peer] = await open();
      const received: unknown[] = [];
      peer.on('message', (data) => received.push(data));
      const ended = end(socket);
      socket.close();
      socket.send('é');
      socket.send(new Blob(['abc']));
      await ended;
      socket.send(new Uint8Array(4));
      expect(socket.bufferedAmount).toBe(2 + 3 + 4);
      expect(received).toEqual([]);
    });

    it('a full buffer closes the connection after the queued messages, with an error', async () => {
      const [socket, peer] = await open({ limits: { queuedSends: 1024 } });
      const received: string[] = [];
      peer.on('message', (data: Buffer) => received.push(String(data)));
      const ended = end(socket);
      const messages = Array.from({ length: 1030 }, (_, index) => `${index}`);
      for (const text of messages) socket.send(text);
      const { types, states, close, error } = await ended;
      expect(types).toEqual(['error', 'close']);
      expect(states).toEqual([WebSocket.CLOSED, WebSocket.CLOSED]);
      expect(error).toMatchObject({ code: 'ERR_WEBSOCKET_QUEUE_FULL' });
      expect(close).toMatchObject({ code: 1011 });
      expect(received).toEqual(messages.slice(0, 1024));
      expect(socket.bufferedAmount).toBe(messages.slice(1024).join('').length);
    });

    it('an unreadable Blob fails the connection', async () => {
      const folder = makeFolder('blob');
      const file = join(folder, 'data');
      await writeFile(file, 'before');
      const blob = await openAsBlob(file);
      await writeFile(file, 'another content');
      const [socket] = await open();
      const ended = end(socket);
      socket.send(blob);
      const { types, error } = await ended;
      removeFolder(folder);
      expect(types).toEqual(['error', 'close']);
      expect(error).toMatchObject({ name: 'NotReadableError' });
    });

    it('close() between the end of the handshake and the open event still ends', async () => {
      const socket = new WebSocket(url, { backend });
      const ended = end(socket);
      const opened = channel('winwire:websocket:open');
      const close = () => socket.close();
      opened.subscribe(close);
      const { types, close: event } = await ended;
      opened.unsubscribe(close);
      expect(types).toEqual(['error', 'close']);
      expect(event).toMatchObject({ code: 1006, wasClean: false });
    });

    it('close() while connecting emits nothing before it returns, then one event', async () => {
      const socket = new WebSocket(url, { backend });
      let told = 0;
      socket.onclose = () => told++;
      socket.close();
      socket.close();
      // The events are a task: they follow every microtask.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      expect([told, socket.readyState]).toEqual([0, WebSocket.CLOSING]);
      const { types, close } = await end(socket);
      expect([types, told]).toEqual([['error', 'close'], 1]);
      expect(close).toMatchObject({ code: 1006, wasClean: false });
      socket.close();
      expect(socket.readyState).toBe(WebSocket.CLOSED);
    });

    it('a server that selects none of the sub-protocols fails the connection', async () => {
      const socket = new WebSocket(url, { backend, protocols: ['chat'] });
      expect(await end(socket)).toMatchObject({ types: ['error', 'close'], close: { code: 1006, wasClean: false } });
      expect(socket.protocol).toBe('');
    });

    it('an invalid answer to the handshake fails the connection', async () => {
      const raw = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')).listen(
        0,
        '127.0.0.1',
      );
      await once(raw, 'listening');
      const socket = new WebSocket(`ws://127.0.0.1:${(raw.address() as AddressInfo).port}/`, { backend });
      const { types, error } = await end(socket);
      raw.close();
      expect(types).toEqual(['error', 'close']);
      expect(error).toMatchObject({ code: 'ERR_WEBSOCKET_HANDSHAKE' });
    });

    it('a blocked port fails the connection without connecting (Fetch, "Port blocking")', async () => {
      const socket = new WebSocket('ws://127.0.0.1:6667/', { backend });
      const { types, close, error } = await end(socket);
      expect(types).toEqual(['error', 'close']);
      expect(error).toMatchObject({ name: 'SecurityError', message: expect.stringContaining('6667') });
      expect(close).toMatchObject({ code: 1006, wasClean: false });
    });

    it('sends no Origin and no Referer, and the credentials of the URL', async () => {
      const request = new Promise<import('node:http').IncomingMessage>((resolve) => {
        server.once('connection', (_, it) => resolve(it));
      });
      const socket = new WebSocket(url.replace('//', '//user:secret@'), { backend });
      const { headers } = await request;
      const ended = end(socket);
      socket.close();
      await ended;
      expect(headers).not.toHaveProperty('origin');
      expect(headers).not.toHaveProperty('referer');
      expect(headers.authorization).toBe(`Basic ${Buffer.from('user:secret').toString('base64')}`);
    });
  },
);
