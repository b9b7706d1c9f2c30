// The closing handshake: RFC 6455, 5.5.1, 7.1 and 7.4. Autobahn's category 7.
import { BAD_TEXT, describeCases, PROTOCOL_ERROR, type ProtocolCase, pongOf, textEcho } from './protocol-case.ts';
import { binary, close, more, ping, text } from './raw-peer.ts';

const NUMBERED = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
const LATER = [1012, 1013, 1014];
const BAD = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999];
const ALSO_BAD = [1, 1015];

describeCases('a Close is answered', [
  { title: '7.1.1 after a message', write: [text('Hello'), close(1000)], answers: [textEcho('Hello')], closes: 1000 },
  { title: '7.3.1 without a status by one without a status', write: [close()], closesEmpty: true },
  { title: '7.3.3 with a status', write: [close(1000)], closes: 1000 },
  { title: '7.3.4 with a reason', write: [close(1000, 'Hello, world!')], closes: 1000 },
  { title: '7.3.5 with a reason of 123 bytes', write: [close(1000, '*'.repeat(123))], closes: 1000 },
  { title: 'with a reason in another script', write: [close(1000, 'Grüße, 世界 👋')], closes: 1000 },
  { title: 'when it comes byte by byte', write: [close(1001, 'slowly')], chop: 1, closes: 1001 },
  ...NUMBERED.map((status, i) => ({
    title: `7.7.${i + 1} with the status ${status}`,
    write: [close(status)],
    closes: status,
  })),
  ...LATER.map((status) => ({ title: `with the status ${status}`, write: [close(status)], closes: status })),
  ...[...NUMBERED, ...LATER].map((status) => ({
    title: `with the status ${status} and a reason`,
    write: [close(status, 'why')],
    closes: status,
  })),
]);

describeCases('nothing counts after a Close', [
  { title: '7.1.2 not a second one', write: [close(1000), close(1001)], closes: 1000 },
  { title: '7.1.3 not a ping', write: [close(1000), ping('late')], closes: 1000 },
  { title: '7.1.4 not a message', write: [close(1000), text('late')], closes: 1000 },
  {
    title: '7.1.5 not the rest of a message',
    write: [text('frag', { fin: false }), close(1000), more('ment')],
    closes: 1000,
  },
  {
    title: '7.1.6 but 256 KiB before it do',
    write: [text('*'.repeat(262_144)), close(1000), ping('late')],
    answers: [textEcho('*'.repeat(262_144))],
    closes: 1000,
  },
  { title: 'not a wrong frame', write: [close(1000), Buffer.from('ffff', 'hex')], closes: 1000 },
  { title: 'not a message of 256 KiB', write: [close(1000), binary(Buffer.alloc(262_144))], closes: 1000 },
  {
    title: 'but all before it does',
    write: [text('one'), ping('two'), text('three'), close(1000)],
    answers: [textEcho('one'), pongOf('two'), textEcho('three')],
    pongsMayOvertake: true,
    closes: 1000,
  },
]);

describeCases('a bad Close is refused', [
  { title: '7.3.2 with one byte', write: [close(Buffer.of(3))], closes: PROTOCOL_ERROR },
  { title: '7.3.6 with 126 bytes', write: [close(1000, '*'.repeat(124))], closes: PROTOCOL_ERROR },
  {
    title: '7.5.1 with a reason that is not UTF-8',
    write: [close(1000, Buffer.from('cebae1bdb9cf83cebcceb5eda080656469746564', 'hex'))],
    closes: [PROTOCOL_ERROR, BAD_TEXT],
  },
  {
    title: 'with a reason that ends inside a character',
    write: [close(1000, Buffer.from('f09f91', 'hex'))],
    closes: [PROTOCOL_ERROR, BAD_TEXT],
  },
  ...BAD.map((status, i) => ({
    title: `7.9.${i + 1} with the status ${status}`,
    write: [close(status)],
    closes: PROTOCOL_ERROR,
  })),
  ...ALSO_BAD.map((status) => ({ title: `with the status ${status}`, write: [close(status)], closes: PROTOCOL_ERROR })),
  ...[...BAD, ...ALSO_BAD].map((status) => ({
    title: `with the status ${status} and a reason`,
    write: [close(status, 'why')],
    closes: PROTOCOL_ERROR,
  })),
]);

// RFC 6455 leaves these undefined; the functions accept them, as the DLL does with 65535.
const beyond = [5000, 65_535].map(
  (status, i): ProtocolCase => ({
    title: `7.13.${i + 1} the status ${status} gets an answer`,
    write: [close(status)],
    closes: [status, PROTOCOL_ERROR],
  }),
);

describeCases('a Close beyond the registered codes', beyond);

const pings = Array.from({ length: 100 }, (_, i) => `ping ${i}`);

describeCases('a Close takes its turn', [
  {
    title: 'after 100 pings',
    write: [...pings.map((payload) => ping(payload)), close(1000)],
    answers: pings.map((payload) => pongOf(payload)),
    closes: 1000,
  },
]);
