// Events run in the async context that created their object, whatever socket, pool or thread they come from.
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WinHttpRequest } from '../../lib/index.ts';
import { closedPort } from '../../lib/parity/http-server.ts';
import { WebSocketConnection } from '../../lib/websocket/connection/websocket-connection.ts';
import { WebSocketServer } from '../../lib/websocket/server/websocket-server.ts';
import { WebSocket } from '../../lib/websocket/web/websocket.ts';
import { availableBackends, requestBackends } from '../helpers/backends.ts';
import { HttpServer } from '../helpers/http-server.ts';

const context = new AsyncLocalStorage<string>();

/** Records the store of each of these events. */
function recordStores(emitter: NodeJS.EventEmitter, ...events: string[]): string[] {
  const stores: string[] = [];
  for (const event of events) emitter.on(event, () => stores.push(`${event} in ${context.getStore()}`));
  return stores;
}

/** Resolves after the next ticks. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

const servers: WebSocketServer[] = [];

/** Starts an echo server in the context `server`; its http server listens in the context `listen`. */
async function startServer(backend: (typeof availableBackends)[number]) {
  const http = createServer();
  const server = context.run('server', () => new WebSocketServer({ server: http, backend }));
  context.run('listen', () => http.listen(0, '127.0.0.1'));
  await once(http, 'listening');
  server.on('close', () => http.close());
  servers.push(server);
  return { server, url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/` };
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

describe.each(availableBackends)('AsyncLocalStorage on %s', (backend) => {
  it('keeps the context of connect and accept in every event of a connection', async () => {
    const { server, url } = await startServer(backend);
    const accepted = once(server, 'connection') as Promise<[WebSocketConnection]>;
    const client = await context.run('connect', () => WebSocketConnection.connect(url, { backend }));
    const [connection] = await accepted;
    const ofClient = context.run('listener', () => recordStores(client, 'message', 'pong', 'closing', 'close'));
    const ofServer = context.run('listener', () => recordStores(connection, 'message', 'pong', 'closing', 'close'));
    await context.run('sender', async () => {
      await client.send('to the server');
      await connection.send('to the client');
      await client.ping();
      await connection.ping();
      await client.close();
    });
    await connection.closed;
    await nextTurn();

    expect(ofClient).toEqual(['message', 'pong', 'closing', 'close'].map((event) => `${event} in connect`));
    expect(ofServer).toEqual(['message', 'pong', 'closing', 'close'].map((event) => `${event} in server`));
  });

  it('keeps it for messages that waited for a listener', async () => {
    const { server, url } = await startServer(backend);
    const accepted = once(server, 'connection') as Promise<[WebSocketConnection]>;
    const client = await WebSocketConnection.connect(url, { backend });
    const [connection] = await accepted;
    await client.send('early');
    await client.ping();
    expect(connection.statistics.messagesReceived).toBe(1);
    const heard = new Promise((resolve) => {
      context.run('listener', () => connection.on('message', () => resolve(context.getStore())));
    });
    expect(await heard).toBe('server');
  });

  it('keeps it for an end that other code causes', async () => {
    const { url } = await startServer(backend);
    const client = await context.run('connect', () => WebSocketConnection.connect(url, { backend }));
    const stores = recordStores(client, 'error', 'close');
    context.run('aborter', () => client.abort());
    await client.closed;
    await nextTurn();
    expect(stores).toEqual(['error in connect', 'close in connect']);
  });

  it('keeps the context of the server for its events, and of the caller of handleUpgrade for that connection', async () => {
    const http = createServer();
    const server = context.run('server', () => new WebSocketServer({ noServer: true, backend }));
    const stores = recordStores(server, 'connection', 'close');
    http.on('upgrade', (request, socket, head) => {
      context.run('request', () => void server.handleUpgrade(request, socket, head));
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const accepted = once(server, 'connection') as Promise<[WebSocketConnection]>;
    const client = await WebSocketConnection.connect(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/`, {
      backend,
    });
    const [connection] = await accepted;
    const ofConnection = recordStores(connection, 'message');
    await client.send('hello');
    await once(connection, 'message');
    await context.run('closer', () => server.close());
    http.close();

    expect(stores).toEqual(['connection in request', 'close in server']);
    expect(ofConnection).toEqual(['message in request']);
  });

  it('keeps the context of the constructor in every event of a WebSocket', async () => {
    const { server, url } = await startServer(backend);
    server.on('connection', (connection) => {
      connection.on('message', (message) => void connection.send(message));
    });
    const socket = context.run('constructor', () => new WebSocket(url, { backend }));
    const stores: string[] = [];
    const ended = new Promise((resolve) => socket.addEventListener('close', resolve));
    for (const type of ['open', 'message', 'close']) {
      socket.addEventListener(type, () => stores.push(`${type} in ${context.getStore()}`));
    }
    socket.onopen = () => context.run('sender', () => socket.send('hello'));
    socket.onmessage = () => context.run('closer', () => socket.close());
    await ended;
    expect(stores).toEqual(['open', 'message', 'close'].map((type) => `${type} in constructor`));
  });

  it('keeps it if an agent gives both connections the same kind of socket', async () => {
    const { url } = await startServer(backend);
    const clients = await Promise.all(
      ['first', 'second'].map((name) => context.run(name, () => WebSocketConnection.connect(url, { backend }))),
    );
    const stores = clients.map((client) => recordStores(client, 'pong', 'close'));
    await Promise.all(clients.map((client) => client.ping()));
    await Promise.all(clients.map((client) => client.close()));
    await nextTurn();
    expect(stores).toEqual([
      ['pong in first', 'close in first'],
      ['pong in second', 'close in second'],
    ]);
  });
});

describe.each(requestBackends)('AsyncLocalStorage and WinHttpRequest on %s', (backend) => {
  const events = ['responseStart', 'responseDataAvailable', 'responseFinished'];

  it('keeps the context of each send in its events, over a connection that another send has opened', async () => {
    await using server = await HttpServer.start();
    const request = await context.run('create', () => WinHttpRequest.create({ backend }));
    const stores = context.run('listener', () => recordStores(request, ...events));
    for (const name of ['first', 'second']) {
      await context.run('open', () => request.open('GET', server.url('/')));
      await context.run(name, () => request.send());
    }
    await request[Symbol.asyncDispose]();
    expect(stores).toEqual(['first', 'second'].flatMap((name) => events.map((event) => `${event} in ${name}`)));
    if (backend === 'portable') expect(server.connections).toBe(1);
  });

  it('keeps it for concurrent requests in promises and events', async () => {
    await using server = await HttpServer.start();
    const names = Array.from({ length: 20 }, (_, i) => `request ${i}`);
    const seen = await Promise.all(
      names.map((name) =>
        context.run(name, async () => {
          await using request = await WinHttpRequest.create({ backend });
          const stores = recordStores(request, 'responseFinished');
          await request.open('GET', server.url(`/?${encodeURIComponent(name)}`));
          await request.send();
          return [...stores, context.getStore()];
        }),
      ),
    );
    expect(seen).toEqual(names.map((name) => [`responseFinished in ${name}`, name]));
  });

  it('keeps it in an error event', async () => {
    const request = await WinHttpRequest.create({ backend });
    const stores = recordStores(request, 'error');
    await request.open('GET', `http://127.0.0.1:${await closedPort()}/`);
    const sent = context.run('send', () => request.send());
    await sent.catch(() => {});
    await request[Symbol.asyncDispose]();
    expect(stores).toEqual(['error in send']);
  });

  it('keeps it in the callbacks of a whole request', async () => {
    await using server = await HttpServer.start();
    const stores = new Set<unknown>();
    const onDownloadProgress = () => stores.add(context.getStore());
    const response = context.run('request', () => {
      return WinHttpRequest.request(server.url('/large?size=100000'), { backend, onDownloadProgress });
    });
    expect((await response).body.length).toBe(100_000);
    expect([...stores]).toEqual(['request']);
  });
});
