// What a listener of `message` sees of how it is called.
import { EventEmitter, once } from 'node:events';
import { expect, it, vi } from 'vitest';
import type { ConnectionEvents } from '../../../lib/websocket/connection/connection-types.ts';
import { emitMessage, noteCaptureRejections } from '../../../lib/websocket/connection/emit.ts';

const emitter = () => new EventEmitter<ConnectionEvents>();
const MESSAGE = Buffer.from('abc');

it('says whether there was a listener', () => {
  const connection = emitter();
  expect(emitMessage(connection, 'text')).toBe(false);
  connection.on('message', () => {});
  expect(emitMessage(connection, 'text')).toBe(true);
});

it('calls a listener with the emitter as this', () => {
  const connection = emitter();
  const calls: unknown[] = [];
  connection.on('message', function (this: unknown, ...values: unknown[]) {
    calls.push([this === connection, ...values]);
  });
  emitMessage(connection, 'text');
  emitMessage(connection, MESSAGE);
  expect(calls).toEqual([
    [true, 'text', false],
    [true, MESSAGE, true],
  ]);
});

it('calls several listeners in order, and one that is asked for once only once', () => {
  const connection = emitter();
  const calls: string[] = [];
  connection.once('message', () => void calls.push('once'));
  emitMessage(connection, 'text');
  connection.on('message', () => void calls.push('first'));
  connection.on('message', () => void calls.push('second'));
  emitMessage(connection, 'text');
  connection.removeAllListeners('message');
  expect(emitMessage(connection, 'text')).toBe(false);
  expect(calls).toEqual(['once', 'first', 'second']);
});

it.each([
  ['of the emitter', (connection: object) => connection],
  ['of all emitters', () => EventEmitter.prototype],
])('calls a replaced emit %s', (_whose, ownerOf) => {
  const connection = emitter().on('message', () => {});
  const owner = ownerOf(connection) as { emit?: unknown };
  const before = Object.getOwnPropertyDescriptor(owner, 'emit');
  const seen: unknown[] = [];
  owner.emit = (...values: unknown[]) => seen.push(values) > 0;
  try {
    emitMessage(connection, MESSAGE);
  } finally {
    if (before === undefined) delete owner.emit;
    else Object.defineProperty(owner, 'emit', before);
  }
  expect(seen).toEqual([['message', MESSAGE, true]]);
});

it('calls an emit that was replaced before winwire was loaded', async () => {
  const { emit } = EventEmitter.prototype;
  const seen: unknown[] = [];
  EventEmitter.prototype.emit = function (...values) {
    seen.push(values);
    return emit.apply(this, values);
  };
  try {
    vi.resetModules();
    const late = await import('../../../lib/websocket/connection/emit.ts');
    late.emitMessage(emitter(), 'text');
  } finally {
    EventEmitter.prototype.emit = emit;
  }
  expect(seen).toContainEqual(['message', 'text', false]);
});

it('captures rejections of listeners if Node is set to', async () => {
  EventEmitter.captureRejections = true;
  try {
    noteCaptureRejections();
    const connection = emitter();
    const failure = new Error('of the listener');
    const caught = once(connection, 'error');
    connection.on('message', async () => {
      throw failure;
    });
    emitMessage(connection, MESSAGE);
    expect(await caught).toEqual([failure]);
  } finally {
    EventEmitter.captureRejections = false;
  }
});
