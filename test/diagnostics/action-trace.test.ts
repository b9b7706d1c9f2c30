import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import type { TracedCall } from '../../lib/diagnostics/trace-records.ts';
import { HResult } from '../../lib/hresult.ts';
import { WebSocketConnection } from '../../lib/websocket/connection/websocket-connection.ts';
import { availableBackends } from '../helpers/backends.ts';
import { openPair } from '../websocket/connection/pair.ts';

/** Returns all calls until the trace ends. */
async function callsOf(trace: AsyncIterable<TracedCall>): Promise<TracedCall[]> {
  const calls: TracedCall[] = [];
  for await (const call of trace) calls.push(call);
  return calls;
}

/** Formats a call as a line of text. */
function lineOf(call: TracedCall): string {
  const { syscall, action, bufferType, sizes, bytesTransferred } = call;
  const parts = [syscall.replace('WebSocket', ''), action, bufferType, sizes && `[${sizes}]`, bytesTransferred];
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe.each(availableBackends)('trace of a connection on %s', (backend) => {
  it('yields each call of a send, in order', async () => {
    await using pair = await openPair(backend);
    const trace = pair.server.trace();
    await pair.server.send(Buffer.alloc(300));
    trace.stop();
    const calls = await callsOf(trace);

    expect(calls.map(lineOf)).toEqual([
      'Send BINARY_MESSAGE [300]',
      'GetAction SEND_TO_NETWORK BINARY_MESSAGE [4,300]',
      'CompleteAction SEND_TO_NETWORK BINARY_MESSAGE 304',
      'GetAction INDICATE_SEND_COMPLETE BINARY_MESSAGE []',
      'CompleteAction INDICATE_SEND_COMPLETE BINARY_MESSAGE 0',
    ]);
    expect(calls.every(({ direction, hresult = 0 }) => direction === 'out' && hresult === 0)).toBe(true);
    expect(calls[1]).toMatchObject({ queue: 'SEND', actionId: 1 });
    expect(calls[2]).toMatchObject({ queue: 'SEND', actionId: 1 });
    expect(calls.map(({ time }) => time)).toEqual(calls.map(({ time }) => time).sort((a, b) => a - b));
  });

  it('ends with its connection, and can be stopped repeatedly', async () => {
    await using pair = await openPair(backend);
    pair.client.abort();
    const trace = pair.client.trace();
    trace.stop();
    trace.stop();
    expect(await callsOf(trace)).toEqual([]);
    {
      using another = pair.client.trace();
      expect(await another.next()).toEqual({ done: true, value: undefined });
    }
  });

  it('ends when its scope is left, and keeps the recorded calls', async () => {
    await using pair = await openPair(backend);
    let kept: AsyncIterable<TracedCall>;
    {
      using trace = pair.client.trace();
      await pair.client.send('recorded');
      kept = trace;
    }
    await nextTurn();
    await pair.client.send('not recorded');
    const sends = (await callsOf(kept)).filter(({ syscall }) => syscall === 'WebSocketSend');
    expect(sends).toHaveLength(1);
  });

  it('counts the calls of one turn that exceed its buffer, and continues with the next turn', async () => {
    // A frame for every 242 bytes, with two calls each.
    const properties = [{ type: 1, value: 256 }];
    await using pair = await openPair(backend, { client: { properties } });
    const trace = pair.client.trace({ limit: Number.POSITIVE_INFINITY });
    await pair.client.send(Buffer.alloc(8_200_000));
    const { dropped } = trace;
    await pair.client.send('after');
    trace.stop();
    const calls = await callsOf(trace);
    expect(dropped).toBeGreaterThan(0);
    expect(trace.dropped).toBe(dropped);
    // Of the first message the send and 65,535 more, of the second the send, its frame and its end.
    expect(calls).toHaveLength(65_536 + 5);
    expect(calls.filter(({ syscall }) => syscall === 'WebSocketSend').map(({ sizes }) => sizes)).toEqual([
      [8_200_000],
      [5],
    ]);
  });

  it('yields received data, and a pong with the direction in', async () => {
    await using pair = await openPair(backend);
    const trace = pair.server.trace();
    await pair.client.send('hello');
    await pair.server.receive();
    await pair.client.ping();
    trace.stop();
    const calls = await callsOf(trace);

    expect(calls.every(({ direction }) => direction === 'in')).toBe(true);
    const indicated = calls.find(({ action }) => action === 'INDICATE_RECEIVE_COMPLETE');
    expect(indicated).toMatchObject({ syscall: 'WebSocketGetAction', bufferType: 'UTF8_MESSAGE', sizes: [5] });
    const pong = calls.find(({ action }) => action === 'SEND_TO_NETWORK');
    expect(pong).toMatchObject({ queue: 'RECEIVE', bufferType: 'PING_PONG' });
  });

  it('yields the error for a peer that violates the protocol', async () => {
    await using pair = await openPair(backend);
    const trace = pair.client.trace();
    pair.socket.write(Buffer.from([0xc2, 0x00]));
    const calls = await callsOf(trace);
    const refused = calls.find(({ hresult = 0 }) => hresult !== 0);
    expect(refused).toMatchObject({ syscall: 'WebSocketGetAction', hresult: HResult.E_INVALID_PROTOCOL_FORMAT });
    expect(refused?.action).toBeUndefined();
  });

  it('ends with the connection, after the abort and the drain', async () => {
    await using pair = await openPair(backend);
    const trace = pair.client.trace();
    pair.client.abort();
    const calls = await callsOf(trace);
    expect(calls[0]?.syscall).toBe('WebSocketAbortHandle');
    expect(await trace.next()).toEqual({ done: true, value: undefined });
    expect(await callsOf(pair.client.trace())).toEqual([]);
  });

  it('yields the close of the peer with its status', async () => {
    await using pair = await openPair(backend);
    const trace = pair.server.trace();
    await pair.client.close(4001, 'bye');
    const closes = (await callsOf(trace)).filter(({ closeStatus }) => closeStatus !== undefined);
    expect(closes.map(({ action, closeStatus, sizes }) => [action, closeStatus, sizes])).toEqual(
      expect.arrayContaining([['INDICATE_RECEIVE_COMPLETE', 4001, [3]]]),
    );
  });

  it('resolves waiting calls of next at the end', async () => {
    await using pair = await openPair(backend);
    const trace = pair.client.trace();
    const first = trace.next();
    const last = Array.from({ length: 5 }, () => trace.next());
    await pair.client.send('x');
    expect((await first).value).toMatchObject({ syscall: 'WebSocketSend', sizes: [1] });
    trace.stop();
    trace.stop();
    expect((await Promise.all(last)).at(-1)).toEqual({ done: true, value: undefined });
  });

  it('supports two traces at once, and costs nothing after the last', async () => {
    await using pair = await openPair(backend);
    const first = pair.client.trace();
    const second = pair.client.trace();
    await pair.client.send('both');
    first.stop();
    await pair.client.send('one');
    second.stop();
    await pair.client.send('not traced');
    const third = pair.client.trace();
    await pair.client.send('a new one');
    third.stop();
    const sizes = async (trace: AsyncIterable<TracedCall>) =>
      (await callsOf(trace)).filter(({ syscall }) => syscall === 'WebSocketSend').map(({ sizes }) => sizes);
    expect(await Promise.all([first, second, third].map(sizes))).toEqual([[[4]], [[4], [3]], [[9]]]);
  });

  it('drops the oldest calls beyond its limit, and counts them', async () => {
    await using pair = await openPair(backend);
    const trace = pair.server.trace({ limit: 2 });
    await pair.server.send('dropped');
    trace.stop();
    expect((await callsOf(trace)).map(lineOf)).toEqual([
      'GetAction INDICATE_SEND_COMPLETE UTF8_MESSAGE []',
      'CompleteAction INDICATE_SEND_COMPLETE UTF8_MESSAGE 0',
    ]);
    expect(trace.dropped).toBe(3);
  });

  it('ends when its loop is left', async () => {
    await using pair = await openPair(backend);
    const trace = pair.client.trace();
    void pair.client.send('x');
    for await (const call of trace) {
      expect(call.syscall).toBe('WebSocketSend');
      break;
    }
    await pair.client.send('y');
    await nextTurn();
    expect(await callsOf(trace)).not.toContainEqual(expect.objectContaining({ syscall: 'WebSocketSend' }));
  });

  it('lets its listener use the connection, in the async context of connect', async () => {
    const context = new AsyncLocalStorage<string>();
    const stores = new Set<unknown>();
    const calls: TracedCall[] = [];
    let isAnswered = false;
    const trace = (call: TracedCall) => {
      calls.push(call);
      stores.add(context.getStore());
      if (isAnswered || call.syscall !== 'WebSocketSend') return;
      isAnswered = true;
      void pair.client.send('from the listener');
    };
    await using pair = await context.run('connect', () => openPair(backend, { client: { trace } }));
    await pair.client.send('first');
    expect([await pair.server.receive(), await pair.server.receive()]).toEqual(['first', 'from the listener']);
    await pair.client.close();
    await nextTurn();
    expect(calls.filter(({ syscall }) => syscall === 'WebSocketSend').map(({ sizes }) => sizes)).toEqual(
      // Masked or not, sent bytes are reported before they are framed; a close has no buffer here.
      [[5], [17], []],
    );
    expect(calls.at(-1)?.syscall).not.toBe('WebSocketSend');
    expect([...stores]).toEqual(['connect']);
  });

  it('calls the listener of accept beside a second trace', async () => {
    const calls: TracedCall[] = [];
    await using pair = await openPair(backend, { server: { trace: (call) => calls.push(call) } });
    const trace = pair.server.trace();
    await pair.server.send('hello');
    trace.stop();
    const beside = await callsOf(trace);
    await nextTurn();
    expect(calls.slice(-beside.length)).toEqual(beside);
    expect(beside).toHaveLength(5);
  });

  it('rejects an invalid limit and listener', async () => {
    await using pair = await openPair(backend);
    expect(() => pair.client.trace({ limit: 0 })).toThrow(RangeError);
    expect(() => pair.client.trace({ limit: '1' as never })).toThrow(TypeError);
    const refused = WebSocketConnection.connect('ws://127.0.0.1:9/', { trace: {} as never });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });
});
