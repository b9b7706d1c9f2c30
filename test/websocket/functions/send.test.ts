import { describe, expect, it } from 'vitest';
import {
  Action,
  ActionQueue,
  BufferType,
  WebSocketCompleteAction,
  WebSocketCreateServerHandle,
  WebSocketGetAction,
  WebSocketSend,
} from '../../../lib/sys.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { drive, type Endpoint, openEndpoint, openPair, transfer } from '../../helpers/loopback.ts';
import { outOfRange, refusal, refusedByComponent, wrongType, wrongValue } from '../../helpers/refusal.ts';
import { resizableBuffer } from '../../helpers/resizable-buffer.ts';

const { BINARY_MESSAGE, CLOSE, PING_PONG, UNSOLICITED_PONG, UTF8_MESSAGE } = BufferType;

/** Returns the bytes of one send on the network. */
function wireOf(server: Endpoint): string {
  drive(server);
  return server.written
    .splice(0)
    .map((bytes) => bytes.toString('hex'))
    .join(' ');
}

describe.each(availableBackends)('WebSocketSend of %s', (backend) => {
  const openServer = () => openEndpoint('server', { backend });

  it('returns nothing', () => {
    using server = openServer();
    expect(WebSocketSend(server.handle, UTF8_MESSAGE, Buffer.from('x'))).toBeUndefined();
  });

  const memory = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]).buffer;
  const shared = new SharedArrayBuffer(4);
  new Uint8Array(shared).set([1, 2, 3, 4]);
  it.each([
    ['a Buffer', Buffer.from([1, 2, 3, 4])],
    ['a Uint8Array', new Uint8Array([1, 2, 3, 4])],
    ['a part of a Uint8Array', new Uint8Array(memory, 1, 4)],
    ['a subclass of Uint8Array', new (class extends Uint8Array {})([1, 2, 3, 4])],
    ['an Int8Array', new Int8Array([1, 2, 3, 4])],
    ['a Uint8ClampedArray', new Uint8ClampedArray([1, 2, 3, 4])],
    ['a Uint16Array', new Uint16Array([0x0201, 0x0403])],
    ['a Float32Array', new Float32Array(new Uint8Array([1, 2, 3, 4]).buffer)],
    ['a BigUint64Array of length 0', new BigUint64Array(0), ''],
    ['a DataView', new DataView(memory, 1, 4)],
    ['an ArrayBuffer', new Uint8Array([1, 2, 3, 4]).buffer],
    ['a SharedArrayBuffer', shared],
    ['a view of a SharedArrayBuffer', new Uint8Array(shared)],
    ['a DataView of a SharedArrayBuffer', new DataView(shared)],
    ['an empty Buffer', Buffer.alloc(0), ''],
    ['an empty ArrayBuffer', new ArrayBuffer(0), ''],
  ])('takes %s', (_what, data, expected = '01020304') => {
    using server = openServer();
    WebSocketSend(server.handle, BINARY_MESSAGE, data as Uint8Array);
    expect(wireOf(server)).toBe(`820${expected.length / 2}${expected}`);
  });

  it.each([undefined, null])('passes %o as NULL', (data) => {
    using server = openServer();
    WebSocketSend(server.handle, BINARY_MESSAGE, data as undefined);
    WebSocketSend(server.handle, PING_PONG, data as undefined);
    WebSocketSend(server.handle, UNSOLICITED_PONG, data as undefined);
    WebSocketSend(server.handle, CLOSE, data as undefined);
    expect(wireOf(server)).toBe('8200 8900 8a00 8800');
  });

  it.each([0, 1, 125, 126, 127, 128, 129, 511, 512, 513, 4095, 4096, 4097, 65535, 65536, 1 << 20])(
    'carries %i bytes both ways',
    (size) => {
      using pair = openPair({ client: { backend }, server: { backend } });
      const payload = Buffer.from(Array.from({ length: size }, (_, index) => (index * 31) & 0xff));
      for (const from of [pair.client, pair.server]) {
        expect(transfer(from, BINARY_MESSAGE, payload).data.equals(payload)).toBe(true);
      }
    },
  );

  it.each([10, 100, 1000, 100_000])('copies %i bytes at once', (size) => {
    using server = openServer();
    const data = Buffer.alloc(size, 0x61);
    WebSocketSend(server.handle, BINARY_MESSAGE, data);
    data.fill(0x62);
    drive(server);
    expect(server.written[0]?.subarray(-size).equals(Buffer.alloc(size, 0x61))).toBe(true);
  });

  it('keeps a thousand sends of different sizes separate and in order', () => {
    using pair = openPair({ client: { backend }, server: { backend } });
    const messages = Array.from({ length: 1000 }, (_, index) => Buffer.alloc((index * 7) % 300, index & 0xff));
    for (const [index, message] of messages.entries())
      WebSocketSend(pair.server.handle, BINARY_MESSAGE, message, index);
    drive(pair.server);
    expect(pair.server.sent).toEqual(messages.map((_, index) => index));
    const payloads = pair.server.written.map((frame) =>
      frame.subarray(frame.length - (frame[1] === 126 ? frame.readUInt16BE(2) : (frame[1] as number))),
    );
    expect(payloads.every((payload, index) => payload.equals(messages[index] as Buffer))).toBe(true);
  });

  describe('with CLOSE', () => {
    it.each([
      ['a status', { status: 1000 }, '880203e8'],
      ['an undefined reason', { status: 1000, reason: undefined }, '880203e8'],
      ['a null reason', { status: 1000, reason: null }, '880203e8'],
      ['an empty reason', { status: 1000, reason: '' }, '880203e8'],
      ['empty bytes as a reason', { status: 1000, reason: new Uint8Array(0) }, '880203e8'],
      ['a reason', { status: 1001, reason: 'bye' }, '880503e9627965'],
      ['a reason in UTF-8', { status: 1001, reason: '\u20ac' }, '880503e9e282ac'],
      ['a lone surrogate', { status: 1001, reason: '\ud800' }, '880503e9efbfbd'],
      ['bytes as a reason', { status: 1001, reason: Buffer.from('bye') }, '880503e9627965'],
      ['an ArrayBuffer as a reason', { status: 1001, reason: new Uint8Array([0x62]).buffer }, '880303e962'],
      ['a DataView as a reason', { status: 1001, reason: new DataView(new Uint8Array([0x62]).buffer) }, '880303e962'],
      ['the highest status', { status: 65535 }, '8802ffff'],
    ])('takes %s', (_what, close, wire) => {
      using server = openServer();
      WebSocketSend(server.handle, CLOSE, close as { status: number });
      expect(wireOf(server)).toBe(wire);
    });

    it.each([
      ['a reason of 124 bytes', { status: 1000, reason: 'x'.repeat(124) }],
      ['a reason of 64 KiB', { status: 1000, reason: 'x'.repeat(65536) }],
      ['status 1005 with a reason', { status: 1005, reason: 'x' }],
      ['status 1006', { status: 1006 }],
      ['status 0', { status: 0 }],
      ['status -0', { status: -0 }],
    ])('passes %s to the component', (_what, close) => {
      using server = openServer();
      expect(refusal(() => WebSocketSend(server.handle, CLOSE, close))).toMatchObject(
        refusedByComponent('WebSocketSend'),
      );
      expect(WebSocketGetAction(server.handle, ActionQueue.SEND).action).toBe(Action.NO_ACTION);
    });

    it.each([
      ['bytes', Buffer.from([3, 232]), wrongType],
      ['an ArrayBuffer', new ArrayBuffer(2), wrongType],
      ['a string', 'bye', wrongType],
      ['a number', 1000, wrongType],
      ['an empty object', {}, wrongType],
      ['a status that is a string', { status: '1000' }, wrongType],
      ['a status that is a bigint', { status: 1000n }, wrongType],
      ['a status that is a fraction', { status: 1000.5 }, outOfRange],
      ['NaN as a status', { status: Number.NaN }, outOfRange],
      ['a negative status', { status: -1 }, outOfRange],
      ['a status of 65536', { status: 65536 }, outOfRange],
      ['a reason that is a number', { status: 1000, reason: 1 }, wrongType],
      ['a reason that is an array', { status: 1000, reason: [1] }, wrongType],
      ['a reason that is an object', { status: 1000, reason: {} }, wrongType],
    ])('rejects %s', (_what, close, error) => {
      using server = openServer();
      expect(refusal(() => WebSocketSend(server.handle, CLOSE, close as never))).toMatchObject(error);
    });
  });

  it.each([
    ['a string', 'text'],
    ['a number', 1],
    ['a boolean', true],
    ['a bigint', 1n],
    ['a symbol', Symbol('data')],
    ['a function', () => 1],
    ['an array', [1, 2]],
    ['an object', {}],
    ['a close', { status: 1000 }],
    ['a Proxy of bytes', new Proxy(Buffer.from('x'), {})],
    ['an array-like', { length: 1, 0: 1 }],
  ])('refuses %s as data', (_what, data) => {
    using server = openServer();
    expect(refusal(() => WebSocketSend(server.handle, UTF8_MESSAGE, data as never))).toMatchObject(wrongType);
  });

  it.each([
    [undefined, wrongType],
    [null, wrongType],
    ['UTF8_MESSAGE', wrongType],
    [0x80000000n, wrongType],
    [Symbol('type'), wrongType],
    [{ valueOf: (): number => UTF8_MESSAGE }, wrongType],
    [Number.NaN, outOfRange],
    [Number.POSITIVE_INFINITY, outOfRange],
    [-1, outOfRange],
    [UTF8_MESSAGE | 0, outOfRange],
    [0.5, outOfRange],
    [2 ** 32, outOfRange],
  ])('rejects %o as a buffer type', (type, error) => {
    using server = openServer();
    expect(refusal(() => WebSocketSend(server.handle, type as never))).toMatchObject(error);
  });

  it.each([0x80000007, 0xffffffff])('passes buffer type %i to the component', (type) => {
    using server = openServer();
    expect(refusal(() => WebSocketSend(server.handle, type, Buffer.from('x')))).toMatchObject(
      refusedByComponent('WebSocketSend'),
    );
  });

  it.each([PING_PONG, UNSOLICITED_PONG])('passes bytes with %i to the component', (type) => {
    using server = openServer();
    for (const data of [Buffer.from('x'), Buffer.alloc(0)]) {
      expect(refusal(() => WebSocketSend(server.handle, type, data))).toMatchObject(
        refusedByComponent('WebSocketSend'),
      );
    }
  });

  it('throws for a handle that is not open', () => {
    using handle = WebSocketCreateServerHandle([], { backend });
    expect(refusal(() => WebSocketSend(handle, UTF8_MESSAGE, Buffer.from('x')))).toMatchObject(
      refusedByComponent('WebSocketSend'),
    );
  });

  it('rejects more bytes than a ULONG can count, before copying', () => {
    using server = openServer();
    // Never touched, so it takes address space only.
    const huge = new Uint8Array(2 ** 32);
    expect(refusal(() => WebSocketSend(server.handle, BINARY_MESSAGE, huge))).toMatchObject(outOfRange);
    expect(refusal(() => WebSocketSend(server.handle, CLOSE, { status: 1000, reason: huge }))).toMatchObject(
      outOfRange,
    );
  });

  describe('with a context', () => {
    it.each([
      ['an object', { a: 1 }],
      ['a string', 'context'],
      ['a number', 0],
      ['null', null],
      ['false', false],
      ['a symbol', Symbol('context')],
      ['a function', () => 1],
      ['nothing', undefined],
    ])('returns %s with each of its actions', (_what, context) => {
      using server = openServer();
      WebSocketSend(server.handle, UTF8_MESSAGE, Buffer.from('x'), context);
      const send = WebSocketGetAction(server.handle, ActionQueue.SEND);
      expect([send.action, send.applicationContext]).toEqual([Action.SEND_TO_NETWORK, context]);
      WebSocketCompleteAction(server.handle, send.actionContext, 3);
      const complete = WebSocketGetAction(server.handle, ActionQueue.SEND);
      expect([complete.action, complete.applicationContext]).toEqual([Action.INDICATE_SEND_COMPLETE, context]);
      WebSocketCompleteAction(server.handle, complete.actionContext, 0);
    });

    it('does not return it with the next operation', () => {
      using server = openServer();
      WebSocketSend(server.handle, UTF8_MESSAGE, Buffer.from('x'), 'first');
      drive(server);
      WebSocketSend(server.handle, UTF8_MESSAGE, Buffer.from('x'));
      drive(server);
      expect(server.sent).toEqual(['first', undefined]);
    });

    it('does not keep that of a rejected send', () => {
      using server = openServer();
      refusal(() => WebSocketSend(server.handle, 0x80000007, undefined, 'refused'));
      WebSocketSend(server.handle, UTF8_MESSAGE, Buffer.from('x'));
      drive(server);
      expect(server.sent).toEqual([undefined]);
    });

    it('may be the handle itself', () => {
      using server = openServer();
      WebSocketSend(server.handle, UTF8_MESSAGE, undefined, server.handle);
      drive(server);
      expect(server.sent[0]).toBe(server.handle);
    });
  });

  it('rejects detached bytes', () => {
    using server = openServer();
    const buffer = new ArrayBuffer(8);
    const values = [
      buffer,
      new Uint8Array(buffer),
      new Uint16Array(buffer),
      new DataView(buffer),
      new Uint8Array(buffer, 4),
    ];
    structuredClone(buffer, { transfer: [buffer] });
    for (const data of values) {
      expect(refusal(() => WebSocketSend(server.handle, BINARY_MESSAGE, data))).toMatchObject(wrongValue);
      expect(refusal(() => WebSocketSend(server.handle, CLOSE, { status: 1000, reason: data }))).toMatchObject(
        wrongValue,
      );
    }
    expect(WebSocketGetAction(server.handle, ActionQueue.SEND).action).toBe(Action.NO_ACTION);
  });

  it('rejects bytes that a resized buffer no longer has', () => {
    using server = openServer();
    const buffer = resizableBuffer(16);
    const values = [new Uint8Array(buffer, 8, 8), new Uint16Array(buffer, 12, 2), new DataView(buffer, 8, 8)];
    const atTheEnd = new Uint8Array(buffer, 4);
    buffer.resize(4);
    for (const data of values) {
      expect(refusal(() => WebSocketSend(server.handle, BINARY_MESSAGE, data))).toMatchObject(wrongValue);
    }
    WebSocketSend(server.handle, BINARY_MESSAGE, atTheEnd);
    expect(wireOf(server)).toBe('8200');
  });
});
