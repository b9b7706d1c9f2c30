// What handlers of both generations get.
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { dispatcherWith, send, startRawServer, startServer } from '../helpers/dispatching.ts';
import { recordUncaught } from '../helpers/uncaught.ts';

const GENERATIONS = [1, 2] as const;

describe.each(GENERATIONS)('a handler of generation %i', (generation) => {
  it('gets the parts of a response in their order', async () => {
    const server = await startServer();
    const recording = send(dispatcherWith(), server.url('/trailers'), generation);
    await recording.ended;
    expect(recording.calls).toEqual(['start', 'head', 'end']);
    expect(recording).toMatchObject({ status: 200, statusText: 'OK', text: 'chunk one, chunk two' });
    expect(recording.headers).toMatchObject({ trailer: 'X-Sum' });
    expect(recording.trailers).toEqual({ 'x-sum': '20' });
  });

  it.each([
    ['a string', () => 'hello'],
    ['a Buffer', () => Buffer.from('hello')],
    [
      'an async iterable',
      async function* () {
        yield Buffer.from('hel');
        yield Buffer.from('lo');
      },
    ],
    ['a stream', () => new Blob(['hello']).stream()],
    ['a Blob', () => new Blob(['hello'])],
  ])('sends %s', async (_name, body) => {
    const server = await startServer();
    const recording = send(dispatcherWith(), server.url('/echo'), generation, { method: 'POST', body: body() });
    await recording.ended;
    expect(recording.errors).toEqual([]);
    expect(recording.text).toBe('hello');
  });

  it.each(['onStart', 'onHead', 'onData', 'onEnd'] as const)(
    'gets its own error once if it throws in %s',
    async (name) => {
      const server = await startServer();
      const dispatcher = dispatcherWith();
      const fault = new Error('mine');
      const behaviour = {
        [name]: () => {
          throw fault;
        },
      };
      const recording = send(dispatcher, server.url(), generation, {}, behaviour);
      await recording.ended;
      await nextTurn();
      expect(recording.errors).toEqual([fault]);
      await dispatcher.close();
      await server.allClosed();
    },
  );

  it.each(['/', '/short', '/reset'])('reaches the process if it throws in its last call, for %s', async (path) => {
    const server = await startServer();
    const thrown = recordUncaught();
    const dispatcher = dispatcherWith();
    const fail = () => {
      throw new Error('mine');
    };
    const recording = send(
      dispatcher,
      server.url(path),
      generation,
      {},
      { onStart: path === '/' ? fail : () => {}, onError: fail },
    );
    await recording.ended;
    await nextTurn();
    await nextTurn();
    expect(recording.errors).toHaveLength(1);
    expect(thrown).toEqual(['mine']);
    await dispatcher.close();
    await server.allClosed();
  });

  it('pauses a response, and the server with it', async () => {
    const server = await startServer();
    const paused = resolvers();
    let received = 0;
    const onData = (chunk: Buffer) => {
      received += chunk.length;
      paused.resolve();
      return received === 16 * 1024 * 1024;
    };
    const recording = send(dispatcherWith(), server.url(`/large?size=${16 * 1024 * 1024}`), generation, {}, { onData });
    await paused.promise;
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    expect(received).toBeLessThan(1024 * 1024);
    while (received < 16 * 1024 * 1024) {
      recording.resume();
      await nextTurn();
    }
    await recording.ended;
    expect(recording.calls.at(-1)).toBe('end');
  });

  it('aborts a response, whose connection is closed', async () => {
    const server = await startServer();
    const reason = new Error('enough');
    const recording = send(
      dispatcherWith(),
      server.url('/head-only'),
      generation,
      {},
      {
        onData: () => {
          recording.abort(reason);
          return true;
        },
      },
    );
    await recording.ended;
    expect(recording.errors).toEqual([reason]);
    await server.allClosed();
  });

  it('aborts at once while the proxy is silent, and leaves no socket', async () => {
    const proxy = await startRawServer(() => undefined);
    const dispatcher = dispatcherWith({ proxy: { proxy: proxy.place, bypass: ['<-loopback>'] } });
    const recording = send(dispatcher, 'https://127.0.0.1:9/', generation);
    await proxy.received(1);
    const reason = new Error('enough');
    recording.abort(reason);
    expect(recording.errors).toEqual([reason]);
    await proxy.allClosed();
    expect(recording.calls).toEqual(['start', 'error']);
  });

  it('has UND_ERR_ABORTED for an abort without a reason', async () => {
    const recording = send(dispatcherWith(), 'http://127.0.0.1:9/', generation, {}, { onStart: (abort) => abort() });
    await recording.ended;
    expect(recording.errors).toMatchObject([{ name: 'AbortError', code: 'UND_ERR_ABORTED' }]);
  });

  it('runs in the context of its dispatch', async () => {
    const server = await startServer();
    const dispatcher = dispatcherWith({ proxy: 'direct', connections: 1 });
    const storage = new AsyncLocalStorage<number>();
    const seen: (number | undefined)[][] = [];
    const one = (number: number) =>
      storage.run(number, () => {
        const contexts: (number | undefined)[] = [];
        seen.push(contexts);
        const note = () => void contexts.push(storage.getStore());
        async function* body() {
          note();
          yield Buffer.from('x');
        }
        const behaviour = { onStart: note, onHead: note, onEnd: note };
        return send(dispatcher, server.url(), generation, { method: 'POST', body: body() }, behaviour).ended;
      });
    await Promise.all([one(1), one(2), one(3)]);
    expect(seen).toEqual([1, 2, 3].map((number) => Array(4).fill(number)));
  });

  it('gets the socket of an upgrade, which outlives the dispatcher', async () => {
    const server = await startRawServer((head) =>
      head.includes('upgrade: echo')
        ? 'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nfirst'
        : '',
    );
    const dispatcher = dispatcherWith();
    const recording = send(dispatcher, `http://${server.place}/`, generation, { upgrade: 'echo' });
    await recording.ended;
    expect(recording).toMatchObject({ calls: ['start', 'upgrade'], status: 101, headers: { upgrade: 'echo' } });
    await dispatcher.close();
    await dispatcher.destroy();
    const [data] = await once(recording.socket as NonNullable<typeof recording.socket>, 'data');
    expect(`${data}`).toBe('first');
    recording.socket?.destroy();
  });

  it('closes the socket of an upgrade if it throws', async () => {
    const server = await startRawServer(() => 'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n');
    const fault = new Error('mine');
    const recording = send(
      dispatcherWith(),
      `http://${server.place}/`,
      generation,
      { upgrade: 'echo' },
      {
        onUpgrade: () => {
          throw fault;
        },
      },
    );
    await recording.ended;
    await server.allClosed();
    expect(recording.errors).toEqual([fault]);
  });
});

function resolvers() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
