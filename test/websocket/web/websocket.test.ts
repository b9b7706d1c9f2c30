import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedPort } from '../../../lib/parity/http-server.ts';
import type { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { WebSocketServer } from '../../../lib/websocket/server/websocket-server.ts';
import { CloseEvent } from '../../../lib/websocket/web/events.ts';
import { WebSocket } from '../../../lib/websocket/web/websocket.ts';
import { availableBackends } from '../../helpers/backends.ts';

let server: WebSocketServer;
let url: string;

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, subprotocols: ['chat'] });
  server.on('connection', (connection) => {
    connection.on('message', (message) => {
      if (typeof message === 'string' && message.startsWith('close ')) {
        const [, code, reason] = message.split(' ');
        void connection.close(Number(code), reason);
      } else {
        void connection.send(message);
      }
    });
  });
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => server.close());

function event<T extends Event = Event>(target: EventTarget, type: string): Promise<T> {
  return new Promise((resolve) => target.addEventListener(type, (it) => resolve(it as T), { once: true }));
}

/** The names of the events until the end. */
function eventsOf(socket: WebSocket): Promise<string[]> {
  const names: string[] = [];
  for (const name of ['open', 'message', 'error', 'close']) socket.addEventListener(name, () => names.push(name));
  return event(socket, 'close').then(() => names);
}

describe.each(availableBackends)('WebSocket on %s', (backend) => {
  const open = async (protocols: string[] = []) => {
    const socket = new WebSocket(url, { backend, protocols });
    await event(socket, 'open');
    return socket;
  };

  it('opens, emits open, and closes cleanly', async () => {
    const socket = new WebSocket(url, { backend });
    expect([socket.readyState, socket.url, socket.protocol, socket.extensions]).toEqual([0, url, '', '']);
    const events = eventsOf(socket);
    await event(socket, 'open');
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.close(3001, 'bye');
    expect(socket.readyState).toBe(socket.CLOSING);
    const closed = await event<CloseEvent>(socket, 'close');
    expect(closed).toMatchObject({ code: 3001, reason: '', wasClean: true });
    expect(await events).toEqual(['open', 'close']);
    expect(socket.readyState).toBe(WebSocket.CLOSED);
  });

  it('reports the code and reason of the other side', async () => {
    const socket = await open();
    socket.send('close 4000 reason');
    expect(await event<CloseEvent>(socket, 'close')).toMatchObject({ code: 4000, reason: 'reason', wasClean: true });
  });

  it('delivers text, blobs and array buffers', async () => {
    const socket = await open();
    socket.send('text');
    const message = await event<MessageEvent>(socket, 'message');
    expect([message.data, message.origin]).toEqual(['text', new URL(url).origin]);
    expect(socket.binaryType).toBe('blob');
    socket.send(new Uint8Array([1, 2, 3]).subarray(1));
    const { data: blob } = await event<Event & { data: Blob }>(socket, 'message');
    expect([...new Uint8Array(await blob.arrayBuffer())]).toEqual([2, 3]);
    socket.binaryType = 'arraybuffer';
    socket.binaryType = 'nonsense' as never;
    socket.send(new Blob(['abc']));
    const { data: buffer } = await event<Event & { data: ArrayBuffer }>(socket, 'message');
    expect(Buffer.from(buffer).toString()).toBe('abc');
    socket.send(new Uint16Array([0x4142]).buffer);
    expect((await event<Event & { data: ArrayBuffer }>(socket, 'message')).data.byteLength).toBe(2);
    socket.close();
  });

  it('keeps the order of a Blob and what follows', async () => {
    const socket = await open();
    const received: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      socket.onmessage = async ({ data }) => {
        received.push(typeof data === 'string' ? data : 'blob');
        if (received.length === 3) resolve();
      };
    });
    socket.send('1');
    socket.send(new Blob(['2']));
    socket.send('3');
    await all;
    expect(received).toEqual(['1', 'blob', '3']);
    socket.close();
  });

  it('counts unsent bytes, and keeps counting after it is closed', async () => {
    const socket = await open();
    socket.send('é');
    expect(socket.bufferedAmount).toBe(2);
    await event(socket, 'message');
    expect(socket.bufferedAmount).toBe(0);
    socket.close();
    await event(socket, 'close');
    socket.send('lost');
    expect(socket.bufferedAmount).toBe(4);
  });

  it('negotiates a sub-protocol', async () => {
    const socket = await open(['log', 'chat']);
    expect(socket.protocol).toBe('chat');
    socket.close();
  });

  it('close while connecting: error and close with 1006', async () => {
    const socket = new WebSocket(url, { backend });
    const events = eventsOf(socket);
    socket.close();
    expect(socket.readyState).toBe(WebSocket.CLOSING);
    expect(await event<CloseEvent>(socket, 'close')).toMatchObject({ code: 1006, wasClean: false });
    expect(await events).toEqual(['error', 'close']);
  });

  it('fails to connect: error and close with 1006', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${await closedPort()}/`, { backend });
    const closed = event<CloseEvent>(socket, 'close');
    const failed = await event<Event & { error: Error; message: string }>(socket, 'error');
    const isTunnel = process.env.WINWIRE_THROUGH_TUNNEL !== undefined;
    expect(failed.error).toMatchObject({ code: isTunnel ? 'ERR_WINWIRE_PROXY_REFUSED' : 'ECONNREFUSED' });
    expect(failed.message).toContain(isTunnel ? 'it answered 502' : 'ECONNREFUSED');
    expect((await closed).code).toBe(1006);
  });

  it('fails when the transport is cut', async () => {
    const accepted = once(server, 'connection') as Promise<[WebSocketConnection]>;
    const socket = await open();
    const events = eventsOf(socket);
    (await accepted)[0].abort();
    expect(await events).toEqual(['error', 'close']);
  });
});

describe('WebSocket', () => {
  it.each([['no URL'], ['ftp://example.org'], ['ws://example.org/#fragment'], ['ws://example.org/#'], ['/relative']])(
    'rejects the URL %s',
    (bad) => {
      expect(() => new WebSocket(bad)).toThrowError(expect.objectContaining({ name: 'SyntaxError' }));
    },
  );

  it.each([[['a', 'A']], [['']], [['a b']], ['a,b'], [['ä']]])('rejects the sub-protocols %j', (protocols) => {
    expect(() => new WebSocket('ws://127.0.0.1:1', protocols)).toThrowError(
      expect.objectContaining({ name: 'SyntaxError' }),
    );
  });

  it('accepts http and https as ws and wss', () => {
    const socket = new WebSocket(url.replace('ws:', 'http:'));
    expect(socket.url).toBe(url);
    socket.close();
  });

  it('throws from send before it is open, and without an argument', () => {
    const socket = new WebSocket(url);
    expect(() => socket.send('x')).toThrowError(expect.objectContaining({ name: 'InvalidStateError' }));
    expect(() => (socket.send as () => void)()).toThrow(TypeError);
    socket.close();
  });

  it.each([[0], [999], [1001], [1005], [2999], [5000]])('rejects the close code %i', (code) => {
    const socket = new WebSocket(url);
    expect(() => socket.close(code)).toThrowError(expect.objectContaining({ name: 'InvalidAccessError' }));
    expect(socket.readyState).toBe(WebSocket.CONNECTING);
    socket.close();
  });

  it('rejects a close reason of 124 bytes', () => {
    const socket = new WebSocket(url);
    expect(() => socket.close(1000, 'é'.repeat(62))).toThrowError(expect.objectContaining({ name: 'SyntaxError' }));
    socket.close(1000, 'é'.repeat(61));
  });

  it('replaces and removes handlers', async () => {
    const socket = new WebSocket(url);
    const calls: string[] = [];
    socket.onopen = () => calls.push('first');
    socket.onopen = () => calls.push('second');
    expect(socket.onopen).toBeTypeOf('function');
    await event(socket, 'open');
    expect(calls).toEqual(['second']);
    socket.onmessage = () => calls.push('message');
    socket.onmessage = null;
    expect(socket.onmessage).toBeNull();
    socket.send('x');
    await event(socket, 'message');
    expect(calls).toEqual(['second']);
    socket.close();
  });

  it('has the constants on class and instance', () => {
    const socket = new WebSocket(url);
    for (const [name, value] of Object.entries({ CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 })) {
      expect([socket, WebSocket].map((it) => it[name as 'OPEN'])).toEqual([value, value]);
    }
    socket.close();
  });

  it('creates close events as the constructor of the DOM does', () => {
    expect(new CloseEvent('close')).toMatchObject({ code: 0, reason: '', wasClean: false, type: 'close' });
  });
});
