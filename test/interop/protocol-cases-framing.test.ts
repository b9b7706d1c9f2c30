// Valid and invalid frames of every size and kind: RFC 6455, 5.2 and 5.5. Autobahn's categories 1 to 4.
import { binaryEcho, describeCases, PROTOCOL_ERROR, type ProtocolCase, pongOf, textEcho } from './protocol-case.ts';
import { binary, close, frame, ping, pong, text } from './raw-peer.ts';

const bytesOf = (size: number) => Buffer.from(Array.from({ length: size }, (_, i) => (i * 7) & 0xff));

const messages = [0, 125, 126, 127, 128, 65_535, 65_536].flatMap((size, i): ProtocolCase[] => [
  {
    title: `1.1.${i + 1} echoes ${size} bytes of text`,
    write: [text('*'.repeat(size))],
    answers: [textEcho('*'.repeat(size))],
  },
  {
    title: `1.2.${i + 1} echoes ${size} bytes`,
    write: [binary(bytesOf(size))],
    answers: [binaryEcho(bytesOf(size))],
  },
]);

const further = [1, 2, 255, 256, 257, 65_537].flatMap((size): ProtocolCase[] => [
  { title: `echoes ${size} bytes of text`, write: [text('*'.repeat(size))], answers: [textEcho('*'.repeat(size))] },
  { title: `echoes ${size} bytes`, write: [binary(bytesOf(size))], answers: [binaryEcho(bytesOf(size))] },
]);

const chopped = [
  { chop: 997, size: 65_536, numbers: ['1.1.8 ', '1.2.8 '] },
  { chop: 7, size: 65_536, numbers: ['', ''] },
  { chop: 1, size: 300, numbers: ['', ''] },
].flatMap(({ chop, size, numbers: [ofText, ofBytes] }): ProtocolCase[] => [
  {
    title: `${ofText}echoes ${size} bytes of text that come ${chop} at a time`,
    write: [text('*'.repeat(size))],
    chop,
    answers: [textEcho('*'.repeat(size))],
  },
  {
    title: `${ofBytes}echoes ${size} bytes that come ${chop} at a time`,
    write: [binary(bytesOf(size))],
    chop,
    answers: [binaryEcho(bytesOf(size))],
  },
]);

describeCases('messages', [...messages, ...further, ...chopped]);

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
    ofClients: true,
    closes: PROTOCOL_ERROR,
  },
  {
    title: 'refuses such a length in a frame without a mask',
    write: [Buffer.from('827f8000000000000001', 'hex')],
    closes: PROTOCOL_ERROR,
  },
]);

describeCases(
  'masking',
  [
    { title: 'refuses an unmasked text', write: [text('Hello', { key: undefined })], closes: PROTOCOL_ERROR },
    { title: 'refuses an unmasked empty binary', write: [binary('', { key: undefined })], closes: PROTOCOL_ERROR },
    { title: 'refuses an unmasked ping', write: [ping('', { key: undefined })], closes: PROTOCOL_ERROR },
    { title: 'takes a key of zeros', write: [text('Hello', { key: Buffer.alloc(4) })], answers: [textEcho('Hello')] },
    {
      title: 'takes a key of ones',
      write: [text('Hello', { key: Buffer.alloc(4, 255) })],
      answers: [textEcho('Hello')],
    },
  ].map((protocolCase) => ({ ...protocolCase, ofClients: true })),
);

const tenPings = Array.from({ length: 10 }, (_, i) => `payload ${i}`);

describeCases('pings and pongs', [
  { title: '2.1 answers an empty ping', write: [ping()], answers: [pongOf()] },
  { title: '2.2 answers a ping with text', write: [ping('Hello, world!')], answers: [pongOf('Hello, world!')] },
  {
    title: '2.3 answers a ping with bytes',
    write: [ping(Buffer.from('00fffefdfcfb00ff', 'hex'))],
    answers: [pongOf(Buffer.from('00fffefdfcfb00ff', 'hex'))],
  },
  { title: '2.4 answers a ping of 125 bytes', write: [ping(bytesOf(125))], answers: [pongOf(bytesOf(125))] },
  { title: '2.5 refuses a ping of 126 bytes', write: [ping(bytesOf(126))], closes: PROTOCOL_ERROR },
  {
    title: '2.6 answers a ping of 125 bytes that come one by one',
    write: [ping(bytesOf(125))],
    chop: 1,
    answers: [pongOf(bytesOf(125))],
  },
  { title: '2.7 ignores an unsolicited pong', write: [pong()] },
  { title: '2.8 ignores such a pong with a payload', write: [pong('unsolicited')] },
  {
    title: '2.9 answers the ping after such a pong',
    write: [pong('unsolicited'), ping('asked')],
    answers: [pongOf('asked')],
  },
  {
    title: '2.10 answers ten pings in order',
    write: tenPings.map((payload) => ping(payload)),
    answers: tenPings.map((payload) => pongOf(payload)),
  },
  {
    title: '2.11 answers ten pings that come one byte at a time',
    write: tenPings.map((payload) => ping(payload)),
    chop: 1,
    answers: tenPings.map((payload) => pongOf(payload)),
  },
  { title: 'refuses a pong of 126 bytes', write: [pong(bytesOf(126))], closes: PROTOCOL_ERROR },
  {
    title: 'keeps messages and pongs in their own order',
    write: [text('one'), ping('a'), text('two'), ping('b')],
    chop: 1,
    answers: [textEcho('one'), pongOf('a'), textEcho('two'), pongOf('b')],
    pongsMayOvertake: true,
  },
]);

/** Messages before the invalid frame are echoed, in any chunks. */
const afterText = (title: string, bad: Uint8Array, chop?: ProtocolCase['chop']): ProtocolCase => ({
  title,
  write: [text('first'), bad, ping()],
  ...(chop === undefined ? {} : { chop }),
  answers: [textEcho('first')],
  closes: PROTOCOL_ERROR,
});

const reserved = [1, 2, 3, 4, 5, 6, 7].flatMap((rsv): ProtocolCase[] => [
  { title: `refuses reserved bits ${rsv} on a text`, write: [text('Hello', { rsv })], closes: PROTOCOL_ERROR },
  { title: `refuses reserved bits ${rsv} on a binary`, write: [binary(bytesOf(8), { rsv })], closes: PROTOCOL_ERROR },
  { title: `refuses reserved bits ${rsv} on a ping`, write: [ping('Hello', { rsv })], closes: PROTOCOL_ERROR },
  { title: `refuses reserved bits ${rsv} on a close`, write: [frame(8, '', { rsv })], closes: PROTOCOL_ERROR },
  afterText(`echoes what came before reserved bits ${rsv}`, text('second', { rsv })),
]);

describeCases('reserved bits', [
  { title: '3.1 refuses bit 3 on a text', write: [text('Hello', { rsv: 1 })], closes: PROTOCOL_ERROR },
  afterText('3.2 echoes what came before bit 2', text('second', { rsv: 2 })),
  afterText('3.3 echoes what came before bits 2 and 3, frame by frame', text('second', { rsv: 3 }), 'frames'),
  afterText('3.4 echoes what came before bit 1, byte by byte', text('second', { rsv: 4 }), 1),
  { title: '3.5 refuses bits 1 and 3 on a binary', write: [binary(bytesOf(8), { rsv: 5 })], closes: PROTOCOL_ERROR },
  { title: '3.6 refuses bits 1 and 2 on a ping', write: [ping('Hello', { rsv: 6 })], closes: PROTOCOL_ERROR },
  { title: '3.7 refuses all three on a close', write: [frame(8, '', { rsv: 7 })], closes: PROTOCOL_ERROR },
  ...reserved,
]);

const opcodes = [
  { category: '4.1', opcodes: [3, 4, 5, 6, 7] },
  { category: '4.2', opcodes: [11, 12, 13, 14, 15] },
].flatMap(({ category, opcodes: [empty, full, second, secondFull, last] }): ProtocolCase[] => [
  { title: `${category}.1 refuses opcode ${empty}`, write: [frame(empty as number)], closes: PROTOCOL_ERROR },
  {
    title: `${category}.2 refuses opcode ${full} with a payload`,
    write: [frame(full as number, 'reserved payload')],
    closes: PROTOCOL_ERROR,
  },
  afterText(`${category}.3 echoes what came before opcode ${second}`, frame(second as number)),
  afterText(`${category}.4 echoes what came before opcode ${secondFull}`, frame(secondFull as number, 'reserved')),
  afterText(`${category}.5 echoes what came before opcode ${last}, byte by byte`, frame(last as number, 'x'), 1),
]);

describeCases('reserved opcodes', [
  ...opcodes,
  { title: 'refuses every one inside a message', write: [text('a', { fin: false }), frame(3)], closes: PROTOCOL_ERROR },
  { title: 'refuses nothing after a Close', write: [close(1000), frame(3)], closes: 1000 },
]);
