// Text must be UTF-8, and is judged as it comes: RFC 6455, 5.6 and 8.1; RFC 3629, 3 and 4.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createEchoServer } from '../../examples/echo-server.ts';
import { BAD_TEXT, describeCases, PROTOCOL_ERROR, type ProtocolCase, SETUPS, textEcho } from './protocol-case.ts';
import { frame, more, Opcode, RawClient, text } from './raw-client.ts';

const open = { fin: false };
const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

/** What each row is about, and its bytes. */
const GOOD: [title: string, bytes: Buffer][] = [
  ['a word with accents in Greek', Buffer.from('κόσμε')],
  ['the first character of one byte', hex('00')],
  ['the last character of one byte', hex('7f')],
  ['the first of two bytes', hex('c280')],
  ['the last of two bytes', hex('dfbf')],
  ['the first of three bytes', hex('e0a080')],
  ['the last before the surrogates', hex('ed9fbf')],
  ['the first after the surrogates', hex('ee8080')],
  ['the replacement character', hex('efbfbd')],
  ['U+FFFE, no character but UTF-8', hex('efbfbe')],
  ['the last of three bytes', hex('efbfbf')],
  ['the first of four bytes', hex('f0908080')],
  ['U+1FFFE', hex('f09fbfbe')],
  ['the last character there is', hex('f48fbfbf')],
  ['a byte order mark', hex('efbbbf 41')],
  ['a long text of every length', Buffer.from('aé世👋'.repeat(500))],
];

const BAD: [title: string, bytes: Buffer][] = [
  ['a word, a surrogate, a word', hex('cebae1bdb9cf83cebcceb5 eda080 656469746564')],
  ['a continuation byte', hex('80')],
  ['the last continuation byte', hex('bf')],
  ['two continuation bytes', hex('80bf')],
  ['all 64 continuation bytes', Buffer.from(Array.from({ length: 64 }, (_, i) => 0x80 + i))],
  [
    'every start of two bytes, each before a space',
    Buffer.from(Array.from({ length: 32 }, (_, i) => [0xc0 + i, 0x20]).flat()),
  ],
  [
    'every start of three bytes, each before a space',
    Buffer.from(Array.from({ length: 16 }, (_, i) => [0xe0 + i, 0x20]).flat()),
  ],
  [
    'every start of four bytes, each before a space',
    Buffer.from(Array.from({ length: 8 }, (_, i) => [0xf0 + i, 0x20]).flat()),
  ],
  ['two bytes without the last', hex('c3')],
  ['three bytes without the last', hex('e282')],
  ['four bytes without the last', hex('f09f91')],
  ['four bytes with a space in place of the last', hex('f09f9120')],
  ['FE', hex('fe')],
  ['FF', hex('ff')],
  ['FE FE FF FF', hex('fefeffff')],
  ['a slash in two bytes', hex('c0af')],
  ['a slash in three bytes', hex('e080af')],
  ['a slash in four bytes', hex('f08080af')],
  ['a slash in five bytes', hex('f8808080af')],
  ['a slash in six bytes', hex('fc80808080af')],
  ['the longest too long for one byte', hex('c1bf')],
  ['the longest too long for two bytes', hex('e09fbf')],
  ['the longest too long for three bytes', hex('f08fbfbf')],
  ['NUL in two bytes', hex('c080')],
  ['NUL in three bytes', hex('e08080')],
  ['NUL in four bytes', hex('f0808080')],
  ['the first surrogate', hex('eda080')],
  ['the last surrogate', hex('edbfbf')],
  ['a pair of surrogates', hex('eda081edb080')],
  ['the first beyond the last character', hex('f4908080')],
  ['a start that is beyond it', hex('f5808080')],
  ['five bytes', hex('f888808080')],
  ['six bytes', hex('fc8480808080')],
];

/** One frame; a frame for each byte; and one frame of which one byte at a time arrives. */
function goodWays([title, bytes]: (typeof GOOD)[number]): ProtocolCase[] {
  const frames = [...bytes].map((byte, i) => frame(i === 0 ? Opcode.TEXT : Opcode.CONTINUATION, Buffer.of(byte), open));
  return [
    { title, write: [text(bytes)], answers: [textEcho(bytes)] },
    { title: `${title}, a frame for each byte`, write: [...frames, more('')], answers: [textEcho(bytes)] },
    { title: `${title}, byte by byte`, write: [text(bytes)], chop: 1, answers: [textEcho(bytes)] },
  ];
}

function badWays([title, bytes]: (typeof BAD)[number]): ProtocolCase[] {
  const frames = [...bytes].map((byte, i) => frame(i === 0 ? Opcode.TEXT : Opcode.CONTINUATION, Buffer.of(byte), open));
  return [
    { title, write: [text(bytes)], closes: BAD_TEXT },
    { title: `${title}, a frame for each byte`, write: [...frames, more('')], closes: BAD_TEXT },
    { title: `${title}, byte by byte`, write: [text(bytes)], chop: 1, closes: BAD_TEXT },
    { title: `${title}, after good text`, write: [text('good, ', open), more(bytes)], closes: BAD_TEXT },
  ];
}

const light = SETUPS.filter(({ receiveBufferSize }) => receiveBufferSize === 65_536);

describeCases('UTF-8 is echoed', GOOD.flatMap(goodWays));
describeCases('what is no UTF-8 is refused', BAD.flatMap(badWays));

// With the check in the handle, its one HRESULT for bad text and bad frames leads to 1002.
describeCases(
  'UTF-8 is echoed, checked by the handle',
  GOOD.flatMap(goodWays),
  light.map((setup) => ({ ...setup, utf8Check: 'handle' })),
);
describeCases(
  'what is no UTF-8 is refused by the handle',
  BAD.flatMap(badWays).map((row) => ({ ...row, closes: [PROTOCOL_ERROR, BAD_TEXT] })),
  light.map((setup) => ({ ...setup, utf8Check: 'handle' })),
);

const lastCharacter = hex('f48fbfbf');

/** Every cut of a text of characters of 1 to 4 bytes, into frames and into writes. */
const cuts: ProtocolCase[] = [...lastCharacter.keys()].flatMap((at) => {
  const bytes = Buffer.concat([Buffer.from('aé世'), lastCharacter]);
  return [
    {
      title: `a character of four bytes cut after ${at}, into frames`,
      write: [text(bytes.subarray(0, 6 + at), open), more(bytes.subarray(6 + at))],
      answers: [textEcho(bytes)],
    },
  ];
});
describeCases('characters are joined', cuts);

/** What was wrong is told before the rest of the frame or message has come. */
const EARLY: [title: string, begin: Buffer][] = [
  ['in the second fragment', Buffer.concat([text('good', open), more(hex('f490'), open)])],
  ['at the first byte that can be known wrong', Buffer.concat([text(hex('cebae1bdb9cf83cebcceb5 f490'), open)])],
  ['at the second byte of a surrogate', Buffer.concat([text(hex('eda0'), open)])],
  ['at the second byte of a slash in three', Buffer.concat([text(hex('e080'), open)])],
  ['in the middle of a frame', text(Buffer.concat([hex('ff'), Buffer.alloc(100, 0x20)])).subarray(0, 20)],
  ['in the middle of a long frame', text(Buffer.concat([hex('c0'), Buffer.alloc(70_000, 0x20)])).subarray(0, 20)],
];

describe.each(
  light.flatMap((setup) => (['endpoint', 'handle'] as const).map((utf8Check) => ({ ...setup, utf8Check }))),
)('bad text is refused at once ($name, checked by the $utf8Check)', (setup) => {
  it.each(EARLY)('%s', async (_title, begin) => {
    const server = createEchoServer(setup).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = await RawClient.open((server.address() as AddressInfo).port);
    client.write(begin);
    const answer = await client.readFrame();
    expect(answer?.opcode).toBe(Opcode.CLOSE);
    expect(answer?.payload.readUInt16BE()).toBe(setup.utf8Check === 'endpoint' ? BAD_TEXT : PROTOCOL_ERROR);
    client.destroy();
    server.close();
  });
});
