// Messages in several frames, and control frames between them: RFC 6455, 5.4. Autobahn's categories 5 and 10.
import { binaryEcho, describeCases, PROTOCOL_ERROR, type ProtocolCase, pongOf, textEcho } from './protocol-case.ts';
import { binary, close, fragmented, frame, more, Opcode, ping, pong, text } from './raw-peer.ts';

const open = { fin: false };

/**
 * A case with three numbers in Autobahn: as one block, frame by frame, and byte by byte; here also in 5 bytes at a
 * time.
 */
function everyWay([block, frames, bytes]: readonly string[], protocolCase: ProtocolCase): ProtocolCase[] {
  const { title } = protocolCase;
  return [
    { ...protocolCase, title: `${block} ${title}` },
    { ...protocolCase, title: `${frames} ${title}, frame by frame`, chop: 'frames' },
    { ...protocolCase, title: `${bytes} ${title}, byte by byte`, chop: 1 },
    { ...protocolCase, title: `${title}, five bytes at a time`, chop: 5 },
  ];
}

const NUMBERED: readonly [numbers: readonly string[], protocolCase: ProtocolCase][] = [
  [
    ['5.3', '5.4', '5.5'],
    {
      title: 'joins two fragments of text',
      write: [text('frag', open), more('ment')],
      answers: [textEcho('fragment')],
    },
  ],
  [
    ['5.6', '5.7', '5.8'],
    {
      title: 'answers a ping between two fragments first',
      write: [text('frag', open), ping('now'), more('ment')],
      answers: [pongOf('now'), textEcho('fragment')],
    },
  ],
  [
    ['5.9', '5.10', '5.11'],
    { title: 'refuses a continuation of nothing', write: [more('nothing'), text('text')], closes: PROTOCOL_ERROR },
  ],
  [
    ['5.12', '5.13', '5.14'],
    {
      title: 'refuses an open continuation of nothing',
      write: [more('nothing', open), text('text')],
      closes: PROTOCOL_ERROR,
    },
  ],
];

const fiveFragments = [
  text('f1,', open),
  more('f2,', open),
  ping('1'),
  more('f3,', open),
  more('f4,', open),
  ping('2'),
  more('f5'),
];
const fiveAnswers = [pongOf('1'), pongOf('2'), textEcho('f1,f2,f3,f4,f5')];

describeCases('fragments', [
  { title: '5.1 refuses a ping in two fragments', write: [ping('a', open), more('b')], closes: PROTOCOL_ERROR },
  { title: '5.2 refuses a pong in two fragments', write: [pong('a', open), more('b')], closes: PROTOCOL_ERROR },
  ...NUMBERED.flatMap(([numbers, protocolCase]) => everyWay(numbers, protocolCase)),
  {
    title: '5.15 refuses a continuation after a whole message',
    write: [text('frag', open), more('ment'), more('nothing', open), text('text')],
    answers: [textEcho('fragment')],
    closes: PROTOCOL_ERROR,
  },
  {
    title: '5.16 refuses open continuations of nothing before texts',
    write: [more('nothing', open), text('text'), more('nothing', open), text('text')],
    closes: PROTOCOL_ERROR,
  },
  {
    title: '5.17 refuses continuations of nothing before texts',
    write: [more('nothing'), text('text'), more('nothing'), text('text')],
    closes: PROTOCOL_ERROR,
  },
  { title: '5.18 refuses a text inside a text', write: [text('frag', open), text('ment')], closes: PROTOCOL_ERROR },
  { title: '5.19 joins five fragments with pings between them', write: fiveFragments, answers: fiveAnswers },
  {
    title: '5.20 joins them frame by frame',
    write: fiveFragments,
    chop: 'frames',
    answers: fiveAnswers,
  },
  {
    title: 'refuses a close in two fragments',
    write: [frame(Opcode.CLOSE, '', open), more()],
    closes: PROTOCOL_ERROR,
  },
  {
    title: 'joins two fragments of bytes',
    write: [binary('frag', open), more('ment')],
    answers: [binaryEcho('fragment')],
  },
  {
    title: 'ignores a pong between two fragments',
    write: [text('frag', open), pong('unasked'), more('ment')],
    answers: [textEcho('fragment')],
  },
  {
    title: 'joins empty fragments to an empty binary',
    write: [binary('', open), more('', open), more('')],
    answers: [binaryEcho('')],
  },
  {
    title: 'takes a second message after the first',
    write: [text('a', open), more('b'), binary('c', open), more('d')],
    answers: [textEcho('ab'), binaryEcho('cd')],
  },
  { title: 'refuses a binary inside a text', write: [text('frag', open), binary('ment')], closes: PROTOCOL_ERROR },
  {
    title: 'refuses a fragment inside a message after a ping',
    write: [text('frag', open), ping('1'), text('ment', open), more('.')],
    answers: [pongOf('1')],
    closes: PROTOCOL_ERROR,
  },
  { title: 'answers a Close in the middle of a message', write: [text('frag', open), close(1000)], closes: 1000 },
]);

const message = Buffer.from('*'.repeat(65_536));

describeCases(
  'many fragments',
  [1, 64, 125, 126, 1_300, 32_768].flatMap((size): ProtocolCase[] => [
    {
      title: `${size === 1_300 ? '10.1.1 ' : ''}joins 64 KiB of text from fragments of ${size}`,
      write: fragmented(Opcode.TEXT, message, size),
      answers: [textEcho(message)],
    },
    {
      title: `joins 64 KiB from fragments of ${size}`,
      write: fragmented(Opcode.BINARY, message, size),
      answers: [binaryEcho(message)],
    },
  ]),
);
