import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ProxyDispatcherOptions } from '../../lib/dispatcher/dispatcher-options.ts';
import { ProxyDispatcher } from '../../lib/dispatcher/proxy-dispatcher.ts';
import { Recording } from '../helpers/dispatch-handlers.ts';
import { dispatcherWith, send, startServer } from '../helpers/dispatching.ts';

describe('the errors of requests', () => {
  it('have the codes of undici for its time-outs and limits', async () => {
    const server = await startServer();
    const codeOf = async (options: ProxyDispatcherOptions, path: string) => {
      const recording = send(dispatcherWith({ proxy: 'direct', ...options }), server.url(path), 2);
      await recording.ended;
      return (recording.errors[0] as NodeJS.ErrnoException | undefined)?.code;
    };
    expect(await codeOf({ headersTimeout: 1 }, '/never')).toBe('UND_ERR_HEADERS_TIMEOUT');
    expect(await codeOf({ bodyTimeout: 1 }, '/head-only')).toBe('UND_ERR_BODY_TIMEOUT');
    expect(await codeOf({ maxHeaderSize: 10 }, '/')).toBe('UND_ERR_HEADERS_OVERFLOW');
    expect(await codeOf({ maxResponseSize: 3 }, '/')).toBe('UND_ERR_RES_EXCEEDED_MAX_SIZE');
    expect(await codeOf({}, '/short')).toBe('UND_ERR_SOCKET');
    expect(['ECONNRESET', 'UND_ERR_SOCKET']).toContain(await codeOf({}, '/reset'));
  });

  it('are those of node:net for a server that cannot be reached', async () => {
    const unused = createServer().listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const { port } = unused.address() as { port: number };
    await new Promise((resolve) => unused.close(resolve));
    const recording = send(dispatcherWith(), `http://127.0.0.1:${port}/`, 2);
    await recording.ended;
    expect(recording.errors).toMatchObject([{ code: 'ECONNREFUSED' }]);
  });

  it.each([
    ['no handler', {}, null],
    ['a number', {}, 1],
  ])('are thrown for %s', (_name, options, handler) => {
    const dispatch = () => dispatcherWith().dispatch(options as never, handler as never);
    expect(dispatch).toThrow(expect.objectContaining({ code: 'UND_ERR_INVALID_ARG' }));
  });

  it.each([
    ['no path', { origin: 'http://localhost', method: 'GET' }],
    ['a path without a slash', { origin: 'http://localhost', path: 'x', method: 'GET' }],
    ['a line break', { origin: 'http://localhost', path: '/a\r\nb', method: 'GET' }],
    ['an invalid method', { origin: 'http://localhost', path: '/', method: 'G T' }],
    ['no origin', { path: '/', method: 'GET' }],
    ['another scheme', { origin: 'ftp://localhost', path: '/', method: 'GET' }],
    ['an origin with a path', { origin: 'http://localhost/a', path: '/', method: 'GET' }],
    ['an upgrade that is not a string', { origin: 'http://localhost', path: '/', method: 'GET', upgrade: 1 }],
  ])('are the handler’s for %s', async (_name, options) => {
    const recording = new Recording(2);
    expect(dispatcherWith().dispatch(options as never, recording.handler)).toBe(false);
    expect(recording.errors).toMatchObject([{ name: 'InvalidArgumentError', code: 'UND_ERR_INVALID_ARG' }]);
  });

  it('are Node’s for an origin that is not a URL', () => {
    const recording = new Recording(2);
    expect(dispatcherWith().dispatch({ origin: 'http://', path: '/', method: 'GET' }, recording.handler)).toBe(false);
    expect(recording.errors).toMatchObject([{ name: 'TypeError', code: 'ERR_INVALID_URL' }]);
  });

  it('name an unknown option and what to use instead', () => {
    expect(() => new ProxyDispatcher({ keepAliveTimeout: 1 } as never)).toThrow(/keepAlive/);
    expect(() => new ProxyDispatcher({ headersTimeout: -1 })).toThrow(RangeError);
    expect(() => new ProxyDispatcher({ allowH2: 1 } as never)).toThrow(TypeError);
  });
});

describe('close and destroy', () => {
  it('wait for requests, then refuse further ones', async () => {
    const server = await startServer();
    const dispatcher = dispatcherWith();
    const recording = send(dispatcher, server.url('/trickle?every=5&parts=5'), 2);
    const closed = dispatcher.close();
    expect(dispatcher.closed).toBe(true);
    const late = send(dispatcher, server.url(), 2);
    expect(late.errors).toMatchObject([{ code: 'UND_ERR_CLOSED' }]);
    await closed;
    expect(recording.text).toBe('xxxxx');
    expect(dispatcher.destroyed).toBe(true);
    await server.allClosed();
  });

  it('end all requests with an error', async () => {
    const server = await startServer();
    const dispatcher = dispatcherWith({ proxy: 'direct', connections: 1 });
    const [running, queued] = [send(dispatcher, server.url('/never'), 2), send(dispatcher, server.url(), 1)];
    await server.arrived();
    await dispatcher.destroy();
    await Promise.all([running.ended, queued.ended]);
    expect([...running.errors, ...queued.errors]).toMatchObject([
      { code: 'UND_ERR_DESTROYED' },
      { code: 'UND_ERR_DESTROYED' },
    ]);
    expect(send(dispatcher, server.url(), 2).errors).toMatchObject([{ code: 'UND_ERR_DESTROYED' }]);
    await server.allClosed();
  });

  it('close rejects after the end, as undici does', async () => {
    const dispatcher = dispatcherWith();
    await Promise.all([dispatcher.close(), dispatcher.close()]);
    await expect(dispatcher.close()).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' });
    await expect(dispatcher.destroy()).resolves.toBeUndefined();
  });

  it('take callbacks', async () => {
    const dispatcher = dispatcherWith();
    await new Promise<void>((resolve) => dispatcher.close(resolve));
    await new Promise<void>((resolve) => dispatcher.destroy(resolve));
    await new Promise<void>((resolve) => dispatcher.destroy(new Error('x'), resolve));
  });
});
