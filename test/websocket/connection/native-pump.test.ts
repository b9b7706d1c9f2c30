// Framing laws: all data arrives, sent in any parts, over a transport that splits it anywhere.
import type { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { availableBackends, backendPairs } from '../../helpers/backends.ts';
import { frame, handshake, handshakeAnswer, Opcode, ofServer } from '../../interop/raw-peer.ts';
import { acceptedOver, connectedOver, cuttingPair } from './in-memory.ts';

const BLANK_LINE = '\r\n\r\n';

// A property that hangs must report its seed before the test times out.
const RUNS = { numRuns: 50, timeout: 10_000, endOnFailure: true } as const;

/** Reads what follows the head of a request or response; `onHead` gets the head. */
function readBehindHead(transport: Duplex, onHead: (head: string) => void = () => {}): () => Buffer {
  let all = Buffer.alloc(0);
  transport.on('data', (chunk: Buffer) => {
    const before = all.indexOf(BLANK_LINE);
    all = Buffer.concat([all, chunk]);
    const end = all.indexOf(BLANK_LINE);
    if (before < 0 && end >= 0) onHead(all.subarray(0, end).toString('latin1'));
  });
  return () => all.subarray(all.indexOf(BLANK_LINE) + BLANK_LINE.length);
}

const sizes = fc.oneof(
  { weight: 6, arbitrary: fc.nat(140) },
  { weight: 2, arbitrary: fc.constantFrom(125, 126, 127, 4082, 4096, 16_384, 16_385, 65_535, 65_536) },
  { weight: 1, arbitrary: fc.nat(100_000) },
);
const cutting = fc.array(
  fc.oneof(fc.integer({ min: 16, max: 200 }), fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1000, max: 70_000 })),
  { minLength: 1, maxLength: 12 },
);
const binary = fc
  .tuple(sizes, fc.nat(255))
  .map(([size, first]) => Buffer.from(Array.from({ length: size }, (_, i) => first + i)));
const texts = fc.string({ unit: 'grapheme', maxLength: 300 });
const message = fc.oneof(binary, texts);
/** A message, and the number of parts in which it is sent as an iterable; 0: whole. */
const sending = fc.record({ message, parts: fc.nat(4), pings: fc.boolean() });

function partsOf(whole: string | Buffer, parts: number): string | Buffer | (string | Buffer)[] {
  if (parts === 0) return whole;
  const characters = typeof whole === 'string' ? [...whole] : whole;
  const size = Math.ceil(characters.length / parts);
  return Array.from({ length: parts }, (_, i) => {
    const part = characters.slice(i * size, (i + 1) * size);
    return Array.isArray(part) ? part.join('') : (part as Buffer);
  });
}

async function sendAll(
  connection: WebSocketConnection,
  all: readonly { message: string | Buffer; parts: number; pings: boolean }[],
) {
  const waits: Promise<unknown>[] = [];
  for (const { message: whole, parts, pings } of all) {
    waits.push(connection.send(partsOf(whole, parts)));
    if (pings) waits.push(connection.ping());
  }
  await Promise.all(waits);
}

async function receiveAll(connection: WebSocketConnection, count: number): Promise<unknown[]> {
  const received: unknown[] = [];
  for (let i = 0; i < count; i++) received.push(await connection.receive());
  return received;
}

/** Like `toEqual`, which is slow for long Buffers. */
function expectSame(received: readonly unknown[], sent: readonly (string | Buffer)[]): void {
  const isSame = (one: unknown, other: unknown) =>
    Buffer.isBuffer(one) && Buffer.isBuffer(other) ? one.equals(other) : one === other;
  if (!sent.every((message, i) => isSame(received[i], message))) expect(received).toEqual(sent);
  expect(received.length).toBe(sent.length);
}

describe.each(backendPairs)('a connection from %s to %s', (client, server) => {
  it('carries any messages both ways at once, in any fragments and chunks', async () => {
    const one = fc.array(sending, { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(one, one, cutting, fc.integer({ min: 256, max: 9000 }), async (forth, back, cuts, buffer) => {
        const properties = [0, 1].map((type) => ({ type, value: buffer }));
        const pair = cuttingPair(cuts);
        const [near, far] = await Promise.all([
          connectedOver(pair[0], { backend: client, properties }),
          acceptedOver(pair[1], { backend: server, properties }),
        ]);
        const [atFar, atNear] = await Promise.all([
          receiveAll(far, forth.length),
          receiveAll(near, back.length),
          sendAll(near, forth),
          sendAll(far, back),
        ]);
        expectSame(
          atFar,
          forth.map((sent) => sent.message),
        );
        expectSame(
          atNear,
          back.map((sent) => sent.message),
        );
        expect(await near.close(3000, 'done')).toMatchObject({ code: 3000, wasClean: true });
        expect(await far.closed).toEqual({ code: 3000, reason: 'done', wasClean: true });
        expect(near.statistics.wireBytesSent).toBe(far.statistics.wireBytesReceived);
        expect(far.statistics.wireBytesSent).toBe(near.statistics.wireBytesReceived);
      }),
      RUNS,
    );
  });

  it('keeps the messages of a chunk when an answer to one of them arrives meanwhile', async () => {
    const pair = cuttingPair([Number.POSITIVE_INFINITY]);
    const [near, far] = await Promise.all([
      connectedOver(pair[0], { backend: client }),
      acceptedOver(pair[1], { backend: server }),
    ]);
    const atNear: unknown[] = [];
    near.on('message', (message) => {
      atNear.push(message);
      // Larger than the staging limit: it is written, and read by the other end, before this returns.
      void near.send(`é${'x'.repeat(20_000)}`);
    });
    const sent = ['é first', 'ü second', Buffer.from('third'), 'ö fourth'];
    for (const message of sent) void far.send(message);
    const pong = far.ping();
    for (const _ of sent) expect(await far.receive()).toHaveLength(20_001);
    await pong;
    expect(atNear).toEqual(sent);
    near.abort();
  });

  it('allocates at most a tenth more than the size of frames', async () => {
    const pair = cuttingPair([Number.POSITIVE_INFINITY]);
    const written: Buffer[] = [];
    for (const transport of pair) {
      const write = transport._write;
      transport._write = (chunk: Buffer, encoding, done) => {
        written.push(chunk);
        write.call(transport, chunk, encoding, done);
      };
    }
    const ends = await Promise.all([
      connectedOver(pair[0], { backend: client }),
      acceptedOver(pair[1], { backend: server }),
    ]);
    written.length = 0;
    const large = Buffer.alloc(300_000);
    for (const end of ends)
      await Promise.all([end.send(large), ...Array.from({ length: 16 }, () => end.send('x'.repeat(1024)))]);
    expect(written.length).toBe(4);
    // Small buffers share Node's pool, which has 64 KiB from Node 26 on.
    const pool = Buffer.allocUnsafe(1).buffer.byteLength;
    for (const { buffer, length } of written)
      expect(buffer.byteLength).toBeLessThanOrEqual(Math.max(1.1 * length, pool));
    for (const end of ends) end.abort();
  });

  it('emits messages in order when one of them is answered at once', async () => {
    const pair = cuttingPair([Number.POSITIVE_INFINITY]);
    const [near, far] = await Promise.all([
      connectedOver(pair[0], { backend: client }),
      acceptedOver(pair[1], { backend: server }),
    ]);
    far.on('message', (message) => void far.send(message));
    const told: unknown[] = [];
    const isAnswered = new Promise<void>((resolve) => {
      near.on('message', (message) => {
        told.push(message);
        if (told.length <= 3) void near.send(`${told.length}${'é'.repeat(20_000)}`);
        if (told.length === 6) resolve();
      });
    });
    for (const message of ['a', 'b', 'c']) void far.send(message);
    await isAnswered;
    expect(told.map((message) => String(message).slice(0, 1))).toEqual(['a', 'b', 'c', '1', '2', '3']);
    near.abort();
  });
});

const key = fc.uint8Array({ minLength: 4, maxLength: 4 });
const ping = fc.option(fc.uint8Array({ maxLength: 125 }));
/** A valid message: any mask, any fragments, a ping between them. */
const written = fc.record({ bytes: binary, parts: fc.integer({ min: 1, max: 20 }), key, ping });
type Written = typeof written extends fc.Arbitrary<infer T> ? T : never;

function framesOf({ bytes, parts, key, ping }: Written): Buffer[] {
  const mask = { key: Buffer.from(key) };
  const size = Math.ceil(bytes.length / parts);
  const frames = Array.from({ length: parts }, (_, i) => {
    const part = bytes.subarray(i * size, (i + 1) * size);
    return frame(i === 0 ? Opcode.BINARY : Opcode.CONTINUATION, part, { ...mask, fin: i === parts - 1 });
  });
  if (ping !== null) frames.splice(1, 0, frame(Opcode.PING, ping, mask));
  return frames;
}

describe.each(availableBackends)('a connection on %s', (backend) => {
  it('reads all valid frames of a client, and answers its pings with their payloads, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(written, { maxLength: 5 }), cutting, async (all, cuts) => {
        const [near, far] = cuttingPair(cuts);
        const answers = readBehindHead(near);
        const accepted = acceptedOver(far, { backend });
        near.write(handshake());
        for (const one of all.flatMap(framesOf)) near.write(one);
        const connection = await accepted;
        expectSame(
          await receiveAll(connection, all.length),
          all.map(({ bytes }) => bytes),
        );
        const pongs = all.flatMap(({ ping }) => (ping === null ? [] : [ofServer(frame(Opcode.PONG, ping))]));
        expect(answers().equals(Buffer.concat(pongs))).toBe(true);
        expect(connection.statistics.pingsAnswered).toBe(pongs.length);
        connection.abort();
      }),
      RUNS,
    );
  });

  it('reads all valid frames of a server', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(written, { maxLength: 5 }), cutting, async (all, cuts) => {
        const [near, far] = cuttingPair(cuts);
        readBehindHead(far, (head) => {
          far.write(handshakeAnswer(head));
          for (const one of all.flatMap(framesOf)) far.write(ofServer(one));
        });
        const connection = await connectedOver(near, { backend });
        expectSame(
          await receiveAll(connection, all.length),
          all.map(({ bytes }) => bytes),
        );
        expect(connection.statistics.pingsAnswered).toBe(all.filter(({ ping }) => ping !== null).length);
        connection.abort();
      }),
      RUNS,
    );
  });
});
