// Frames of every size and kind, good and bad: RFC 6455, 5.2 and 5.5.
import { binaryEcho, describeCases, PROTOCOL_ERROR, type ProtocolCase, pongOf, textEcho } from './protocol-case.ts';
import { binary, frame, ping, pong, text } from './raw-client.ts';

const SIZES = [0, 1, 2, 125, 126, 127, 128, 255, 256, 257, 65_535, 65_536, 65_537];

const bytesOf = (size: number) => Buffer.from(Array.from({ length: size }, (_, i) => (i * 7) & 0xff));

const messages: ProtocolCase[] = SIZES.flatMap((size) => [
  { title: `echoes ${size} bytes of text`, write: [text('*'.repeat(size))], answers: [textEcho('*'.repeat(size))] },
  { title: `echoes ${size} bytes`, write: [binary(bytesOf(size))], answers: [binaryEcho(bytesOf(size))] },
]);

const chopped: ProtocolCase[] = [1, 7, 997].flatMap((chop) => {
  const size = chop === 1 ? 300 : 65_536;
  return [
    {
      title: `echoes ${size} bytes of text that come ${chop} at a time`,
      write: [text('*'.repeat(size))],
      chop,
      answers: [textEcho('*'.repeat(size))],
    },
    {
      title: `echoes ${size} bytes that come ${chop} at a time`,
      write: [binary(bytesOf(size))],
      chop,
      answers: [binaryEcho(bytesOf(size))],
    },
  ];
});

describeCases('messages', [...messages, ...chopped]);

describeCases('length fields', [
  { title: 'refuses 5 bytes in a 16-bit length', write: [text('Hello', { lengthBits: 16 })], closes: PROTOCOL_ERROR },
  {
    title: 'refuses 125 bytes in a 16-bit length',
    write: [binary(bytesOf(125), { lengthBits: 16 })],
    closes: PROTOCOL_ERROR,
  },
  { title: 'refuses 5 bytes in a 64-bit length', write: [text('Hello', { lengthBits: 64 })], closes: PROTOCOL_ERROR },
  {
    title: 'refuses 65535 bytes in a 64-bit length',
    write: [binary(bytesOf(65_535), { lengthBits: 64 })],
    closes: PROTOCOL_ERROR,
  },
  {
    title: 'refuses a 64-bit length with the top bit set',
    write: [Buffer.from('82ff800000000000000100000000', 'hex')],
    closes: PROTOCOL_ERROR,
  },
]);

describeCases('masking', [
  { title: 'refuses an unmasked text', write: [text('Hello', { key: undefined })], closes: PROTOCOL_ERROR },
  { title: 'refuses an unmasked empty binary', write: [binary('', { key: undefined })], closes: PROTOCOL_ERROR },
  { title: 'refuses an unmasked ping', write: [ping('', { key: undefined })], closes: PROTOCOL_ERROR },
  { title: 'takes a key of zeros', write: [text('Hello', { key: Buffer.alloc(4) })], answers: [textEcho('Hello')] },
  { title: 'takes a key of ones', write: [text('Hello', { key: Buffer.alloc(4, 255) })], answers: [textEcho('Hello')] },
]);

const tenPings = Array.from({ length: 10 }, (_, i) => `payload ${i}`);

describeCases('pings and pongs', [
  { title: 'answers an empty ping', write: [ping()], answers: [pongOf()] },
  { title: 'answers a ping with text', write: [ping('Hello, world!')], answers: [pongOf('Hello, world!')] },
  {
    title: 'answers a ping with bytes',
    write: [ping(Buffer.from('00fffefdfcfb00ff', 'hex'))],
    answers: [pongOf(Buffer.from('00fffefdfcfb00ff', 'hex'))],
  },
  { title: 'answers a ping of 125 bytes', write: [ping(bytesOf(125))], answers: [pongOf(bytesOf(125))] },
  {
    title: 'answers a ping of 125 bytes that come one by one',
    write: [ping(bytesOf(125))],
    chop: 1,
    answers: [pongOf(bytesOf(125))],
  },
  { title: 'refuses a ping of 126 bytes', write: [ping(bytesOf(126))], closes: PROTOCOL_ERROR },
  { title: 'ignores a pong that nobody asked for', write: [pong()], answers: [] },
  { title: 'ignores such a pong with a payload', write: [pong('nobody asked')], answers: [] },
  {
    title: 'answers the ping after such a pong',
    write: [pong('nobody asked'), ping('asked')],
    answers: [pongOf('asked')],
  },
  { title: 'refuses a pong of 126 bytes', write: [pong(bytesOf(126))], closes: PROTOCOL_ERROR },
  {
    title: 'answers ten pings in order',
    write: tenPings.map((payload) => ping(payload)),
    answers: tenPings.map((payload) => pongOf(payload)),
  },
  {
    title: 'answers ten pings that come one byte at a time',
    write: tenPings.map((payload) => ping(payload)),
    chop: 1,
    answers: tenPings.map((payload) => pongOf(payload)),
  },
  {
    title: 'keeps messages and pongs in their own order',
    write: [text('one'), ping('a'), text('two'), ping('b')],
    chop: 1,
    answers: [textEcho('one'), pongOf('a'), textEcho('two'), pongOf('b')],
  },
]);

const reserved: ProtocolCase[] = [1, 2, 3, 4, 5, 6, 7].flatMap((rsv) => [
  { title: `refuses reserved bits ${rsv} on a text`, write: [text('Hello', { rsv })], closes: PROTOCOL_ERROR },
  { title: `refuses reserved bits ${rsv} on a binary`, write: [binary(bytesOf(8), { rsv })], closes: PROTOCOL_ERROR },
  { title: `refuses reserved bits ${rsv} on a ping`, write: [ping('Hello', { rsv })], closes: PROTOCOL_ERROR },
  { title: `refuses reserved bits ${rsv} on a close`, write: [frame(8, '', { rsv })], closes: PROTOCOL_ERROR },
  {
    title: `echoes what came before reserved bits ${rsv}`,
    write: [text('first'), text('second', { rsv }), ping()],
    answers: [textEcho('first')],
    closes: PROTOCOL_ERROR,
  },
  {
    title: `echoes what came before reserved bits ${rsv}, byte by byte`,
    write: [text('first'), text('second', { rsv }), ping()],
    chop: 1,
    answers: [textEcho('first')],
    closes: PROTOCOL_ERROR,
  },
]);

describeCases('reserved bits', reserved);

const opcodes: ProtocolCase[] = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) => [
  { title: `refuses opcode ${opcode}`, write: [frame(opcode)], closes: PROTOCOL_ERROR },
  {
    title: `refuses opcode ${opcode} with a payload`,
    write: [frame(opcode, 'reserved payload')],
    closes: PROTOCOL_ERROR,
  },
  {
    title: `echoes what came before opcode ${opcode}`,
    write: [text('first'), frame(opcode), ping()],
    answers: [textEcho('first')],
    closes: PROTOCOL_ERROR,
  },
  {
    title: `echoes what came before opcode ${opcode}, byte by byte`,
    write: [text('first'), frame(opcode, 'reserved payload'), ping()],
    chop: 1,
    answers: [textEcho('first')],
    closes: PROTOCOL_ERROR,
  },
]);

describeCases('reserved opcodes', opcodes);
