// A connection between two exchanges, over a socket that nothing connects.
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ResponseHead } from '../../../lib/http1/response-head.ts';
import { Connection, releaseConnection, takeIdle } from '../../../lib/winhttp/portable/http-connection.ts';

const TIMES = { address: undefined, lookup: undefined, connect: 0, tls: undefined };
const PEER = { host: 'a.test', port: 80, secure: false };
const IDLE_LIMIT = 60_000;
const head = (...fields: string[]) => new ResponseHead(200, 'OK', fields, false);

let count = 0;
/** One of a server that no other test has. */
const connectionOf = (key = `server ${count++}`) => new Connection(key, new Socket(), TIMES, PEER);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** In how many milliseconds a request may go out over the connection, besides two turns of the event loop. */
async function delayOf(connection: Connection, isRepeatable: boolean): Promise<number> {
  const timers = vi.getTimerCount();
  const polled = new Promise<void>((resolve) => connection.whenPolled(isRepeatable, resolve));
  let delay = 0;
  for (; vi.getTimerCount() > timers; delay++) vi.advanceTimersByTime(1);
  await polled;
  return delay;
}

test('the first request that cannot be repeated waits for a late close', async () => {
  const connection = connectionOf();
  connection.startIdle(IDLE_LIMIT);
  expect(await delayOf(connection, false)).toBe(10);
  const later = connectionOf();
  later.startIdle(IDLE_LIMIT);
  vi.advanceTimersByTime(4);
  expect(await delayOf(later, false)).toBe(6);
});

test.each([
  ['the second', 2, false, 0],
  ['one that can be repeated', 1, true, 0],
  ['one that comes late', 1, false, 10],
])('%s waits only for the event loop', async (_what, uses, isRepeatable, pause) => {
  const connection = connectionOf();
  for (let use = 0; use < uses; use++) connection.startIdle(IDLE_LIMIT);
  vi.advanceTimersByTime(pause);
  expect(await delayOf(connection, isRepeatable)).toBe(0);
});

test('a connection is proven when the server has kept it after a response before', () => {
  const connection = connectionOf();
  const seen = [connection.isProven];
  for (let use = 0; use < 2; use++) {
    connection.startIdle(IDLE_LIMIT);
    seen.push(connection.isProven);
  }
  expect(seen).toEqual([false, false, true]);
});

test('the connection that was used last is taken first, and lost ones never', () => {
  const [first, second, third] = ['key', 'key', 'key'].map(connectionOf) as [Connection, Connection, Connection];
  for (const connection of [first, second, third]) releaseConnection(connection, head());
  second.socket.destroy();
  expect([takeIdle('key'), takeIdle('key'), takeIdle('key'), takeIdle('other')]).toEqual([
    third,
    first,
    undefined,
    undefined,
  ]);
});

test.each([
  ['what the server says, less a second', ['Keep-Alive', 'timeout=5, max=100'], 4000],
  ['a minute at most', ['Keep-Alive', 'timeout=500'], IDLE_LIMIT],
  ['a minute', [], IDLE_LIMIT],
])('a connection is kept for %s', (_what, fields, limit) => {
  const connection = connectionOf();
  releaseConnection(connection, head(...fields));
  vi.advanceTimersByTime(limit - 1);
  expect(connection.isLost).toBe(false);
  vi.advanceTimersByTime(1);
  expect(connection.isLost).toBe(true);
});

test('a connection of a server that waits a second is not kept', () => {
  const connection = connectionOf();
  releaseConnection(connection, head('Keep-Alive', 'timeout=1'));
  expect([connection.isLost, takeIdle(connection.key)]).toEqual([true, undefined]);
});

test('256 connections of a server are kept, and no more', () => {
  const all = Array.from({ length: 257 }, () => connectionOf('busy'));
  for (const connection of all) releaseConnection(connection, head());
  expect(all.filter(({ isLost }) => isLost)).toEqual([all.at(-1)]);
});

/** Closes a kept connection after so long, and says whether the next one of its server is kept. */
function keepsAfterClose(pause: number, wait = 0): boolean {
  const first = connectionOf();
  releaseConnection(first, head());
  vi.advanceTimersByTime(pause);
  first.socket.emit('end');
  vi.advanceTimersByTime(wait);
  const next = connectionOf(first.key);
  releaseConnection(next, head());
  return takeIdle(first.key) === next;
}

test('a server that closes right behind a response gets a connection for each request, for a minute', () => {
  expect(keepsAfterClose(99)).toBe(false);
  expect(keepsAfterClose(100)).toBe(true);
  expect(keepsAfterClose(0, IDLE_LIMIT - 1)).toBe(false);
  expect(keepsAfterClose(0, IDLE_LIMIT)).toBe(true);
});

test('a server that closes during the first exchange is not one of them', () => {
  const first = connectionOf();
  first.socket.emit('end');
  const next = connectionOf(first.key);
  releaseConnection(next, head());
  expect(takeIdle(first.key)).toBe(next);
});

test('the thousand latest of such servers are known', () => {
  const keys = Array.from({ length: 1001 }, (_, index) => `closer ${index}`);
  for (const key of keys) {
    const connection = connectionOf(key);
    connection.startIdle(IDLE_LIMIT);
    connection.socket.emit('end');
  }
  const isKept = (key: string) => {
    const connection = connectionOf(key);
    releaseConnection(connection, head());
    return !connection.isLost;
  };
  expect([isKept('closer 0'), isKept('closer 1')]).toEqual([true, false]);
});
