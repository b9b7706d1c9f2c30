import { describe, expect, it } from 'vitest';
import {
  ActionQueue,
  BufferType,
  PropertyType,
  WebSocketCompleteAction,
  WebSocketCreateServerHandle,
  WebSocketGetAction,
  WebSocketReceive,
} from '../../../lib/sys.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { abortAndDrain, drive, type Endpoint, feed, openEndpoint, type Received } from '../../helpers/loopback.ts';
import { outOfRange, refusal, refusedByComponent, wrongType, wrongValue } from '../../helpers/refusal.ts';
import { resizableBuffer } from '../../helpers/resizable-buffer.ts';

const HELLO = '8105 48656c6c6f';
const CLOSE_1000 = '8802 03e8';

/** Returns the indication of a client's next receive for these bytes. */
function receive(client: Endpoint, bytes: string | Uint8Array, buffer?: Uint8Array, context?: unknown): Received {
  WebSocketReceive(client.handle, buffer, context);
  feed(client, bytes);
  drive(client);
  return client.received.at(-1) as Received;
}

/** Returns a binary frame of a server, of less than 64 KiB. */
function frameOf(payload: Uint8Array): Buffer {
  const { length } = payload;
  const header = length < 126 ? [0x82, length] : [0x82, 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), payload]);
}

describe.each(availableBackends)('WebSocketReceive of %s', (backend) => {
  const openClient = () =>
    openEndpoint('client', { backend, properties: [{ type: PropertyType.RECEIVE_BUFFER_SIZE, value: 65536 }] });

  it('returns nothing', () => {
    using client = openClient();
    expect(WebSocketReceive(client.handle)).toBeUndefined();
  });

  it('indicates a message as one Buffer with separate memory', () => {
    using client = openClient();
    const { bufferType, data, close } = receive(client, HELLO);
    expect([bufferType, data.toString(), close]).toEqual([BufferType.UTF8_MESSAGE, 'Hello', undefined]);
    receive(client, '8105 576f726c64');
    expect(data.toString()).toBe('Hello');
  });

  it.each([0, 1, 511, 512, 513, 1024, 60_000])('indicates %i bytes', (size) => {
    using client = openClient();
    const payload = Buffer.from(Array.from({ length: size }, (_, index) => (index * 7) & 0xff));
    const { data } = receive(client, frameOf(payload));
    expect(data.equals(payload)).toBe(true);
    expect(Buffer.isBuffer(data)).toBe(true);
  });

  describe('with a buffer', () => {
    const memory = () => new Uint8Array(16).fill(0xee);

    it.each([
      ['a Uint8Array', (bytes: Uint8Array) => bytes],
      ['an ArrayBuffer', (bytes: Uint8Array) => bytes.buffer],
      ['a DataView', (bytes: Uint8Array) => new DataView(bytes.buffer)],
      ['a Uint16Array', (bytes: Uint8Array) => new Uint16Array(bytes.buffer)],
    ])('copies into %s and returns the filled part', (_what, viewOf) => {
      using client = openClient();
      const bytes = memory();
      const { data } = receive(client, HELLO, viewOf(bytes) as Uint8Array);
      expect(data.toString()).toBe('Hello');
      expect(Buffer.from(bytes).toString('hex')).toBe(`48656c6c6f${'ee'.repeat(11)}`);
      expect([data.buffer, data.byteOffset]).toEqual([bytes.buffer, 0]);
    });

    it('writes only to the part that a view covers', () => {
      using client = openClient();
      const bytes = memory();
      const { data } = receive(client, HELLO, bytes.subarray(4, 12));
      expect(Buffer.from(bytes).toString('hex')).toBe(`eeeeeeee48656c6c6f${'ee'.repeat(7)}`);
      expect(data.byteOffset).toBe(4);
    });

    it('copies into a SharedArrayBuffer', () => {
      using client = openClient();
      const bytes = new Uint8Array(new SharedArrayBuffer(8));
      receive(client, HELLO, bytes);
      expect(Buffer.from(bytes).toString()).toBe('Hello\0\0\0');
    });

    it('copies a payload that is too long for the exchange block', () => {
      using client = openClient();
      const payload = Buffer.alloc(5000, 0x61);
      const bytes = new Uint8Array(6000);
      const { data } = receive(client, frameOf(payload), bytes);
      expect(data.buffer).toBe(bytes.buffer);
      expect(data.equals(payload)).toBe(true);
      expect(bytes[5000]).toBe(0);
    });

    it('copies the parts of a longer message to the buffers of several receives', () => {
      using client = openClient();
      const buffers = [new Uint8Array(2), new Uint8Array(2), new Uint8Array(2)];
      for (const buffer of buffers) WebSocketReceive(client.handle, buffer);
      feed(client, HELLO);
      drive(client);
      const joined = Buffer.concat(client.received.map(({ data }) => data));
      expect(joined.toString()).toBe('Hello');
      for (const { data } of client.received) expect(data.length).toBeLessThanOrEqual(2);
    });

    it.each([0, 5])('still indicates %i bytes when the buffer was detached meanwhile', (size) => {
      using client = openClient();
      const bytes = memory();
      WebSocketReceive(client.handle, bytes);
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
      feed(client, `820${size}${'61'.repeat(size)}`);
      drive(client);
      expect(client.received[0]?.data.toString()).toBe('a'.repeat(size));
    });

    it('still indicates the bytes when the buffer was shrunk meanwhile', () => {
      using client = openClient();
      const buffer = resizableBuffer(16);
      WebSocketReceive(client.handle, buffer);
      buffer.resize(2);
      feed(client, HELLO);
      drive(client);
      expect(client.received[0]?.data.toString()).toBe('Hello');
    });

    it('writes nothing to it before the indication', () => {
      using client = openClient();
      const bytes = memory();
      WebSocketReceive(client.handle, bytes);
      const read = WebSocketGetAction(client.handle, ActionQueue.RECEIVE);
      WebSocketCompleteAction(client.handle, read.actionContext, Buffer.from(HELLO.replace(' ', ''), 'hex'));
      expect(bytes[0]).toBe(0xee);
      expect(WebSocketGetAction(client.handle, ActionQueue.RECEIVE).buffers[0]?.toString()).toBe('Hello');
      expect(bytes[0]).toBe(0x48);
    });

    it('does not use the buffer of an earlier receive', () => {
      using client = openClient();
      const bytes = memory();
      receive(client, HELLO, bytes);
      expect(receive(client, '8105 576f726c64').data.buffer).not.toBe(bytes.buffer);
      expect(Buffer.from(bytes.subarray(0, 5)).toString()).toBe('Hello');
    });

    it('is not changed by an abort', () => {
      using client = openClient();
      const bytes = memory();
      WebSocketReceive(client.handle, bytes, 'context');
      expect(abortAndDrain(client)).toMatchObject([{ size: 0, context: 'context' }]);
      expect(bytes.every((byte) => byte === 0xee)).toBe(true);
    });

    it.each([
      ['a string', 'x'],
      ['a number', 16],
      ['an array', [0, 0]],
      ['an object', {}],
      ['a Proxy', new Proxy(new Uint8Array(1), {})],
    ])('refuses %s', (_what, buffer) => {
      using client = openClient();
      expect(refusal(() => WebSocketReceive(client.handle, buffer as never))).toMatchObject(wrongType);
    });

    it('rejects a detached one', () => {
      using client = openClient();
      const buffer = new ArrayBuffer(8);
      const values = [buffer, new Uint8Array(buffer), new DataView(buffer)];
      structuredClone(buffer, { transfer: [buffer] });
      for (const value of values) {
        expect(refusal(() => WebSocketReceive(client.handle, value))).toMatchObject(wrongValue);
      }
    });

    it('rejects one of 4 GiB', () => {
      using client = openClient();
      expect(refusal(() => WebSocketReceive(client.handle, new Uint8Array(2 ** 32)))).toMatchObject(outOfRange);
    });
  });

  it.each(['text', 0, null, undefined, { a: 1 }])('returns %o as context with each of its actions', (context) => {
    using client = openClient();
    WebSocketReceive(client.handle, null as never, context);
    const read = WebSocketGetAction(client.handle, ActionQueue.RECEIVE);
    expect(read.applicationContext).toBe(context);
    WebSocketCompleteAction(client.handle, read.actionContext, Buffer.from(HELLO.replace(' ', ''), 'hex'));
    expect(WebSocketGetAction(client.handle, ActionQueue.RECEIVE).applicationContext).toBe(context);
  });

  it('throws for a handle that is not open', () => {
    using handle = WebSocketCreateServerHandle([], { backend });
    for (const buffer of [undefined, new Uint8Array(8)]) {
      expect(refusal(() => WebSocketReceive(handle, buffer))).toMatchObject(refusedByComponent('WebSocketReceive'));
    }
  });

  describe('and a close', () => {
    it.each([
      ['without payload', '8800', { status: 1005, reason: undefined }, ''],
      ['with a status', CLOSE_1000, { status: 1000, reason: '' }, ''],
      ['with a reason', '8805 03e9 627965', { status: 1001, reason: 'bye' }, '627965'],
      ['with a reason in UTF-8', '8805 03e9 e282ac', { status: 1001, reason: '\u20ac' }, 'e282ac'],
    ])('%s', (_what, bytes, close, reason) => {
      using client = openClient();
      const indicated = receive(client, bytes);
      expect(indicated.bufferType).toBe(BufferType.CLOSE);
      expect(indicated.close).toEqual(close);
      expect(indicated.data.toString('hex')).toBe(reason);
    });

    it('in a buffer of the caller', () => {
      using client = openClient();
      expect(receive(client, '8805 03e9 627965', new Uint8Array(123)).close).toEqual({ status: 1001, reason: 'bye' });
    });
  });

  it('indicates the end of the stream as one empty Buffer', () => {
    using client = openClient();
    WebSocketReceive(client.handle, undefined, 'context');
    const read = WebSocketGetAction(client.handle, ActionQueue.RECEIVE);
    WebSocketCompleteAction(client.handle, read.actionContext, 0);
    const indication = WebSocketGetAction(client.handle, ActionQueue.RECEIVE);
    expect(indication).toMatchObject({ action: 4, applicationContext: 'context', close: undefined });
    expect(indication.buffers).toEqual([Buffer.alloc(0)]);
  });
});
