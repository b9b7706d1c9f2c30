// The chapters of the demo. Everything shown is also verified.
import { once } from 'node:events';
import { WinwireError } from 'winwire';
import {
  Action,
  ActionQueue,
  BufferType,
  PropertyType,
  type WebSocketAction,
  type WebSocketFunctions,
  type WebSocketHandle,
} from 'winwire/sys';
import type { Endpoint } from '../lib/endpoint.ts';
import type { Ends, Stage } from './stage.ts';

/** Plays all chapters. */
export async function play(stage: Stage): Promise<void> {
  stage.chapter(
    'The opening handshake',
    'The functions make and check the headers of both sides; node:http carries them over a TCP connection.',
  );
  const { SUPPORTED_VERSIONS } = PropertyType;
  const versions = stage.functions('server').WebSocketGetGlobalProperty(SUPPORTED_VERSIONS, { backend: stage.backend });
  const ends = await stage.connect();
  stage.check('both handshakes are done, in version 13', [versions].flat().includes(13));

  await text(stage, ends);
  await binary(stage, ends);
  await fragments(stage, ends);
  await empty(stage, ends);
  await large(stage, ends);
  await pings(stage, ends);
  await closedByClient(stage, ends);
  await closedByServer(stage);
  await aborted(stage);
}

/** Resolves with the next message that an endpoint receives; rejects if the connection ends before. */
function nextMessage(endpoint: Endpoint): Promise<string | Buffer> {
  return new Promise((resolve, reject) => {
    endpoint.once('message', resolve);
    endpoint.once('closed', ({ error }) => reject(error ?? new Error('the connection ended before the message came')));
  });
}

async function arrived(from: Promise<unknown>, to: Promise<string | Buffer>): Promise<string | Buffer> {
  const [message] = await Promise.all([to, from]);
  return message;
}

async function text(stage: Stage, { client, server }: Ends): Promise<void> {
  stage.chapter(
    'A text message, call by call',
    'WebSocketSend and WebSocketReceive only queue. WebSocketGetAction says what is to be done, and ' +
      'WebSocketCompleteAction reports that it is done.',
    'calls',
  );
  const greeting = 'Grüße, 世界';
  const message = await arrived(client.send(greeting), nextMessage(server));
  stage.check(`the server received the text: ${JSON.stringify(message)}`, message === greeting);
}

async function binary(stage: Stage, { client, server }: Ends): Promise<void> {
  stage.chapter('A binary message', 'The 256 values of a byte, from the server: its frames are not masked.');
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const message = await arrived(server.send(bytes), nextMessage(client));
  stage.check('the client received the same 256 bytes', Buffer.isBuffer(message) && message.equals(bytes));
}

async function fragments(stage: Stage, { client, server }: Ends): Promise<void> {
  stage.chapter(
    'A message in three fragments',
    'Each fragment is a separate frame. The first cut goes through the middle of the à, c3 a0 in UTF-8.',
  );
  const bytes = Buffer.from('à la carte, by the spoonful');
  const whole = nextMessage(server);
  await client.sendPart(BufferType.UTF8_FRAGMENT, bytes.subarray(0, 1));
  await client.sendPart(BufferType.UTF8_FRAGMENT, bytes.subarray(1, 12));
  await client.sendPart(BufferType.UTF8_MESSAGE, bytes.subarray(12));
  stage.check('the server put the parts together', (await whole) === bytes.toString());
}

async function empty(stage: Stage, { client, server }: Ends): Promise<void> {
  stage.chapter('An empty message', 'Nothing is a message too: a frame without payload, indicated with length 0.');
  const message = await arrived(server.send(''), nextMessage(client));
  stage.check('the client received an empty text', message === '');
}

async function large(stage: Stage, { client, server }: Ends): Promise<void> {
  stage.chapter(
    'One mebibyte, and back',
    'A client masks into its send buffer of 16 KiB and so sends many frames; the server lends the whole message, one frame.',
    'totals',
  );
  const bytes = Buffer.alloc(1024 * 1024, 'The quick brown fox jumps over the lazy dog. ');
  const received = await arrived(client.send(bytes), nextMessage(server));
  stage.check('the server received the same 1048576 bytes', Buffer.isBuffer(received) && received.equals(bytes));
  const returned = await arrived(server.send(received), nextMessage(client));
  stage.check('the client got them back unchanged', Buffer.isBuffer(returned) && returned.equals(bytes));
}

async function pings(stage: Stage, { client, server }: Ends): Promise<void> {
  stage.chapter(
    'Ping and pong',
    'A ping is answered from within the receive queue: the application of the other side never sees it.',
  );
  for (const [from, name] of [
    [client, 'client'],
    [server, 'server'],
  ] as const) {
    const pong = once(from, 'pong');
    await from.ping();
    await pong;
    stage.check(`the ping of the ${name} was answered`, true);
  }
}

async function closedByClient(stage: Stage, { client, server }: Ends): Promise<void> {
  stage.chapter(
    'The client closes',
    'A Close has a code and a reason. The other side answers with its own, and the server ends the TCP connection.',
  );
  const endings = Promise.all([stage.closed('client', client), stage.closed('server', server)]);
  client.close(1000, 'all is said');
  const [ofClient, ofServer] = await endings;
  stage.check("the server saw 1000 'all is said'", ofServer.status === 1000 && ofServer.reason === 'all is said');
  stage.check(
    'the client got 1000 as an answer, both ends closed cleanly',
    ofClient.status === 1000 && ofClient.clean && ofServer.clean,
  );
}

async function closedByServer(stage: Stage): Promise<void> {
  stage.chapter('The server closes', 'A second connection. This time the server goes first, with another code.');
  const { client, server } = await stage.connect();
  const endings = Promise.all([stage.closed('client', client), stage.closed('server', server)]);
  server.close(4001, 'come back tomorrow');
  const [ofClient, ofServer] = await endings;
  stage.check(
    "the client saw 4001 'come back tomorrow'",
    ofClient.status === 4001 && ofClient.reason === 'come back tomorrow',
  );
  stage.check('both ends closed cleanly', ofClient.clean && ofServer.clean);
}

const LETTERS = ['letter 1', 'letter 2', 'letter 3'];
const MAILBOXES = ['mailbox A', 'mailbox B'];

async function aborted(stage: Stage): Promise<void> {
  stage.chapter(
    'WebSocketAbortHandle, during operations',
    'A third connection, its client driven by hand. Two receives and three sends are queued, each with its name as context; one of each is in progress.',
    'calls',
  );
  const { handle, socket, server } = await stage.connectByHand();
  const functions = stage.functions('client');
  const serverClosed = stage.closed('server', server);
  for (const name of MAILBOXES) functions.WebSocketReceive(handle, undefined, name);
  for (const name of LETTERS) functions.WebSocketSend(handle, BufferType.UTF8_MESSAGE, Buffer.from(name), name);
  const underWay = [ActionQueue.RECEIVE, ActionQueue.SEND].map((queue) => functions.WebSocketGetAction(handle, queue));

  stage.chapter(
    'The drain',
    'Nothing is sent any more. What is under way is completed with 0 bytes; then every operation is handed back, in order, with its context.',
    'calls',
  );
  functions.WebSocketAbortHandle(handle);
  for (const action of underWay) functions.WebSocketCompleteAction(handle, action.actionContext, 0);
  const drain = (queue: ActionQueue) => [...drained(functions, handle, queue)];
  const sends = drain(ActionQueue.SEND);
  const receives = drain(ActionQueue.RECEIVE);
  stage.check('three sends came back, first in first out', isDrain(sends, Action.INDICATE_SEND_COMPLETE, LETTERS));
  stage.check('two receives came back as well', isDrain(receives, Action.INDICATE_RECEIVE_COMPLETE, MAILBOXES));

  stage.chapter(
    'After the abort',
    'The handle takes no more work, and after WebSocketDeleteHandle there is no handle.',
  );
  const refusal = errorOf(() => functions.WebSocketSend(handle, BufferType.UTF8_MESSAGE, Buffer.from('letter 4')));
  stage.check(`WebSocketSend is refused: ${refusal?.message}`, refusal instanceof WinwireError);
  functions.WebSocketDeleteHandle(handle);
  const misuse = errorOf(() => functions.WebSocketGetAction(handle, ActionQueue.ALL));
  stage.check('a deleted handle never reaches the functions', misuse instanceof TypeError);
  socket.destroy();
  const ending = await serverClosed;
  stage.check('without a Close the server saw 1006', ending.status === 1006 && !ending.clean);
}

/** Gets and completes every action of a queue. */
function* drained(functions: WebSocketFunctions, handle: WebSocketHandle, queue: ActionQueue) {
  for (;;) {
    const action = functions.WebSocketGetAction(handle, queue);
    if (action.action === Action.NO_ACTION) return;
    functions.WebSocketCompleteAction(handle, action.actionContext, 0);
    yield action;
  }
}

function isDrain(actions: readonly WebSocketAction[], kind: Action, contexts: readonly string[]): boolean {
  const found = actions.map((action) => (action.action === kind ? action.applicationContext : undefined));
  return found.length === contexts.length && found.every((context, i) => context === contexts[i]);
}

function errorOf(call: () => unknown): Error | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
