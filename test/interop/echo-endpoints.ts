// The endpoints for raw peers. Each echoes every message: the echo server of the examples, on the 13 functions; a
// WebSocketServer; and a client, directly and through a proxy, whose server the raw peer is.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createEchoServer } from '../../examples/echo-server.ts';
import type { HandleOptions } from '../../examples/lib/handshake.ts';
import type { BackendName } from '../../lib/backend.ts';
import { createForwarder } from '../../lib/forwarder/create-forwarder.ts';
import { WebSocketConnection } from '../../lib/websocket/connection/websocket-connection.ts';
import { backendsForLongWork } from '../helpers/backends.ts';
import { startEchoService } from './echo-service.ts';
import { RawPeer } from './raw-peer.ts';

export interface EchoEndpoint {
  name: string;
  backend: BackendName;
  /** The role of the endpoint, not of the raw peer. */
  role: 'client' | 'server';
  start: () => Promise<RunningEndpoint>;
}

/** A running endpoint to which raw peers connect. */
export interface RunningEndpoint extends AsyncDisposable {
  open: () => Promise<RawPeer>;
}

const portOf = (server: { address: () => unknown }) => (server.address() as AddressInfo).port;

/** The example on the 13 functions. */
const onFunctions = (options: HandleOptions & { backend: BackendName }, name: string): EchoEndpoint => ({
  name: `the 13 functions, ${options.backend}, ${name}`,
  backend: options.backend,
  role: 'server',
  async start() {
    const server: Server = createEchoServer(options).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      open: () => RawPeer.open(portOf(server)),
      [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
    };
  },
});

const asServer = (backend: BackendName): EchoEndpoint => ({
  name: `WebSocketServer, ${backend}`,
  backend,
  role: 'server',
  async start() {
    const service = await startEchoService(backend);
    const port = Number(new URL(service.url).port);
    return { open: () => RawPeer.open(port), [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
  },
});

const asClient = (backend: BackendName): EchoEndpoint => ({
  name: `WebSocketConnection.connect, ${backend}`,
  backend,
  role: 'client',
  async start() {
    const server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      async open() {
        const accepted = once(server, 'connection').then(([socket]) => RawPeer.accept(socket as Socket));
        const connection = await WebSocketConnection.connect(`ws://127.0.0.1:${portOf(server)}/`, { backend });
        connection.on('message', (message) => void connection.send(message));
        return accepted;
      },
      [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
    };
  },
});

/** The client again, through the forwarder, which asks for its password. */
const throughProxy = (backend: BackendName): EchoEndpoint => ({
  name: `WebSocketConnection.connect through a proxy, ${backend}`,
  backend,
  role: 'client',
  async start() {
    const server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, '127.0.0.1');
    if (!server.listening) await once(server, 'listening');
    const forwarder = await createForwarder({ proxy: 'direct', backend: 'portable' });
    const options = { backend, proxy: { proxy: forwarder.url, bypass: ['<-loopback>'] } } as const;
    return {
      async open() {
        const accepted = once(server, 'connection').then(([socket]) => RawPeer.accept(socket as Socket));
        const connection = await WebSocketConnection.connect(`ws://127.0.0.1:${portOf(server)}/`, options);
        connection.on('message', (message) => void connection.send(message));
        return accepted;
      },
      async [Symbol.asyncDispose]() {
        await forwarder.close();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },
});

const RECEIVE_BUFFER = 65_536;

/** Every endpoint on every backend; the functions with a buffer as large as a socket's read, and with the smallest. */
export const ENDPOINTS: readonly EchoEndpoint[] = backendsForLongWork.flatMap((backend) => [
  onFunctions({ backend, receiveBufferSize: RECEIVE_BUFFER }, 'receive buffer of 64 KiB'),
  onFunctions({ backend, receiveBufferSize: 256 }, 'receive buffer of 256 bytes'),
  asServer(backend),
  asClient(backend),
  throughProxy(backend),
]);

/** The endpoints that read as much as a socket provides. */
export const LARGE_READS = ENDPOINTS.filter(({ name }) => !name.endsWith('256 bytes'));

/** The functions, with the UTF-8 check in the handle instead of the example. */
export const CHECKED_BY_HANDLE: readonly EchoEndpoint[] = backendsForLongWork.map((backend) =>
  onFunctions({ backend, receiveBufferSize: RECEIVE_BUFFER, utf8Check: 'handle' }, 'text checked by the handle'),
);

/** Runs each applicable case against each endpoint, over a new connection. */
export function describeEndpoints<Case extends { title: string }>(
  subject: string,
  cases: readonly Case[],
  fits: (testCase: Case, endpoint: EchoEndpoint) => boolean,
  run: (testCase: Case, peer: RawPeer, endpoint: EchoEndpoint) => Promise<void>,
  endpoints: readonly EchoEndpoint[] = ENDPOINTS,
): void {
  describe.each(endpoints.filter((endpoint) => cases.some((testCase) => fits(testCase, endpoint))))(
    `${subject} ($name)`,
    (endpoint) => {
      let running: RunningEndpoint;

      beforeAll(async () => {
        running = await endpoint.start();
      });
      afterAll(() => running[Symbol.asyncDispose]());

      it.each(cases.filter((testCase) => fits(testCase, endpoint)))('$title', async (testCase) => {
        const peer = await running.open();
        try {
          await run(testCase, peer, endpoint);
        } finally {
          peer.destroy();
        }
      });
    },
  );
}
