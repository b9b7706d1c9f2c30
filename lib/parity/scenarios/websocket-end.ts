/** Scenarios: close, errors of the peer, errors of the caller, abort (RFC 6455 section 7). */
import { Action, ActionQueue, BufferType } from '../../websocket/functions/websocket-types.ts';
import { websocketScenarios } from '../scenario.ts';
import { closePayload, type FrameOptions, Opcode } from '../websocket-frames.ts';
import type { Role, WebSocketStage } from '../websocket-stage.ts';

function closeBy(t: WebSocketStage, role: Role, status: number, reason?: string): void {
  const pair = t.pair();
  const [a, b] = role === 'client' ? [pair.client, pair.server] : [pair.server, pair.client];
  a.receive();
  b.receive();
  a.sendClose(status, reason);
  t.exchange(a, b);
  t.attempt(() => b.sendClose(status));
  t.exchange(a, b);
}

/** Records how the endpoint handles an invalid frame, and the state of the connection afterwards. */
function refuses(t: WebSocketStage, role: Role, ...frames: (FrameOptions | Uint8Array)[]): void {
  const endpoint = t.open(role);
  endpoint.receive();
  for (const frame of frames) {
    if (frame instanceof Uint8Array) endpoint.feed(frame);
    else endpoint.feedFrames(frame);
  }
  t.attempt(() => endpoint.pump());
  t.attempt(() => endpoint.pump());
}

function receivesClose(t: WebSocketStage, payload: Uint8Array): void {
  refuses(t, 'server', { opcode: Opcode.CLOSE, payload });
}

export const closeScenarios = websocketScenarios('close', {
  'close-by-client': ['the client closes, the server answers', (t) => closeBy(t, 'client', 1000, 'done')],
  'close-by-server': ['the server closes, the client answers', (t) => closeBy(t, 'server', 1001)],
  'close-both': [
    'both close at once',
    (t) => {
      const { client, server } = t.pair();
      client.receive();
      server.receive();
      client.sendClose(1000);
      server.sendClose(1001);
      t.exchange(client, server);
    },
  ],
  'close-then-send': [
    'nothing can be sent after a close',
    (t) => {
      const client = t.open('client');
      client.sendClose();
      t.attempt(() => client.sendText('late'));
      client.pump();
      t.attempt(() => client.sendText('late'));
      t.attempt(() => client.sendClose());
      t.attempt(() => client.receive());
    },
  ],
  'close-statuses': [
    'which status codes can be sent',
    (t) => {
      for (const status of [0, 999, 1000, 1004, 1005, 1006, 1010, 1011, 1012, 1015, 3000, 4999, 5000]) {
        const server = t.open('server');
        t.attempt(() => server.sendClose(status));
        server.pump();
      }
    },
  ],
  'close-reasons': [
    'a reason of 123 bytes, of 124, and an empty one',
    (t) => {
      for (const length of [0, 123, 124]) {
        const server = t.open('server');
        t.attempt(() => server.sendClose(1000, 'x'.repeat(length)));
        server.pump();
      }
    },
  ],
  'close-received-forms': [
    'a close without a status, with half of one, with an invalid status',
    (t) => {
      receivesClose(t, Buffer.alloc(0));
      receivesClose(t, Buffer.of(3));
      for (const status of [1000, 1005, 1006, 999, 5000, 3000]) receivesClose(t, closePayload(status));
      receivesClose(t, closePayload(1000, Uint8Array.of(0xff)));
    },
  ],
  'close-data-after': [
    'a message that comes after the close of the peer',
    (t) =>
      refuses(
        t,
        'server',
        { opcode: Opcode.CLOSE, payload: closePayload(1000) },
        { opcode: Opcode.TEXT, payload: 'x' },
      ),
  ],
});

export const peerErrorScenarios = websocketScenarios('errors of the peer', {
  'peer-reserved-bits': [
    'a frame with a reserved bit',
    (t) => {
      for (const rsv of [4, 2, 1]) refuses(t, 'server', { opcode: Opcode.TEXT, rsv, payload: 'x' });
    },
  ],
  'peer-unknown-opcode': [
    'an opcode that means nothing',
    (t) => {
      for (const opcode of [3, 7, 11, 15]) refuses(t, 'client', { opcode, payload: 'x' });
    },
  ],
  'peer-masking': [
    'a client that does not mask, a server that does',
    (t) => {
      refuses(t, 'server', { opcode: Opcode.TEXT, payload: 'x', key: undefined });
      refuses(t, 'client', { opcode: Opcode.TEXT, payload: 'x', key: Uint8Array.of(1, 2, 3, 4) });
    },
  ],
  'peer-fragmented-control': [
    'a control frame in parts',
    (t) => refuses(t, 'server', { opcode: Opcode.PING, fin: false, payload: 'x' }),
  ],
  'peer-continuation': [
    'a continuation of nothing, and a new message within a message',
    (t) => {
      refuses(t, 'server', { opcode: Opcode.CONTINUATION, payload: 'x' });
      const start = { opcode: Opcode.TEXT, fin: false, payload: 'x' };
      refuses(t, 'server', start, { opcode: Opcode.TEXT, payload: 'y' });
    },
  ],
  'peer-invalid-utf8': [
    'text that is not UTF-8',
    (t) => {
      for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]]) {
        refuses(t, 'client', { opcode: Opcode.TEXT, payload: Uint8Array.from(bytes) });
      }
    },
  ],
  'peer-lengths': [
    'a length that is coded longer than it needs, and one of 2^63',
    (t) => {
      refuses(t, 'client', { opcode: Opcode.BINARY, payload: 'x', lengthForm: 16 });
      refuses(t, 'client', Buffer.from('827f8000000000000000', 'hex'));
    },
  ],
  'peer-ends': [
    'the connection ends in the middle of a frame',
    (t) => {
      const server = t.open('server');
      server.receive();
      server.feed(server.peerFrame({ opcode: Opcode.TEXT, payload: 'Hello' }).subarray(0, 5));
      server.end();
      t.attempt(() => server.pump());
    },
  ],
});

export const callerErrorScenarios = websocketScenarios('errors of the caller', {
  'caller-types': [
    'buffer types and queues that there are not',
    (t) => {
      const server = t.open('server');
      t.attempt(() => server.send(0x80000007, Buffer.from('x')));
      t.attempt(() => server.send(0, Buffer.from('x')));
      for (const queue of [0, 4]) t.attempt(() => server.getAction(queue));
      server.pump();
    },
  ],
  'caller-completes-twice': [
    'an action that is completed twice',
    (t) => {
      const server = t.open('server');
      server.sendText('Hello');
      const action = server.getAction(ActionQueue.SEND);
      server.complete(action, 7);
      t.attempt(() => server.complete(action, 7));
      server.pump();
    },
  ],
  'caller-asks-again': [
    'GetAction while an action is outstanding',
    (t) => {
      const server = t.open('server');
      server.sendText('one');
      server.sendText('two');
      const first = server.getAction(ActionQueue.SEND);
      const second = t.attempt(() => server.getAction(ActionQueue.SEND));
      server.complete(first, 5);
      if (second !== undefined && second.action !== Action.NO_ACTION) t.attempt(() => server.complete(second, 5));
      server.pump();
    },
  ],
  'caller-small-receive-buffer': [
    'a receive buffer that is smaller than the message',
    (t) => {
      const server = t.open('server');
      for (const size of [0, 2, 255]) t.attempt(() => server.receiveWith('small', new Uint8Array(size)));
      server.feedFrames({ opcode: Opcode.TEXT, payload: 'Hello' });
      t.attempt(() => server.pump());
    },
  ],
});

export const abortScenarios = websocketScenarios('abort', {
  'abort-idle': [
    'abort of a handle with nothing pending, twice',
    (t) => {
      const client = t.open('client');
      client.abort();
      client.drain();
      client.abort();
      client.drain();
    },
  ],
  'abort-sends': [
    'abort with three sends queued, one of them during its write',
    (t) => {
      const server = t.open('server');
      for (const context of ['first', 'second', 'third']) server.sendText(context, context);
      const action = server.getAction(ActionQueue.SEND);
      server.abort();
      server.complete(action, 0);
      server.drain();
    },
  ],
  'abort-receives': [
    'abort with two receives queued, one of them waiting for the network',
    (t) => {
      const client = t.open('client');
      for (const context of ['first', 'second']) client.receiveWith(context);
      const action = client.getAction(ActionQueue.RECEIVE);
      client.abort();
      client.complete(action, 0);
      client.drain();
    },
  ],
  'abort-then-calls': [
    'every call after an abort',
    (t) => {
      const client = t.open('client');
      client.abort();
      for (const type of Object.values(BufferType)) t.attempt(() => client.send(type, Buffer.from('x')));
      t.attempt(() => client.sendClose());
      t.attempt(() => client.receive());
      client.drain();
      t.delete(client.handle);
    },
  ],
  'abort-before-handshake': [
    'abort of a handle that has not begun, and of one during its handshake',
    (t) => {
      const fresh = t.create('client');
      t.sys.WebSocketAbortHandle(fresh);
      t.attempt(() => t.sys.WebSocketBeginClientHandshake(fresh));
      const { handle } = t.begunClient();
      t.sys.WebSocketAbortHandle(handle);
      t.attempt(() => t.sys.WebSocketGetAction(handle, ActionQueue.ALL));
    },
  ],
});
