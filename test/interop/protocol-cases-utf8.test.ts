// Text must be UTF-8, and is validated as it arrives: RFC 6455, 5.6 and 8.1; RFC 3629, 3 and 4. Autobahn's category 6.
import { expect } from 'vitest';
import { CHECKED_BY_HANDLE, describeEndpoints, ENDPOINTS } from './echo-endpoints.ts';
import { BAD_TEXT, describeCases, PROTOCOL_ERROR, type ProtocolCase, textEcho } from './protocol-case.ts';
import { frame, more, Opcode, ofServer, text, withoutEnd } from './raw-peer.ts';

const open = { fin: false };
const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

/** The common property of a group of texts, Autobahn's number, and the texts. */
type Group = readonly [number: string, title: string, ...texts: readonly Buffer[]];

const lead = (first: number, count: number) =>
  Buffer.from(Array.from({ length: count }, (_, i) => [first + i, 0x20]).flat());
const each = (digits: string) => digits.split(', ').map(hex);
const greek = Buffer.from('κόσμε');

const GOOD: readonly Group[] = [
  [
    '6.5',
    'some texts',
    ...['hello$world', 'hello¢world', 'hello€world', 'hello𤭢world', 'κόσμε'].map((t) => Buffer.from(t)),
  ],
  ['6.7', 'the first of each length', ...each('00, c280, e0a080, f0908080')],
  ['6.9', 'the last of each length', ...each('7f, dfbf, efbfbf, f48fbfbf')],
  ['6.11', 'around the surrogates and at the end', ...each('ed9fbf, ee8080, efbfbd, f48fbfbf')],
  [
    '6.22',
    'the last two of each plane, no characters but UTF-8',
    ...Array.from({ length: 17 }, (_, plane) => [0xfffe, 0xffff].map((low) => plane * 0x10000 + low))
      .flat()
      .map((codePoint) => Buffer.from(String.fromCodePoint(codePoint))),
  ],
  ['6.23', 'specials', ...each('efbfb9, efbfba, efbfbb, efbfbc, efbfbd, efbfbe, efbfbf')],
  ['', 'a byte order mark', hex('efbbbf 41')],
  ['', 'a long text of every length', Buffer.from('aé世👋'.repeat(500))],
];

const BAD: readonly Group[] = [
  ['6.3', 'a surrogate between words', hex('cebae1bdb9cf83cebcceb5 eda080 656469746564')],
  ['6.8', 'the first of five and six bytes', ...each('f888808080, fc8480808080')],
  ['6.10', 'the last of four, five and six bytes', ...each('f7bfbfbf, fbbfbfbfbf, fdbfbfbfbfbf')],
  ['6.11 ', 'the first beyond the last character', hex('f4908080')],
  [
    '6.12',
    'continuation bytes',
    ...each('80, bf, 80bf, 80bf80, 80bf80bf, 80bf80bf80, 80bf80bf80bf'),
    Buffer.from(Array.from({ length: 64 }, (_, i) => 0x80 + i)),
  ],
  ['6.13', 'lead bytes before spaces', lead(0xc0, 32), lead(0xe0, 16), lead(0xf0, 8), lead(0xf8, 4), lead(0xfc, 2)],
  [
    '6.14',
    'characters without their last byte',
    ...each('c0, e080, f08080, f8808080, fc80808080, df, efbf, f7bfbf, fbbfbfbf, fdbfbfbfbf'),
  ],
  ['6.15', 'all of these in a row', hex('c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf')],
  ['6.16', 'impossible bytes', ...each('fe, ff, fefeffff')],
  ['6.17', 'a slash in too many bytes', ...each('c0af, e080af, f08080af, f8808080af, fc80808080af')],
  ['6.18', 'the last for which a length is too long', ...each('c1bf, e09fbf, f08fbfbf, f887bfbfbf, fc83bfbfbfbf')],
  ['6.19', 'NUL in too many bytes', ...each('c080, e08080, f0808080, f880808080, fc8080808080')],
  ['6.20', 'a surrogate', ...each('eda080, edadbf, edae80, edafbf, edb080, edbe80, edbfbf')],
  [
    '6.21',
    'a pair of surrogates',
    ...each('eda080edb080, eda080edbfbf, edadbfedb080, edadbfedbfbf, edae80edb080, edae80edbfbf'),
    ...each('edafbfedb080, edafbfedbfbf'),
  ],
];

const rowsOf = (groups: readonly Group[]) =>
  groups.flatMap(([number, title, ...texts]) =>
    texts.map((bytes, i) => ({ title: number === '' ? title : `${number.trim()}.${i + 1} ${title}`, bytes })),
  );

/** The length of each character that starts there; a character that is cut off is invalid. */
const prefixes = Array.from(greek, (_, i) => greek.subarray(0, i + 1)).map((bytes, i) => ({
  title: `6.6.${i + 1} a word cut after ${bytes.length} bytes`,
  bytes,
  good: bytes.equals(Buffer.from(bytes.toString())),
}));

const inFrames = (bytes: Buffer) => [
  ...Array.from(bytes, (byte, i) => frame(i === 0 ? Opcode.TEXT : Opcode.CONTINUATION, Buffer.of(byte), open)),
  more(''),
];

interface Row {
  title: string;
  bytes: Buffer;
}

/** One frame, and one frame per byte that arrives byte by byte. */
const goodWays = ({ title, bytes }: Row): ProtocolCase[] => [
  { title, write: [text(bytes)], answers: [textEcho(bytes)] },
  { title: `${title}, byte by byte`, write: inFrames(bytes), chop: 1, answers: [textEcho(bytes)] },
];

const badWays = ({ title, bytes }: Row): ProtocolCase[] => [
  { title, write: [text(bytes)], closes: BAD_TEXT },
  { title: `${title}, byte by byte`, write: inFrames(bytes), chop: 1, closes: BAD_TEXT },
  { title: `${title}, after good text`, write: [text('good, ', open), more(bytes)], closes: BAD_TEXT },
];

const hello = Buffer.from('Hello-µ@ßöäüàá-UTF-8!!');

const messages: readonly ProtocolCase[] = [
  { title: '6.1.1 nothing', write: [text('')], answers: [textEcho('')] },
  {
    title: '6.1.2 nothing in three frames',
    write: [text('', open), more('', open), more('')],
    answers: [textEcho('')],
  },
  {
    title: '6.1.3 nothing around something',
    write: [text('', open), more('middle', open), more('')],
    answers: [textEcho('middle')],
  },
  { title: '6.2.1 a text in one frame', write: [text(hello)], answers: [textEcho(hello)] },
  {
    title: '6.2.2 in two frames, cut between characters',
    write: [text(hello.subarray(0, 8), open), more(hello.subarray(8))],
    answers: [textEcho(hello)],
  },
  { title: '6.2.3 in a frame for each byte', write: inFrames(hello), answers: [textEcho(hello)] },
  { title: '6.2.4 another in a frame for each byte', write: inFrames(greek), answers: [textEcho(greek)] },
  ...rowsOf(GOOD).flatMap(goodWays),
  ...prefixes.filter(({ good }) => good).flatMap(goodWays),
];

const refused: readonly ProtocolCase[] = [
  ...rowsOf(BAD).flatMap(badWays),
  ...prefixes.filter(({ good }) => !good).flatMap(badWays),
];

describeCases('UTF-8 is echoed', messages);
describeCases('rejects text that is not UTF-8', refused);

// If the handle checks, its one HRESULT for invalid text and frames leads to 1002.
describeCases('UTF-8 is echoed', messages, CHECKED_BY_HANDLE);
describeCases(
  'rejects text that is not UTF-8',
  refused.map((row) => ({ ...row, closes: [PROTOCOL_ERROR, BAD_TEXT] })),
  CHECKED_BY_HANDLE,
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

/** The error is reported before the rest of the frame or message arrives. */
const EARLY: readonly { title: string; begin: readonly Uint8Array[] }[] = [
  { title: '6.4.1 in the second of three frames', begin: [text(greek, open), more(hex('f4908080'), open)] },
  {
    title: '6.4.2 at the first byte that can be known wrong',
    begin: [text(Buffer.concat([greek, hex('f4')]), open), more(hex('90'), open)],
  },
  { title: '6.4.3 in a frame that has not ended', begin: [startOf(Buffer.concat([greek, hex('f4908080')]))] },
  { title: '6.4.4 inside a character of such a frame', begin: [startOf(Buffer.concat([greek, hex('f490')]))] },
  { title: 'at the second byte of a surrogate', begin: [text(hex('eda0'), open)] },
  { title: 'at the second byte of a slash in three', begin: [text(hex('e080'), open)] },
  { title: 'in the middle of a long frame', begin: [startOf(hex('c0'), 70_000)] },
];

/** Returns the start of a text frame with `rest` missing bytes, for either role. */
function startOf(bytes: Buffer, rest = 20): Uint8Array {
  const payload = Buffer.concat([bytes, Buffer.alloc(rest, 0x20)]);
  return withoutEnd(text(payload), rest);
}

const refusesEarly: Parameters<typeof describeEndpoints<(typeof EARLY)[number]>>[3] = async (
  { begin },
  peer,
  endpoint,
) => {
  for (const bytes of begin) peer.write(endpoint.role === 'server' ? bytes : ofServer(bytes));
  const answer = await peer.readFrame();
  expect(answer?.opcode).toBe(Opcode.CLOSE);
  expect(answer?.payload.readUInt16BE()).toBe(CHECKED_BY_HANDLE.includes(endpoint) ? PROTOCOL_ERROR : BAD_TEXT);
};

describeEndpoints('bad text is refused at once', EARLY, () => true, refusesEarly, [...ENDPOINTS, ...CHECKED_BY_HANDLE]);
