/** Scenarios: messages, fragments, ping and pong (RFC 6455 section 5). */
import { ActionQueue, BufferType, PropertyType } from '../../websocket/functions/websocket-types.ts';
import { websocketScenarios } from '../scenario.ts';
import { Opcode, patterned } from '../websocket-frames.ts';
import type { Role, WebSocketStage } from '../websocket-stage.ts';

/** Sends parts from one end, with a receive queued for each at the other. */
function transfer(t: WebSocketStage, from: Role, parts: readonly (readonly [number, string | Uint8Array])[]): void {
  const pair = t.pair();
  const [a, b] = from === 'client' ? [pair.client, pair.server] : [pair.server, pair.client];
  b.receive(parts.length);
  for (const [type, data] of parts) a.send(type, Buffer.from(data as string), 'sent');
  t.exchange(a, b);
}

/** Records how the endpoint handles frames of its peer, each in a separate read. */
function takes(t: WebSocketStage, role: Role, ...frames: Parameters<ReturnType<WebSocketStage['open']>['feedFrames']>) {
  const endpoint = t.open(role);
  endpoint.feedFrames(...frames);
  t.attempt(() => endpoint.pumpAll());
}

const LENGTHS = [0, 1, 125, 126, 127, 65535, 65536];
const { UTF8_MESSAGE, UTF8_FRAGMENT, BINARY_MESSAGE, BINARY_FRAGMENT, PING_PONG, UNSOLICITED_PONG } = BufferType;

export const messageScenarios = websocketScenarios('messages', {
  'text-from-client': ['a text message from client to server', (t) => transfer(t, 'client', [[UTF8_MESSAGE, 'Hello']])],
  'text-from-server': ['a text message from server to client', (t) => transfer(t, 'server', [[UTF8_MESSAGE, 'Hello']])],
  'text-unicode': ['text beyond ASCII', (t) => transfer(t, 'client', [[UTF8_MESSAGE, 'grün € 𝄞']])],
  'text-empty': ['an empty message', (t) => transfer(t, 'server', [[UTF8_MESSAGE, '']])],
  'binary-both-ways': [
    'binary messages both ways on one connection',
    (t) => {
      const { client, server } = t.pair();
      client.receive();
      server.receive();
      client.send(BINARY_MESSAGE, patterned(20));
      server.send(BINARY_MESSAGE, patterned(30));
      t.exchange(client, server);
    },
  ],
  'send-lengths-server': [
    'a server sends a message of each coding of the length',
    (t) => {
      const server = t.open('server');
      for (const length of LENGTHS) {
        server.send(BINARY_MESSAGE, patterned(length));
        server.pump();
      }
    },
  ],
  'send-lengths-client': [
    'a client sends a message of each coding of the length, in pieces of its send buffer',
    (t) => {
      const client = t.open('client');
      for (const length of LENGTHS) {
        client.send(BINARY_MESSAGE, patterned(length));
        client.pump();
      }
    },
  ],
  'send-unmasked': [
    'a client that need not mask uses the key 0',
    (t) => {
      const client = t.open('client', [{ type: PropertyType.DISABLE_MASKING, value: true }]);
      client.sendText('Hello');
      client.pump();
    },
  ],
  'receive-lengths': [
    'messages longer than the receive buffer come in parts',
    (t) => {
      for (const role of ['client', 'server'] as const) {
        const endpoint = t.open(role, [{ type: PropertyType.RECEIVE_BUFFER_SIZE, value: 256 }]);
        for (const length of [255, 256, 257, 1000]) {
          endpoint.feedFrames({ opcode: Opcode.BINARY, payload: patterned(length) });
        }
        endpoint.pumpAll();
      }
    },
  ],
  'receive-byte-by-byte': [
    'a message that comes one byte at a time',
    (t) => {
      const server = t.open('server');
      for (const byte of server.peerFrame({ opcode: Opcode.TEXT, payload: 'Hello' })) server.feed(Uint8Array.of(byte));
      server.pumpAll();
    },
  ],
  'receive-together': [
    'three frames in one read',
    (t) => {
      const client = t.open('client');
      const frame = (payload: string) => ({ opcode: Opcode.TEXT, payload });
      client.feedTogether(frame('one'), frame('two'), frame('three'));
      client.pumpAll();
    },
  ],
  'send-partly-written': [
    'a write of which less was taken than there was',
    (t) => {
      const server = t.open('server');
      server.sendText('Hello');
      const action = server.getAction(ActionQueue.SEND);
      server.complete(action, 3);
      server.pump();
      server.sendText('again');
      server.pump();
    },
  ],
  'contexts-in-order': [
    'operations complete in the order of their calls, with their contexts',
    (t) => {
      const { client, server } = t.pair();
      for (const context of ['first', 'second', 'third']) {
        client.sendText(context, context);
        server.receiveWith(context);
      }
      t.exchange(client, server);
    },
  ],
});

export const fragmentScenarios = websocketScenarios('fragments', {
  'fragments-text': [
    'a text message in three parts',
    (t) =>
      transfer(t, 'client', [
        [UTF8_FRAGMENT, 'He'],
        [UTF8_FRAGMENT, 'll'],
        [UTF8_MESSAGE, 'o'],
      ]),
  ],
  'fragments-binary': [
    'a binary message in two parts, one of them empty',
    (t) =>
      transfer(t, 'server', [
        [BINARY_FRAGMENT, patterned(300)],
        [BINARY_MESSAGE, ''],
      ]),
  ],
  'fragments-split-character': [
    'a character whose bytes lie in two frames',
    (t) =>
      takes(
        t,
        'server',
        { opcode: Opcode.TEXT, fin: false, payload: Uint8Array.of(0xe2, 0x82) },
        { opcode: Opcode.CONTINUATION, payload: Uint8Array.of(0xac) },
      ),
  ],
  'fragments-mixed': [
    'a part of another kind than the message that is under way',
    (t) => {
      const server = t.open('server');
      server.send(UTF8_FRAGMENT, Buffer.from('He'));
      t.attempt(() => server.send(BINARY_MESSAGE, Buffer.from('llo')));
      t.attempt(() => server.send(UTF8_MESSAGE, Buffer.from('llo')));
      server.pump();
    },
  ],
  'fragments-ping-between': [
    'a ping between two parts of a message, sent and received',
    (t) => {
      const server = t.open('server');
      server.send(UTF8_FRAGMENT, Buffer.from('Hel'));
      server.send(PING_PONG);
      server.send(UTF8_MESSAGE, Buffer.from('lo'));
      server.pump();
      takes(
        t,
        'client',
        { opcode: Opcode.TEXT, fin: false, payload: 'Hel' },
        { opcode: Opcode.PING, payload: 'between' },
        { opcode: Opcode.CONTINUATION, payload: 'lo' },
      );
    },
  ],
});

export const pingScenarios = websocketScenarios('ping', {
  'ping-answered': [
    'a ping is answered with its payload',
    (t) => takes(t, 'server', { opcode: Opcode.PING, payload: 'Hello' }),
  ],
  'ping-empty': ['an empty ping', (t) => takes(t, 'client', { opcode: Opcode.PING })],
  'ping-longest': [
    'a ping of 125 bytes, and one of 126',
    (t) => {
      takes(t, 'server', { opcode: Opcode.PING, payload: patterned(125) });
      takes(t, 'server', { opcode: Opcode.PING, payload: patterned(126) });
    },
  ],
  'ping-round-trip': [
    'a client pings, the server answers, the client gets the pong',
    (t) => {
      const { client, server } = t.pair();
      client.receive();
      server.receive();
      client.send(PING_PONG, undefined, 'ping');
      t.exchange(client, server);
    },
  ],
  'ping-with-payload': [
    'a ping that is given a payload',
    (t) => {
      const client = t.open('client');
      t.attempt(() => client.send(PING_PONG, Buffer.from('?')));
      client.pump();
    },
  ],
  'ping-several': [
    'three pings in one read',
    (t) => {
      const server = t.open('server');
      const ping = (payload: string) => ({ opcode: Opcode.PING, payload });
      server.receive();
      server.feedTogether(ping('1'), ping('2'), ping('3'));
      server.pump();
    },
  ],
  'pong-unsolicited': [
    'an unsolicited pong, sent and received',
    (t) => {
      const server = t.open('server');
      t.attempt(() => server.send(UNSOLICITED_PONG, Buffer.from('!')));
      server.pump();
      takes(t, 'client', { opcode: Opcode.PONG, payload: '!' });
    },
  ],
  'pong-too-long': [
    'a ping and a pong of 126 bytes are not sent',
    (t) => {
      const client = t.open('client');
      for (const type of [PING_PONG, UNSOLICITED_PONG]) t.attempt(() => client.send(type, patterned(126)));
      client.pump();
    },
  ],
});
