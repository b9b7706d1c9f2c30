// The lines of NODE_DEBUG=winwire in process: Node reads the variable only when it starts.
import { channel, tracingChannel } from 'node:diagnostics_channel';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';

const lines: string[] = [];

beforeAll(async () => {
  const log = Object.assign((_format: string, line: string) => void lines.push(line), { enabled: true });
  vi.doMock('node:util', async (original) => ({ ...(await original<object>()), debuglog: () => log }));
  await import('../../lib/diagnostics/debug-log.ts');
});
beforeEach(() => void lines.splice(0));

/** The lines so far, without numbers and times. */
const texts = () => lines.map((line) => line.replace(/^#\d+ /, '').replace(/[\d.]+ ms/, '- ms'));

const statistics = { messagesReceived: 1, messagesSent: 2, wireBytesReceived: 3, wireBytesSent: 4 };

/** A connection that has opened. */
function open(subprotocol = '', subprotocols: readonly string[] = []) {
  const connection = { role: 'client', backend: 'portable', subprotocol, statistics };
  const trace = { role: 'client', url: 'ws://a.test/', subprotocols };
  const opening = tracingChannel<unknown, object>('winwire:websocket:connection');
  opening.start.publish(trace);
  opening.asyncEnd.publish(Object.assign(trace, { result: connection }));
  channel('winwire:websocket:open').publish({ connection });
  return connection;
}

it('numbers subjects upwards, a connection as its handshake', () => {
  open();
  open();
  const numbers = lines.map((line) => Number(/^#(\d+)/.exec(line)?.[1]));
  const first = numbers[0] as number;
  expect(first).toBeGreaterThan(0);
  expect(numbers).toEqual([first, first, first + 1, first + 1]);
});

it.each([
  ['', [], ''],
  ['b', ['a', 'b'], ', subprotocol b'],
])('names the subprotocol %j of %j', (subprotocol, offered, chosen) => {
  open(subprotocol, offered);
  const offer = offered.length > 0 ? ', subprotocols a, b' : '';
  expect(texts()).toEqual([
    `websocket client handshake: ws://a.test/ (backend default${offer})`,
    `websocket client open after - ms (backend portable${chosen})`,
  ]);
});

it.each([
  [undefined, ''],
  ['over', ': over'],
  [new TypeError('over'), ': TypeError: over'],
  [Object.assign(new Error('over'), { code: 'ERR_OVER' }), ': ERR_OVER: over'],
  [Object.assign(new Error('over'), { code: 5 }), ': Error: over'],
])('gives the reason of an abort: %s', (reason, why) => {
  const connection = open();
  lines.splice(0);
  channel('winwire:websocket:abort').publish({ connection, reason });
  const trace = { method: '', url: 'http://a.test/', backend: 'portable' };
  tracingChannel<unknown, object>('winwire:winhttp:request').start.publish(trace);
  channel('winwire:winhttp:abort').publish({ trace, reason });
  expect(texts()).toEqual([
    `websocket client aborted${why}`,
    'winhttp GET http://a.test/ (backend portable)',
    `winhttp aborted after - ms${why}`,
  ]);
});

it.each([
  ['', ''],
  ['bye\n', ' "bye\\n"'],
])('gives the reason of a close: %j', (reason, why) => {
  const connection = open();
  lines.splice(0);
  channel('winwire:websocket:close').publish({ connection, code: 1000, reason });
  expect(texts()).toEqual([
    `websocket client close 1000${why} after - ms: received 1 messages (3 bytes), sent 2 (4 bytes)`,
  ]);
});

it('writes errors of handshakes and connections, and none of what has no connection', () => {
  const trace = { role: 'server', url: '/', backend: 'portable', subprotocols: [], error: new Error('no') };
  tracingChannel<unknown, object>('winwire:websocket:connection').error.publish(trace);
  const connection = open();
  channel('winwire:websocket:error').publish({ connection, error: new Error('gone') });
  channel('winwire:websocket:error').publish({ error: new Error('nothing') });
  expect([texts().at(0), texts().at(-1)]).toEqual([
    'websocket server handshake failed after - ms: Error: no',
    'websocket client error: Error: gone',
  ]);
});

it.each([
  ['http://a.test/', ''],
  [undefined, ''],
  ['http://b.test/?sig=x', ' from http://b.test/?sig=***'],
])('says that a response is from %s', (responseUrl, from) => {
  const requests = tracingChannel<unknown, object>('winwire:winhttp:request');
  const trace = {
    method: 'PUT',
    url: 'http://a.test/',
    backend: 'portable',
    status: 200,
    statusText: 'OK',
    responseUrl,
  };
  requests.start.publish(trace);
  requests.asyncEnd.publish(trace);
  requests.asyncEnd.publish({ ...trace, error: new Error('told before') });
  expect(texts().slice(1)).toEqual([`winhttp response 200 OK${from} after - ms`]);
});

it('measures from the start, and ignores the end of a handshake without a connection', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.advanceTimersByTime(1000);
  const trace = { role: 'client', url: 'ws://a.test/', backend: 'x', subprotocols: [], error: new Error('no') };
  const opening = tracingChannel<unknown, object>('winwire:websocket:connection');
  opening.start.publish(trace);
  vi.advanceTimersByTime(20);
  opening.error.publish(trace);
  opening.asyncEnd.publish(trace);
  vi.useRealTimers();
  expect(lines.slice(1)).toEqual([expect.stringContaining('failed after 20.0 ms: Error: no')]);
});

it('writes control characters of peers as escapes', () => {
  const trace = { role: 'client', url: 'ws://a.test/\u001b[2J', backend: 'x', subprotocols: [] };
  tracingChannel<unknown, object>('winwire:websocket:connection').start.publish(trace);
  expect(texts()).toEqual(['websocket client handshake: ws://a.test/%1B[2J (backend x)']);
});
