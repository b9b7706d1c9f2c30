// Messages in several frames, and control frames between them: RFC 6455, 5.4.
import { binaryEcho, describeCases, PROTOCOL_ERROR, type ProtocolCase, pongOf, textEcho } from './protocol-case.ts';
import { binary, close, fragmented, frame, more, Opcode, ping, pong, text } from './raw-client.ts';

const open = { fin: false };

/** As one block, frame by frame in the same block, and one byte at a time. */
function everyWay(protocolCase: ProtocolCase): ProtocolCase[] {
  return [
    protocolCase,
    { ...protocolCase, title: `${protocolCase.title}, byte by byte`, chop: 1 },
    { ...protocolCase, title: `${protocolCase.title}, five bytes at a time`, chop: 5 },
  ];
}

describeCases(
  'fragments',
  [
    { title: 'refuses a ping in two fragments', write: [ping('a', open), more('b')], closes: PROTOCOL_ERROR },
    { title: 'refuses a pong in two fragments', write: [pong('a', open), more('b')], closes: PROTOCOL_ERROR },
    {
      title: 'refuses a close in two fragments',
      write: [frame(Opcode.CLOSE, '', open), more()],
      closes: PROTOCOL_ERROR,
    },
    {
      title: 'joins two fragments of text',
      write: [text('frag', open), more('ment')],
      answers: [textEcho('fragment')],
    },
    {
      title: 'joins two fragments of bytes',
      write: [binary('frag', open), more('ment')],
      answers: [binaryEcho('fragment')],
    },
    {
      title: 'answers a ping between two fragments first',
      write: [text('frag', open), ping('now'), more('ment')],
      answers: [pongOf('now'), textEcho('fragment')],
    },
    {
      title: 'ignores a pong between two fragments',
      write: [text('frag', open), pong('unasked'), more('ment')],
      answers: [textEcho('fragment')],
    },
    {
      title: 'joins five fragments with pings between them',
      write: [
        text('f1,', open),
        more('f2,', open),
        ping('1'),
        more('f3,', open),
        more('f4,', open),
        ping('2'),
        more('f5'),
      ],
      answers: [pongOf('1'), pongOf('2'), textEcho('f1,f2,f3,f4,f5')],
    },
    {
      title: 'joins empty fragments to an empty text',
      write: [text('', open), more('', open), more('')],
      answers: [textEcho('')],
    },
    {
      title: 'joins empty fragments around one that is not',
      write: [text('', open), more('middle', open), more('')],
      answers: [textEcho('middle')],
    },
    {
      title: 'takes a second message after the first',
      write: [text('a', open), more('b'), binary('c', open), more('d')],
      answers: [textEcho('ab'), binaryEcho('cd')],
    },
    { title: 'refuses a continuation of nothing', write: [more('nothing')], closes: PROTOCOL_ERROR },
    {
      title: 'refuses an open continuation of nothing',
      write: [more('nothing', open), text('text')],
      closes: PROTOCOL_ERROR,
    },
    {
      title: 'refuses a continuation after a whole message',
      write: [text('frag', open), more('ment'), more('nothing')],
      answers: [textEcho('fragment')],
      closes: PROTOCOL_ERROR,
    },
    { title: 'refuses a text inside a text', write: [text('frag', open), text('ment')], closes: PROTOCOL_ERROR },
    { title: 'refuses a binary inside a text', write: [text('frag', open), binary('ment')], closes: PROTOCOL_ERROR },
    {
      title: 'refuses a fragment inside a message after a ping',
      write: [text('frag', open), ping('1'), text('ment', open), more('.')],
      answers: [pongOf('1')],
      closes: PROTOCOL_ERROR,
    },
    {
      title: 'answers a Close in the middle of a message',
      write: [text('frag', open), close(1000)],
      closes: 1000,
    },
  ].flatMap(everyWay),
);

const message = Buffer.from('*'.repeat(65_536));

describeCases(
  'many fragments',
  [1, 64, 125, 126, 1_300, 32_768].flatMap((size): ProtocolCase[] => [
    {
      title: `joins 64 KiB of text from fragments of ${size}`,
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
