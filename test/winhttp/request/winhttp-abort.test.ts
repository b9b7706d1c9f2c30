// WinHttpRequest.abort() at every moment of a request, on every available backend.
import { EventEmitter, once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silence } from '../../../lib/parity/http-server.ts';
import { duration, expectQuick, turns, watch } from '../../../lib/parity/waiting.ts';
import type { State } from '../../conformance/winhttp/context.ts';
import { namesOf, record } from '../../conformance/winhttp/events.ts';
import { Code } from '../../conformance/winhttp/hresult.ts';
import { lanes } from '../../conformance/winhttp/registry.ts';
import { AbortContext, hresultOf, PROMPT_MS, settlements } from './winhttp-abort-context.ts';

describe.each(lanes)('abort on $backend', (lane) => {
  let t: AbortContext;
  beforeEach(() => {
    t = new AbortContext(lane);
  });
  afterEach(() => t.dispose());

  test('before Open: no effect', async () => {
    const request = await t.create();
    await request.abort();
    await t.fails(() => request.send(), Code.CANNOT_CALL_BEFORE_OPEN);
    await t.expectUsable(request);
  });

  test('after Open: Send requires another Open', async () => {
    const { request, server } = await t.stage('OPEN');
    await request.abort();
    await t.fails(() => request.send(), Code.CANNOT_CALL_BEFORE_OPEN);
    await t.fails(() => request.setRequestHeader('X-Name', 'value'), Code.CANNOT_CALL_BEFORE_OPEN);
    await t.expectUsable(request);
    expect(server.connections).toBe(0);
  });

  test('in the turn of Send: no event of the request', async () => {
    const { request } = await t.stage('OPEN');
    await t.expectAborted(request, request.send());
    await t.expectUsable(request);
  });

  test('while the name is looked up', async () => {
    const request = await t.open('http://host.invalid/');
    const pending = request.send();
    const told = settlements(pending);
    expect(await request.waitForResponse(0).catch(() => 'failed')).not.toBe(true);
    // The lookup may have failed by then.
    if (told.length === 0) await t.expectAborted(request, pending);
    await t.expectUsable(request);
  });

  test('while connecting: in the middle of the TLS handshake', async () => {
    const accepted = new EventEmitter();
    const server = createServer((socket) => {
      socket.on('error', () => {}).resume();
      accepted.emit('socket', socket);
    }).listen(0, '127.0.0.1');
    t.keep({
      [Symbol.asyncDispose]: async () => {
        server.close();
      },
    });
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const request = await t.open(`https://127.0.0.1:${port}/`);
    const connected = once(accepted, 'socket') as Promise<[Socket]>;
    const pending = request.send();
    const [socket] = await connected;
    await t.expectAborted(request, pending);
    await t.expectSocketClosed(socket);
    await t.expectUsable(request);
  });

  test('while sending: a body that the server does not read', async () => {
    const connection = new EventEmitter();
    const server = createServer((socket) => {
      socket.on('error', () => {});
      connection.emit('socket', socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const request = await t.open(`http://127.0.0.1:${port}/`, 'POST');
    const connected = once(connection, 'socket') as Promise<[Socket]>;
    const pending = request.send(Buffer.alloc(32 << 20));
    const [socket] = await connected;
    expect(await request.waitForResponse(0.05)).toBe(false);
    await t.expectAborted(request, pending);
    socket.resume();
    await t.expectSocketClosed(socket);
    server.close();
    await t.expectUsable(request);
  });

  test.each(['SENDING', 'RECEIVING'] as const)('%s: the server sees its connection closed', async (state) => {
    const stage = await t.stage(state);
    const events = record(stage.request);
    const seen = events.length;
    await stage.request.abort();
    await t.expectClosed(stage.server);
    expect(stage.pending.settled).toBe('rejected');
    expect(hresultOf(stage.pending.error)).toBe(Code.CANCELLED);
    stage.release();
    await turns();
    expect(events.slice(seen)).toEqual([]);
    await t.gettersFail(stage.request, Code.CANNOT_CALL_BEFORE_SEND);
    await t.expectUsable(stage.request);
  });

  test('after completion: the promise stays fulfilled, the response is gone', async () => {
    const { request, pending } = await t.stage('DONE');
    await request.abort();
    await turns();
    expect(pending.settled).toBe('fulfilled');
    await t.gettersFail(request, Code.CANNOT_CALL_BEFORE_SEND);
    await t.expectUsable(request);
  });

  test('after a failure: the promise stays rejected as it was', async () => {
    const { request, pending } = await t.stage('FAILED');
    await request.abort();
    await turns();
    expect(hresultOf(pending.error)).toBe(Code.CANNOT_CONNECT);
    await t.expectUsable(request);
  });

  test.each(['SENDING', 'RECEIVING', 'DONE', 'OPEN', 'NEW'] as const)('twice, in %s', async (state: State) => {
    const { request, pending } = await t.stage(state);
    await Promise.all([request.abort(), request.abort()]);
    await request.abort();
    await pending.end;
    await t.expectUsable(request);
  });

  test('during waitForResponse: all waits end with the failure', async () => {
    const { request, pending } = await t.stage('SENDING');
    const waits = [undefined, -1, 10].map((seconds) => watch(request.waitForResponse(seconds)));
    await request.abort();
    for (const wait of waits) {
      await wait.end;
      expect(hresultOf(wait.error)).toBe(Code.CANCELLED);
    }
    await pending.end;
    await t.expectUsable(request);
  });

  test.each(['SENDING', 'RECEIVING'] as const)('on a synchronous Send, %s', async (state) => {
    const { request, server, pending } = await t.stage(state, false);
    await request.abort();
    await pending.end;
    expect(hresultOf(pending.error)).toBe(Code.CANCELLED);
    await t.expectClosed(server);
    await t.expectUsable(request);
  });

  test.each(['SENDING', 'RECEIVING'] as const)('by open() during a request, %s', async (state) => {
    const { request, server, pending, release } = await t.stage(state);
    const events = record(request);
    const next = await t.serve((_request, reply) => reply.send({ status: 202, body: 'next' }));
    await request.open('GET', next.url());
    const before = events.length;
    await t.expectClosed(server);
    await pending.end;
    expect(hresultOf(pending.error)).toBe(Code.CANCELLED);
    release();
    await turns();
    expect(events.length).toBe(before);
    await request.send();
    expect(await request.status).toBe(202);
    expect(namesOf(events.slice(before))).toEqual(['responseStart', 'responseDataAvailable', 'responseFinished']);
  });

  test.each(['SENDING', 'RECEIVING'] as const)('by disposing the object, %s', async (state) => {
    const { request, server, pending } = await t.stage(state);
    await request[Symbol.asyncDispose]();
    await t.expectClosed(server);
    await pending.end;
    expect(hresultOf(pending.error)).toBe(Code.CANCELLED);
  });

  test('of 64 unanswered requests: each ends once, within 200 ms', async () => {
    const server = await t.serve(silence);
    let arrived = 0;
    await expectQuick(PROMPT_MS, async () => {
      const requests = await Promise.all(Array.from({ length: 64 }, () => t.open(server.url(), 'GET', false)));
      const sends = requests.map((request) => settlements(request.send()));
      arrived += requests.length;
      await server.arrived(arrived);
      const elapsed = await duration(async () => {
        await Promise.all(requests.map((request) => request.abort()));
        await turns(1);
      });
      expect(sends.map((told) => told.map(hresultOf))).toEqual(requests.map(() => [Code.CANCELLED]));
      return elapsed;
    });
    await t.expectClosed(server);
  });

  test('leaves no rejection unhandled if the failure was handled', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    try {
      const server = await t.serve(silence);
      const request = await t.open(server.url());
      void request.send();
      const wait = watch(request.waitForResponse());
      await server.arrived();
      await request.abort();
      await wait.end;
      await turns();
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off('unhandledRejection', unhandled);
    }
  });
});
