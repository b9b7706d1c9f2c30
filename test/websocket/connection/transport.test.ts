import { AsyncResource } from 'node:async_hooks';
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { attachTransport, prepareTransport } from '../../../lib/websocket/connection/transport.ts';

/** A listener that records what it gets. */
class Recorder extends AsyncResource {
  readonly events: unknown[] = [];
  wanted = true;

  constructor() {
    super('winwire.test');
  }

  chunk(bytes: Uint8Array): void {
    this.events.push(String(bytes));
  }

  ended(cause?: unknown): void {
    this.events.push(cause);
  }
}

it('writes small messages at once and has no idle time-out', () => {
  const calls: unknown[] = [];
  const socket = Object.assign(new PassThrough(), {
    setNoDelay: (on: boolean) => calls.push(on),
    setTimeout: (milliseconds: number) => calls.push(milliseconds),
  });
  expect(prepareTransport(socket)).toBe(socket);
  expect(calls).toEqual([true, 0]);
});

it('reports the first bytes on a later turn, then further bytes, then each end event', async () => {
  const [transport, listener] = [new PassThrough(), new Recorder()];
  attachTransport(transport, Buffer.from('first'), listener);
  transport.write('second');
  expect(listener.events).toEqual([]);
  await nextTurn();
  await nextTurn();
  expect(listener.events).toEqual(['first', 'second']);
  const cause = new Error('reset');
  transport.destroy(cause);
  await nextTurn();
  expect(listener.events).toEqual(['first', 'second', cause, undefined]);
});

it('reports neither empty chunks nor unwanted bytes', async () => {
  const [silent, unwanted] = [new Recorder(), new Recorder()];
  unwanted.wanted = false;
  const transports = [silent, unwanted].map((listener, index) => {
    const transport = new PassThrough();
    attachTransport(transport, Buffer.alloc(index), listener);
    return transport;
  });
  transports[1]?.write('more');
  await nextTurn();
  await nextTurn();
  expect([silent.events, unwanted.events]).toEqual([[], []]);
});
