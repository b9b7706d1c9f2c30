// HTTP/2: requests on one connection that is lost, and what becomes of each.
import { once } from 'node:events';
import { createSecureServer, type Http2ServerRequest, type Http2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { unknownIssuer } from '../helpers/certificates.ts';
import { dispatcherWith, send } from '../helpers/dispatching.ts';

const GENERATIONS = [1, 2] as const;

/** A server that answers `/hello`, the head of `/begun`, and nothing else. */
async function start() {
  const seen: string[] = [];
  const sessions = new Set<Http2Session>();
  const server = createSecureServer({ ...unknownIssuer() });
  let onRequest = () => {};
  server.on('request', async (request: Http2ServerRequest, response) => {
    response.stream.on('error', () => {});
    for await (const _ of request);
    seen.push(`${request.method} ${request.url}`);
    if (request.url === '/hello') response.end('hello');
    else if (request.url === '/begun') response.write('part');
    onRequest();
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {}).on('close', () => sessions.delete(session));
  });
  server.on('sessionError', () => {});
  const sockets = new Set<TLSSocket>();
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const session of sessions) session.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const received = async (count: number) => {
    while (seen.length < count) await new Promise<void>((resolve) => (onRequest = resolve));
  };
  const { port } = server.address() as AddressInfo;
  const url = (path: string) => `https://localhost:${port}${path}`;
  return { url, seen, sessions, sockets, received };
}

const h2 = () => dispatcherWith({ proxy: 'direct', tls: { rejectUnauthorized: false }, allowH2: true });

type Server = Awaited<ReturnType<typeof start>>;

const LOSSES: Readonly<Record<string, (server: Server) => void>> = {
  'destroys the session': ({ sessions }) => sessions.forEach((session) => void session.destroy()),
  'destroys the socket': ({ sockets }) => sockets.forEach((socket) => void socket.destroy()),
  'says that it goes away': ({ sessions }) => sessions.forEach((session) => void session.goaway(2)),
};

describe.each(GENERATIONS)('with handlers of generation %i', (generation) => {
  it('destroying the dispatcher ends all requests on a connection with its error', async () => {
    const { url, received, sessions } = await start();
    const dispatcher = h2();
    const recordings = Array.from({ length: 10 }, (_, index) =>
      send(dispatcher, url(index % 2 ? '/never' : '/begun'), generation),
    );
    await received(10);
    await dispatcher.destroy();
    for (const { errors } of recordings) expect(errors).toMatchObject([{ code: 'UND_ERR_DESTROYED' }]);
    while (sessions.size > 0) await nextTurn();
  });

  it.each(Object.entries(LOSSES))('a request with a body is sent once if the server %s', async (_name, lose) => {
    const server = await start();
    const { url, seen, received } = server;
    const dispatcher = h2();
    const init = { method: 'POST', body: 'hello' };
    const recordings = Array.from({ length: 5 }, () => send(dispatcher, url('/never'), generation, init));
    await received(1);
    lose(server);
    await Promise.all(recordings.map(({ ended }) => ended).slice(0, 1));
    await nextTurn();
    const [first] = recordings;
    expect(first?.errors).toHaveLength(1);
    expect(first?.errors[0]).toMatchObject({ code: expect.stringMatching(/^UND_ERR_(?:SOCKET|INFO)$/) });
    // The others waited for the first one to end, and go on another connection.
    const later = send(dispatcher, url('/hello'), generation);
    await later.ended;
    expect(later.text).toBe('hello');
    await dispatcher.destroy();
    await Promise.all(recordings.map(({ ended }) => ended));
    expect(seen.filter((line) => line === 'POST /never').length).toBeLessThanOrEqual(5);
    for (const { errors } of recordings) expect(errors).toHaveLength(1);
  });

  it.each(Object.entries(LOSSES))(
    'a response that has begun does not begin again if the server %s',
    async (_n, lose) => {
      const server = await start();
      const { url, seen, received } = server;
      const dispatcher = h2();
      const recordings = Array.from({ length: 5 }, () => send(dispatcher, url('/begun'), generation));
      await received(5);
      while (recordings.some(({ chunks }) => chunks.length === 0)) await nextTurn();
      lose(server);
      await Promise.all(recordings.map(({ ended }) => ended));
      // Node ends the streams of a session that its peer closes without an error.
      for (const { calls } of recordings) expect(`${calls}`).toMatch(/^start,head,(?:error|end)$/);
      expect(seen).toHaveLength(5);
    },
  );

  it.each(Object.entries(LOSSES))(
    'a GET without a response is sent at most twice if the server %s',
    async (_n, lose) => {
      const server = await start();
      const { url, seen, received } = server;
      const dispatcher = h2();
      const recording = send(dispatcher, url('/never'), generation);
      await received(1);
      for (let turn = 0; turn < 50; turn++) {
        lose(server);
        await nextTurn();
      }
      await dispatcher.destroy();
      await recording.ended;
      expect(recording.errors).toHaveLength(1);
      expect(seen.length).toBeLessThanOrEqual(2);
    },
  );

  it('aborting a request of a connection that serves one identity closes it', async () => {
    const { url, received, sockets } = await start();
    const credentials = { [new URL(url('/')).origin]: { username: 'me', password: 'secret' } };
    const options = { proxy: 'direct', tls: { rejectUnauthorized: false }, allowH2: true, credentials } as const;
    const recording = send(dispatcherWith(options), url('/never'), generation);
    await received(1);
    recording.abort(new Error('enough'));
    for (const socket of sockets) if (!socket.destroyed) await once(socket, 'close');
    // What undici throws later would fail the test.
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    expect(recording.errors).toMatchObject([{ message: 'enough' }]);
  });

  it('aborting one request leaves the others of its connection', async () => {
    const { url, received } = await start();
    const dispatcher = h2();
    const never = Array.from({ length: 5 }, () => send(dispatcher, url('/never'), generation));
    await received(5);
    const reason = new Error('enough');
    for (const recording of never) recording.abort(reason);
    const hello = send(dispatcher, url('/hello'), generation);
    await hello.ended;
    expect(hello.text).toBe('hello');
    for (const { errors } of never) expect(errors).toEqual([reason]);
    expect(dispatcher.stats[new URL(url('/')).origin]).toMatchObject({ connected: 1, running: 0 });
  });
});
