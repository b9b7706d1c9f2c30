// The blocks that a socket reads into, and whether its parts are copies.
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { Inbound, inboundOf } from '../../../lib/winhttp/portable/inbound.ts';

/** The reading side of a socket that keeps what is pushed, and that has so much unread. */
function reading(unread = 0) {
  const pushed: Buffer[] = [];
  const socket = new Socket();
  Object.defineProperty(socket, 'readableLength', { value: unread });
  socket.push = (bytes: Buffer) => pushed.push(bytes) > 0;
  const inbound = new Inbound();
  inbound.attach(socket);
  const { buffer, callback } = inbound.onread;
  const next = buffer as () => Buffer;
  /** Reads bytes as Node.js does, and returns the block and the part that was pushed. */
  const read = (text: string) => {
    const block = next();
    callback(block.write(text), block);
    return { block, part: pushed.at(-1) as Buffer };
  };
  return { inbound, socket, read };
}

const isShared = ({ block, part }: { block: Buffer; part: Buffer }) => block.buffer === part.buffer;

test('all sockets read into one block, and get copies', () => {
  const [one, other] = [reading(), reading()];
  const first = one.read('first');
  const second = other.read('second');
  expect(second.block).toBe(first.block);
  expect([String(first.part), String(second.part)]).toEqual(['first', 'second']);
  expect([isShared(first), isShared(second)]).toEqual([false, false]);
  expect([inboundOf(one.socket), inboundOf(new Socket())]).toEqual([one.inbound, undefined]);
});

test('lent parts lie in two blocks in turn, which are not those of others', () => {
  const { inbound, read } = reading();
  const common = read('copied').block;
  inbound.setLending(true);
  inbound.setLending(true);
  const parts = ['one', 'two', 'three'].map(read);
  expect(parts.map(isShared)).toEqual([true, true, true]);
  // The first block was filled again.
  expect(parts.map(({ part }) => String(part))).toEqual(['thr', 'two', 'three']);
  expect([parts[0]?.block === parts[1]?.block, parts[0]?.block === parts[2]?.block]).toEqual([false, true]);
  expect(parts.map(({ block }) => block)).not.toContain(common);
  inbound.setLending(false);
  const copied = read('copied');
  expect([copied.block, isShared(copied)]).toEqual([common, false]);
});

test('a part is copied while an earlier one is unread', () => {
  const { inbound, read } = reading(1);
  inbound.setLending(true);
  expect(isShared(read('part'))).toBe(false);
});

test('a part in the common block is copied although lending has begun', () => {
  const { inbound, socket, read } = reading();
  const { block } = read('before');
  inbound.setLending(true);
  let part: Buffer | undefined;
  socket.push = (bytes: Buffer) => {
    part = bytes;
    return true;
  };
  inbound.onread.callback(3, block);
  expect(part?.buffer === block.buffer).toBe(false);
});
