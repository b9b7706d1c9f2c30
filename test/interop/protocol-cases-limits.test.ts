// Large messages, many pieces, many messages; and the limit of the echo server. Autobahn's category 9.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { backends } from 'winwire';
import { createEchoServer } from '../../examples/echo-server.ts';
import { availableBackends } from '../helpers/backends.ts';
import { describeEndpoints, LARGE_READS } from './echo-endpoints.ts';
import { binaryEcho, describeCases, type ProtocolCase, readAnswer, textEcho } from './protocol-case.ts';
import { binary, fragmented, Opcode, ofServer, RawPeer, text } from './raw-peer.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Many megabytes are sent only with the platform's default backend, in reads of ordinary size. */
const light = LARGE_READS.filter(({ backend }) => backend === backends().default);

const bytesOf = (size: number) => Buffer.alloc(size, 'The quick brown fox jumps over the lazy dog. ');

/** Returns text with characters of every length, complete at the end. */
function textOf(size: number): Buffer {
  const unit = Buffer.from('Grüße an die Welt, 世界 👋! ');
  const rest = size % unit.length;
  return Buffer.concat([Buffer.alloc(size - rest, unit), Buffer.alloc(rest, '.')]);
}

const whole: ProtocolCase[] = [64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB].flatMap((size, i) => [
  { title: `9.1.${i + 1} text of ${size / KIB} KiB`, write: [text(bytesOf(size))], answers: [textEcho(bytesOf(size))] },
  {
    title: `9.2.${i + 1} ${size / KIB} KiB of bytes`,
    write: [binary(bytesOf(size))],
    answers: [binaryEcho(bytesOf(size))],
  },
]);

const inFragments: ProtocolCase[] = [64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB].flatMap(
  (size, i) => [
    {
      title: `9.3.${i + 1} 4 MiB of text in fragments of ${size}`,
      write: fragmented(Opcode.TEXT, bytesOf(4 * MIB), size),
      answers: [textEcho(bytesOf(4 * MIB))],
    },
    {
      title: `9.4.${i + 1} 4 MiB of bytes in fragments of ${size}`,
      write: fragmented(Opcode.BINARY, bytesOf(4 * MIB), size),
      answers: [binaryEcho(bytesOf(4 * MIB))],
    },
  ],
);

const inChops: ProtocolCase[] = [64, 128, 256, 512, 1024, 2048].flatMap((chop, i) => [
  {
    title: `9.5.${i + 1} 1 MiB of text in writes of ${chop}`,
    chop,
    write: [text(bytesOf(MIB))],
    answers: [textEcho(bytesOf(MIB))],
  },
  {
    title: `9.6.${i + 1} 1 MiB of bytes in writes of ${chop}`,
    chop,
    write: [binary(bytesOf(MIB))],
    answers: [binaryEcho(bytesOf(MIB))],
  },
]);

describeCases('large messages', whole, light);
describeCases('large messages in fragments', inFragments, light);
describeCases('large messages in pieces', inChops, light);
describeCases(
  '16 MiB in pieces of 64 KiB',
  [
    { title: 'text', chop: 64 * KIB, write: [text(textOf(16 * MIB))], answers: [textEcho(textOf(16 * MIB))] },
    { title: 'bytes', chop: 64 * KIB, write: [binary(bytesOf(16 * MIB))], answers: [binaryEcho(bytesOf(16 * MIB))] },
  ],
  light,
);

// Autobahn's number; each read and write of a socket costs five times as much under Wine.
const COUNT = process.env.WINWIRE_LANE === 'wine' ? 200 : 1_000;

describeCases(
  `${COUNT} messages in one go`,
  [0, 16, 64, 256, KIB].flatMap((size): ProtocolCase[] => [
    {
      title: `text of ${size} bytes`,
      write: Array.from({ length: COUNT }, () => text(bytesOf(size))),
      answers: Array.from({ length: COUNT }, () => textEcho(bytesOf(size))),
    },
    {
      title: `${size} bytes`,
      write: Array.from({ length: COUNT }, () => binary(bytesOf(size))),
      answers: Array.from({ length: COUNT }, () => binaryEcho(bytesOf(size))),
    },
  ]),
);

async function openEcho(options: Parameters<typeof createEchoServer>[0]) {
  const server = createEchoServer(options).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = await RawPeer.open((server.address() as AddressInfo).port);
  const dispose = () => {
    client.destroy();
    server.close();
  };
  return { client, [Symbol.dispose]: dispose };
}

const inTurn = [0, 16, 64, 256, KIB, 4 * KIB].flatMap((size, i) => [
  { title: `9.7.${i + 1} text of ${size} bytes`, write: text, opcode: Opcode.TEXT, size },
  { title: `9.8.${i + 1} ${size} bytes`, write: binary, opcode: Opcode.BINARY, size },
]);

describeEndpoints(
  `${COUNT} messages in turn`,
  inTurn,
  () => true,
  async ({ write, opcode, size }, peer, { role }) => {
    const bytes = bytesOf(size);
    const message = role === 'server' ? write(bytes) : ofServer(write(bytes));
    for (let i = 0; i < COUNT; i++) {
      peer.write(message);
      const answer = await readAnswer(peer);
      if (answer?.opcode !== opcode || !answer.payload.equals(bytes)) expect(answer?.payload).toEqual(bytes);
    }
  },
  light,
);

describe.each(availableBackends)('an echo server (%s)', (backend) => {
  it('closes with 1009 when a message exceeds its limit, before it is complete', async () => {
    using echo = await openEcho({ backend, maxMessageSize: 1_000 });
    echo.client.write(binary(bytesOf(1_000)));
    expect((await echo.client.readFrame())?.payload.length).toBe(1_000);
    echo.client.write(binary(bytesOf(100_000)).subarray(0, 2_000));
    const answer = await echo.client.readFrame();
    expect(answer?.opcode).toBe(Opcode.CLOSE);
    expect(answer?.payload.readUInt16BE()).toBe(1009);
    await echo.client.readToEnd();
  });

  it('counts all fragments of a message', async () => {
    using echo = await openEcho({ backend, maxMessageSize: 1_000 });
    for (const part of fragmented(Opcode.TEXT, bytesOf(1_001), 100)) echo.client.write(part);
    expect((await echo.client.readFrame())?.payload.readUInt16BE()).toBe(1009);
  });
});
