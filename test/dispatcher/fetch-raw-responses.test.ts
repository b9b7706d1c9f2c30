// Raw responses, valid and not, by Node's own fetch and by this package's: results and errors are the same.
import { describe, expect, it } from 'vitest';
import { describeResponse } from '../helpers/fetch-outcome.ts';
import { startComparison } from '../helpers/same-fetch.ts';

const { both } = startComparison();

const ok = (fields: string, body = '') => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`;

const RESPONSES: Record<string, string> = {
  nothing: '',
  'a half status line': 'HTTP/1.1 20',
  'no reason': 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok',
  'an empty reason': 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok',
  'a reason of Latin-1': 'HTTP/1.1 200 \xe9\xff\r\nContent-Length: 2\r\n\r\nok',
  'a reason with blanks': 'HTTP/1.1 200   a  b  \r\nContent-Length: 2\r\n\r\nok',
  'a status of two digits': 'HTTP/1.1 20 OK\r\n\r\n',
  'a status of four digits': 'HTTP/1.1 2000 OK\r\n\r\n',
  'a status that is text': 'HTTP/1.1 OK\r\n\r\n',
  'the status 0': 'HTTP/1.1 000 OK\r\n\r\n',
  'the status 999': 'HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nok',
  'the status 600': 'HTTP/1.1 600 Odd\r\nContent-Length: 2\r\n\r\nok',
  'the status 99': 'HTTP/1.1 099 Odd\r\n\r\n',
  'HTTP/1.0': 'HTTP/1.0 200 OK\r\n\r\nuntil the end',
  'HTTP/0.9': 'just text',
  'HTTP/1.2': 'HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nok',
  'HTTP/2.0': 'HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok',
  'lower case': 'http/1.1 200 OK\r\n\r\n',
  'another protocol': 'ICY 200 OK\r\n\r\nbody',
  'empty lines before': '\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  'a blank before': ' HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  'line feeds alone': 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok',
  'carriage returns alone': 'HTTP/1.1 200 OK\rContent-Length: 2\r\rok',
  'until the end': ok('', 'until the end'),
  'a length': ok('Content-Length: 2\r\n', 'ok'),
  'a length that is too long': ok('Content-Length: 9\r\n', 'ok'),
  'a length that is too short': ok('Content-Length: 1\r\n', 'ok'),
  'no body for a length': ok('Content-Length: 2\r\n'),
  'a negative length': ok('Content-Length: -1\r\n', 'ok'),
  'a length with a sign': ok('Content-Length: +2\r\n', 'ok'),
  'a length in hex': ok('Content-Length: 0x2\r\n', 'ok'),
  'an empty length': ok('Content-Length: \r\n', 'ok'),
  'a huge length': ok('Content-Length: 99999999999999999999\r\n', 'ok'),
  'the same length twice': ok('Content-Length: 2\r\nContent-Length: 2\r\n', 'ok'),
  'two lengths': ok('Content-Length: 2\r\nContent-Length: 1\r\n', 'ok'),
  'a list of lengths': ok('Content-Length: 2, 2\r\n', 'ok'),
  'a list of other lengths': ok('Content-Length: 2, 1\r\n', 'ok'),
  chunks: ok('Transfer-Encoding: chunked\r\n', '2\r\nok\r\n0\r\n\r\n'),
  'chunks with extensions': ok('Transfer-Encoding: chunked\r\n', '2;a="b"\r\nok\r\n0;x\r\n\r\n'),
  'chunks with trailers': ok('Transfer-Encoding: chunked\r\n', '2\r\nok\r\n0\r\nA: b\r\n\r\n'),
  'chunks that end early': ok('Transfer-Encoding: chunked\r\n', '2\r\nok\r\n'),
  'chunks without the last': ok('Transfer-Encoding: chunked\r\n', '9\r\nok'),
  'chunks of an invalid size': ok('Transfer-Encoding: chunked\r\n', 'x\r\nok\r\n0\r\n\r\n'),
  'chunks of a huge size': ok('Transfer-Encoding: chunked\r\n', 'ffffffffffffffffff\r\nok'),
  'chunks without a line break': ok('Transfer-Encoding: chunked\r\n', '2\r\nokX\r\n0\r\n\r\n'),
  'chunks by line feeds': ok('Transfer-Encoding: chunked\r\n', '2\nok\n0\n\n'),
  'chunked in upper case': ok('Transfer-Encoding: CHUNKED\r\n', '2\r\nok\r\n0\r\n\r\n'),
  'another transfer encoding': ok('Transfer-Encoding: gzip\r\n', 'ok'),
  'chunked and another': ok('Transfer-Encoding: chunked, gzip\r\n', '2\r\nok\r\n0\r\n\r\n'),
  'another and chunked': ok('Transfer-Encoding: gzip, chunked\r\n', '2\r\nok\r\n0\r\n\r\n'),
  'chunks and a length': ok('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '2\r\nok\r\n0\r\n\r\n'),
  identity: ok('Transfer-Encoding: identity\r\nContent-Length: 2\r\n', 'ok'),
  'a folded field': ok('A: b\r\n c\r\nContent-Length: 2\r\n', 'ok'),
  'a blank before the colon': ok('A : b\r\nContent-Length: 2\r\n', 'ok'),
  'no colon': ok('A\r\nContent-Length: 2\r\n', 'ok'),
  'no name': ok(': b\r\nContent-Length: 2\r\n', 'ok'),
  'no value': ok('A:\r\nContent-Length: 2\r\n', 'ok'),
  'blanks round a value': ok('A: \t b \t\r\nContent-Length: 2\r\n', 'ok'),
  'NUL in a value': ok('A: b\0c\r\nContent-Length: 2\r\n', 'ok'),
  'control characters in a value': ok('A: b\x01\x1f\x7fc\r\nContent-Length: 2\r\n', 'ok'),
  'Latin-1 in a value': ok('A: \xe9\xff\r\nContent-Length: 2\r\n', 'ok'),
  'Latin-1 in a name': ok('\xe9: b\r\nContent-Length: 2\r\n', 'ok'),
  'odd characters in a name': ok("!#$%&'*+-.^_`|~: b\r\nContent-Length: 2\r\n", 'ok'),
  'a name of parentheses': ok('a(b): c\r\nContent-Length: 2\r\n', 'ok'),
  '__proto__ as a name': ok('__proto__: b\r\nconstructor: c\r\nContent-Length: 2\r\n', 'ok'),
  'a carriage return in a value': ok('A: b\rc\r\nContent-Length: 2\r\n', 'ok'),
  'equal names': ok('A: 1\r\na: 2\r\nSet-Cookie: x\r\nSet-Cookie: y\r\nContent-Length: 2\r\n', 'ok'),
  'a hundred fields': ok(`${'A: b\r\n'.repeat(100)}Content-Length: 2\r\n`, 'ok'),
  'a head that is too long': ok(`A: ${'b'.repeat(20_000)}\r\nContent-Length: 2\r\n`, 'ok'),
  'a head without end': ok(`A: ${'b'.repeat(100_000)}`),
  'a head that ends early': 'HTTP/1.1 200 OK\r\nA: b\r\n',
  'a response after it': `${ok('Content-Length: 2\r\n', 'ok')}HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n`,
  'bytes after it': ok('Content-Length: 2\r\n', 'ok and more'),
  'an interim response': `HTTP/1.1 100 Continue\r\n\r\n${ok('Content-Length: 2\r\n', 'ok')}`,
  'early hints': `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${ok('Content-Length: 2\r\n', 'ok')}`,
  'many interim responses': `${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(20)}${ok('Content-Length: 2\r\n', 'ok')}`,
  'an interim response alone': 'HTTP/1.1 100 Continue\r\n\r\n',
  'a switch of protocols': 'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
  'a switch without fields': 'HTTP/1.1 101 Switching\r\n\r\n',
  '204 with a body': 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok',
  '205 with a body': 'HTTP/1.1 205 Reset\r\nContent-Length: 2\r\n\r\nok',
  '304 with a length': 'HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n',
  '407': 'HTTP/1.1 407 Proxy\r\nProxy-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno',
  '401': 'HTTP/1.1 401 Who\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 2\r\n\r\nno',
  '421': 'HTTP/1.1 421 Misdirected\r\nContent-Length: 2\r\n\r\nno',
  '408': 'HTTP/1.1 408 Timeout\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno',
  'a connection that stays, then ends': ok(
    'Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 2\r\n',
    'ok',
  ),
  'an invalid Keep-Alive': ok('Keep-Alive: timeout=-1\r\nContent-Length: 2\r\n', 'ok'),
  'gzip that is cut off': ok('Content-Encoding: gzip\r\nContent-Length: 50\r\n', '\x1f\x8b\x08\0\0\0\0\0\0\x03'),
  'an upgrade that was not asked for': ok('Upgrade: h2c\r\nConnection: upgrade\r\nContent-Length: 2\r\n', 'ok'),
};

const HEAD = ['HT', 'TP', '/', '1', '.', '1', ' ', '200', ' ', 'OK', '\r\n', 'Fi', 'eld', ':', 'va', 'lue', '\r\n'];
const SYMBOLS = { LF: '\n', CR: '\r', TAB: '\t', SP: ' ', NUL: '\0', colon: ':' };
for (const [symbol, text] of Object.entries(SYMBOLS)) {
  for (let index = 0; index < HEAD.length; index++) {
    const head = [...HEAD.slice(0, index), text, ...HEAD.slice(index)].join('');
    RESPONSES[`${symbol} before ${JSON.stringify(HEAD.slice(index).join(''))}`] = `${head}Content-Length: 2\r\n\r\nok`;
  }
}

/** What the parser of Node's own fetch may accept, if it is older than this package's. */
const STRICTER = new Set([
  ...['a folded field', 'a blank before the colon', 'no name'],
  ...['LF', 'CR'].flatMap((name) => [`${name} before "\\r\\nField:value\\r\\n"`, `${name} before "Field:value\\r\\n"`]),
  ...['SP before "eld:value\\r\\n"', 'SP before ":value\\r\\n"', 'colon before "Field:value\\r\\n"'],
]);

interface Outcome {
  readonly result: { readonly body?: unknown; readonly cause?: { readonly name: string; readonly code?: unknown } };
}

/** The versions of the parser find different faults in the same bytes, and their texts differ. */
const FAULTS = new Set([
  'HTTPParserError',
  'AssertionError',
  'ResponseContentLengthMismatchError',
  'SocketError',
  'InformationalError',
]);
function withoutFault<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, one) => (FAULTS.has(one?.name) ? 'a broken response' : one));
}

describe.each(['GET', 'HEAD', 'POST'])('the response to a %s', (method) => {
  it.each(Object.entries(RESPONSES))('%s', async (name, answer) => {
    const act = async (call: typeof globalThis.fetch, origin: string) => {
      const init = { method, ...(method === 'POST' ? { body: 'hello' } : {}) };
      return describeResponse(await call(origin, init));
    };
    const [expected, outcome] = (await both(act, answer)) as [Outcome, Outcome];
    const { cause } = outcome.result;
    if (cause && FAULTS.has(cause.name)) expect(cause.code).toMatch(/^(?:HPE|UND_ERR|ERR)_/);
    if (STRICTER.has(name) && !expected.result.cause) expect(cause?.name).toBe('HTTPParserError');
    else expect(withoutFault(outcome)).toEqual(withoutFault(expected));
  });
});
