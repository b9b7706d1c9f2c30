// Unknown options are rejected everywhere.
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { recordHar } from '../lib/diagnostics/har.ts';
import { rejectUnknown } from '../lib/known-options.ts';
import { assertParity, compareSubjects, fuzzSubjects, renderText } from '../lib/parity.ts';
import { toDuplex } from '../lib/websocket/connection/streams.ts';
import { WebSocketConnection } from '../lib/websocket/connection/websocket-connection.ts';
import { WebSocketCreateClientHandle } from '../lib/websocket/functions/websocket-functions.ts';
import { WebSocketServer } from '../lib/websocket/server/websocket-server.ts';
import { WinHttpRequest } from '../lib/winhttp/request/winhttp-request.ts';
import { openPair } from './websocket/connection/pair.ts';

const upgrade = () => [{ rawHeaders: [] } as never, new PassThrough(), Buffer.alloc(0)] as const;
const connect = (options: object) => WebSocketConnection.connect('ws://127.0.0.1:1/', options);
const request = (options: object) => WinHttpRequest.request('http://127.0.0.1:1/', options);

describe('an unknown option is rejected by', () => {
  const takers: [string, string, (options: object) => unknown, string | undefined][] = [
    ['connect', 'protocols', connect, 'subprotocols'],
    ['connect', 'timeout', connect, 'limits.handshakeTimeout'],
    ['connect', 'maxPayload', connect, 'limits.messageSize'],
    ['connect', 'rejectUnauthorised', connect, undefined],
    ['connect', 'Headers', connect, 'headers'],
    ['accept', 'protocol', (options) => WebSocketConnection.accept(...upgrade(), options), 'subprotocol'],
    [
      'WebSocketServer',
      'handleProtocols',
      (options) => new WebSocketServer({ noServer: true, ...options }),
      'subprotocols',
    ],
    [
      'WebSocketServer',
      'perMessageDeflate',
      (options) => new WebSocketServer({ noServer: true, ...options }),
      'no compression',
    ],
    ['request', 'timeout', request, 'timeouts'],
    ['request', 'json', request, 'body: JSON.stringify'],
    ['request timeouts', 'response', (options) => request({ timeouts: options }), undefined],
    ['request proxy', 'host', (options) => request({ proxy: options }), undefined],
    ['request credentials', 'username', (options) => request({ credentials: options }), 'userName'],
    ['request limits', 'responseSize', (options) => request({ limits: options }), undefined],
    ['request clientCertificate', 'password', (options) => request({ clientCertificate: options }), 'passphrase'],
    ['compareSubjects', 'reference', (options) => compareSubjects(options as never), 'left'],
    ['fuzzSubjects', 'count', (options) => fuzzSubjects(options as never), undefined],
    ['assertParity', 'known', (options) => assertParity('portable', 'ws-text', options), 'knownDifferences'],
    ['renderText', 'colors', (options) => renderText({} as never, options), 'color'],
    ['a property', 'size', (options) => WebSocketCreateClientHandle([{ type: 0, value: 256, ...options }]), undefined],
    ['create', 'timeout', (options) => WinHttpRequest.create(options), 'setTimeouts'],
    ['recordHar', 'secrets', (options) => recordHar(options), undefined],
    ['WebSocketCreateClientHandle', 'backends', (options) => WebSocketCreateClientHandle([], options), 'backend'],
  ];
  it.each(takers)('%s: %s', async (_taker, name, take, suggestion) => {
    const error: Error = await Promise.resolve()
      .then(() => take({ [name]: 1 }))
      .then(
        () => expect.fail('it was taken'),
        (reason) => reason,
      );
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
    expect(error.message).toContain(name);
    expect(error.message).toMatch(/Known options: \w/);
    if (suggestion === undefined) expect(error.message).not.toContain(' Use ');
    else expect(error.message).toContain(`Use ${suggestion}`);
  });

  it('send, receive, ping, close and toDuplex of a connection', async () => {
    await using pair = await openPair('portable');
    const { client } = pair;
    const unknown = { code: 'ERR_INVALID_ARG_VALUE', message: expect.stringContaining('"fin"') };
    const options = { fin: false } as never;
    await expect(client.send('x', options)).rejects.toMatchObject(unknown);
    await expect(client.receive(options)).rejects.toMatchObject(unknown);
    await expect(client.ping(options)).rejects.toMatchObject(unknown);
    expect(() => toDuplex(client, options)).toThrow(expect.objectContaining(unknown));
    expect(() => client.trace(options)).toThrow(expect.objectContaining(unknown));
    await expect(client.close(1000, '', options)).rejects.toMatchObject(unknown);
  });
});

it('rejectUnknown names a member with its object', () => {
  const known = { names: ['messageSize'] };
  expect(() => rejectUnknown({ size: 1 }, 'limits', known)).toThrow(
    'Unknown option "limits.size". Known options: messageSize.',
  );
  expect(() => rejectUnknown({ messageSize: 1 }, 'limits', known)).not.toThrow();
});
