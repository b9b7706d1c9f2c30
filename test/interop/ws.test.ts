// The functions with `ws`, the usual implementation in Node.js.
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import * as sys from 'winwire/sys';
import type { Ending } from '../../examples/lib/endpoint.ts';
import { type Connection, LANES, openConnection } from './connections.ts';

const { BufferType } = sys;

const SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 16 * 1024 * 1024];
const CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999];
const TEXT = 'aé世👋';

const bytesOf = (size: number) => Buffer.alloc(size, 'The quick brown fox jumps over the lazy dog. ');

async function ourMessage({ ours }: Connection): Promise<string | Buffer> {
  const [message] = (await once(ours, 'message')) as [string | Buffer];
  return message;
}

async function theirMessage({ theirs }: Connection): Promise<string | Buffer> {
  const [data, isBinary] = (await once(theirs, 'message')) as [Buffer, boolean];
  return isBinary ? data : data.toString();
}

/** Like toEqual, which is slow for many megabytes. */
function expectSame(found: string | Buffer, wanted: string | Buffer): void {
  if (wanted.length < 1_000) expect(found).toEqual(wanted);
  else expect(Buffer.isBuffer(wanted) ? wanted.equals(found as Buffer) : wanted === found).toBe(true);
}

/** The functions with a small read size, so that every split of a network occurs. */
function withRoom(room: number): sys.WebSocketFunctions {
  return {
    ...sys,
    WebSocketGetAction: (handle, queue) => {
      const action = sys.WebSocketGetAction(handle, queue);
      return { ...action, room: Math.min(action.room, room) };
    },
  };
}

describe.each(LANES)('$backend $role and ws over $transport', (lane) => {
  it.each(SIZES)('exchanges %i bytes', async (size) => {
    await using connection = await openConnection(lane);
    const bytes = bytesOf(size);
    connection.ours.send(bytes);
    expectSame(await theirMessage(connection), bytes);
    connection.theirs.send(bytes);
    expectSame(await ourMessage(connection), bytes);
  });

  it.each(SIZES)('exchanges %i characters', async (size) => {
    await using connection = await openConnection(lane);
    const text = bytesOf(size).toString();
    connection.ours.send(text);
    expectSame(await theirMessage(connection), text);
    connection.theirs.send(text);
    expectSame(await ourMessage(connection), text);
  });

  it('sends fragments cut at every byte of a text', async () => {
    await using connection = await openConnection(lane);
    const bytes = Buffer.from(TEXT);
    for (let at = 0; at <= bytes.length; at++) {
      const message = theirMessage(connection);
      connection.ours.sendPart(BufferType.UTF8_FRAGMENT, bytes.subarray(0, at));
      connection.ours.sendPart(BufferType.UTF8_MESSAGE, bytes.subarray(at));
      expect(await message).toBe(TEXT);
    }
  });

  it('receives fragments cut at every byte of a text', async () => {
    await using connection = await openConnection(lane);
    const bytes = Buffer.from(TEXT);
    for (let at = 0; at <= bytes.length; at++) {
      const message = ourMessage(connection);
      connection.theirs.send(bytes.subarray(0, at), { fin: false, binary: false });
      connection.theirs.send(bytes.subarray(at), { fin: true });
      expect(await message).toBe(TEXT);
    }
  });

  it('receives a fragment for each byte', async () => {
    await using connection = await openConnection(lane);
    const message = ourMessage(connection);
    for (const byte of Buffer.from(TEXT)) connection.theirs.send(Buffer.of(byte), { fin: false, binary: false });
    connection.theirs.send('', { fin: true });
    expect(await message).toBe(TEXT);
  });

  it.each([1, 2, 3, 5, 7])('receives text and bytes that arrive %i at a time', async (room) => {
    await using connection = await openConnection(lane, { functions: withRoom(room) });
    const text = TEXT.repeat(100);
    connection.theirs.send(text);
    expect(await ourMessage(connection)).toBe(text);
    connection.theirs.send(bytesOf(300));
    expectSame(await ourMessage(connection), bytesOf(300));
    connection.theirs.send(bytesOf(70_000));
    expectSame(await ourMessage(connection), bytesOf(70_000));
  });

  it('keeps the order of many messages of both kinds', async () => {
    await using connection = await openConnection(lane);
    const sent = Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? `message ${i}` : Buffer.from(`bytes ${i}`)));
    const received: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      connection.theirs.on('message', (data, isBinary) => connection.theirs.send(data, { binary: isBinary }));
      connection.ours.on('message', (message) => {
        received.push(message);
        if (received.length === sent.length) resolve();
      });
    });
    for (const message of sent) connection.ours.send(message);
    await all;
    expect(received).toEqual(sent);
  });

  it.each([0, 1, 5, 125])('answers a ping of %i bytes', async (size) => {
    await using connection = await openConnection(lane);
    const pong = once(connection.theirs, 'pong');
    connection.theirs.ping(bytesOf(size));
    expect((await pong)[0]).toEqual(bytesOf(size));
  });

  it('answers a ping between the fragments of a message', async () => {
    await using connection = await openConnection(lane);
    const pong = once(connection.theirs, 'pong');
    const message = ourMessage(connection);
    connection.theirs.send('frag', { fin: false });
    connection.theirs.ping('now');
    expect((await pong)[0].toString()).toBe('now');
    connection.theirs.send('ment', { fin: true });
    expect(await message).toBe('fragment');
  });

  it('sends a ping and gets its pong', async () => {
    await using connection = await openConnection(lane);
    const ping = once(connection.theirs, 'ping');
    const pong = once(connection.ours, 'pong');
    connection.ours.ping();
    expect((await ping)[0]).toEqual(Buffer.alloc(0));
    expect(await pong).toEqual([Buffer.alloc(0)]);
  });

  it('sends an unsolicited pong', async () => {
    await using connection = await openConnection(lane);
    const pong = once(connection.theirs, 'pong');
    connection.ours.sendPart(BufferType.UNSOLICITED_PONG);
    expect((await pong)[0]).toEqual(Buffer.alloc(0));
  });

  it.each(CODES)('closes with %i', async (code) => {
    await using connection = await openConnection(lane);
    const [theirs, ours] = [once(connection.theirs, 'close'), once(connection.ours, 'closed')];
    connection.ours.close(code, 'good bye, auf Wiedersehen, さようなら');
    const [status, reason] = await theirs;
    expect([status, reason.toString()]).toEqual([code, 'good bye, auf Wiedersehen, さようなら']);
    const [ending] = (await ours) as [Ending];
    expect(ending).toMatchObject({ status: code, clean: true });
  });

  it.each(CODES)('is closed with %i', async (code) => {
    await using connection = await openConnection(lane);
    const [theirs, ours] = [once(connection.theirs, 'close'), once(connection.ours, 'closed')];
    connection.theirs.close(code, 'good bye, auf Wiedersehen, さようなら');
    const [ending] = (await ours) as [Ending];
    expect(ending).toEqual({ status: code, reason: 'good bye, auf Wiedersehen, さようなら', clean: true });
    expect((await theirs)[0]).toBe(code);
  });

  it('closes and is closed without a status', async () => {
    for (const side of ['ours', 'theirs'] as const) {
      await using connection = await openConnection(lane);
      const [theirs, ours] = [once(connection.theirs, 'close'), once(connection.ours, 'closed')];
      if (side === 'ours') connection.ours.close(1005);
      else connection.theirs.close();
      expect((await theirs)[0]).toBe(1005);
      expect(((await ours) as [Ending])[0]).toEqual({ status: 1005, reason: '', clean: true });
    }
  });

  it('closes in both directions at once', async () => {
    await using connection = await openConnection(lane);
    const [theirs, ours] = [once(connection.theirs, 'close'), once(connection.ours, 'closed')];
    connection.ours.close(4001, 'ours');
    connection.theirs.close(4002, 'theirs');
    expect((await theirs)[0]).toBe(4001);
    expect(((await ours) as [Ending])[0]).toEqual({ status: 4002, reason: 'theirs', clean: true });
  });

  it('receives what was sent before the close', async () => {
    await using connection = await openConnection(lane);
    const closed = once(connection.ours, 'closed');
    const message = ourMessage(connection);
    connection.theirs.send('last words');
    connection.theirs.close(1000);
    expect(await message).toBe('last words');
    await closed;
  });

  it('notices that the other end is gone', async () => {
    await using connection = await openConnection(lane);
    const closed = once(connection.ours, 'closed');
    connection.theirs.terminate();
    expect(((await closed) as [Ending])[0]).toMatchObject({ status: 1006, clean: false });
    await expect(connection.ours.send('too late')).resolves.toBe(false);
  });

  it('aborts', async () => {
    await using connection = await openConnection(lane);
    const closed = once(connection.theirs, 'close');
    connection.ours.abort();
    expect((await closed)[0]).toBe(1006);
  });
});
