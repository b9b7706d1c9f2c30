// The 13 functions by hand, without a network: two handles, and two arrays of bytes in place of a connection. The
// smallest program that uses each of them; examples/lib/endpoint.ts is the one to copy for a real socket.
//
//   npm run example -- raw-actions
import {
  Action,
  ActionQueue,
  BufferType,
  PropertyType,
  WebSocketAbortHandle,
  type WebSocketAction,
  WebSocketBeginClientHandshake,
  WebSocketBeginServerHandshake,
  WebSocketCompleteAction,
  WebSocketCreateClientHandle,
  WebSocketCreateServerHandle,
  WebSocketDeleteHandle,
  WebSocketEndClientHandshake,
  WebSocketEndServerHandshake,
  WebSocketGetAction,
  WebSocketGetGlobalProperty,
  type WebSocketHandle,
  WebSocketReceive,
  WebSocketSend,
} from 'winwire/sys';
import { chooseBackend } from './lib/choose-backend.ts';
import { type CommandLine, type Main, runIfMain } from './lib/command-line.ts';

export const COMMAND = {
  usage: 'raw-actions [options]',
  about: 'Two handles in memory: what is to be done, and that it is done, action by action.',
  options: {
    backend: { type: 'string', choices: ['system', 'portable'], help: 'who answers the 13 calls' },
  },
} as const satisfies CommandLine;

/** A handle, its received bytes, and its outstanding read. */
interface Side {
  name: string;
  handle: WebSocketHandle;
  arrived: Buffer;
  reading?: WebSocketAction | undefined;
  print(what: string): void;
}

export const main: Main<typeof COMMAND> = (values, _positionals, { stdout }) => {
  const backend = chooseBackend(values.backend);
  const print = (line: string) => stdout.write(`${line}\n`);
  const sideOf = (name: string, handle: WebSocketHandle): Side => ({
    name,
    handle,
    arrived: Buffer.alloc(0),
    print: (what) => print(`${name}  ${what}`),
  });
  print(`versions ${WebSocketGetGlobalProperty(PropertyType.SUPPORTED_VERSIONS, { backend })}`);
  const client = sideOf('client', WebSocketCreateClientHandle([], { backend }));
  const server = sideOf('server', WebSocketCreateServerHandle([], { backend }));
  shakeHands(client, server);
  converse(client, server);
  abort(client);
  for (const { handle } of [client, server]) WebSocketDeleteHandle(handle);
  return 0;
};

/** A real client sends the headers in a GET request, a real server in a 101 response. */
function shakeHands(client: Side, server: Side): void {
  const host = { name: 'Host', value: 'localhost' };
  const request = WebSocketBeginClientHandshake(client.handle, ['chat'], [], [host]);
  for (const { name, value } of request) client.print(`request header       ${name}: ${value}`);
  const response = WebSocketBeginServerHandshake(server.handle, 'chat', [], [host, ...request]);
  for (const { name, value } of response) server.print(`response header      ${name}: ${value}`);
  const { selectedSubprotocol } = WebSocketEndClientHandshake(client.handle, response);
  client.print(`sub-protocol         number ${selectedSubprotocol}`);
  WebSocketEndServerHandshake(server.handle);
}

function converse(client: Side, server: Side): void {
  WebSocketReceive(server.handle, undefined, 'the first receive');
  WebSocketSend(client.handle, BufferType.UTF8_MESSAGE, Buffer.from('Hello'), 'the first send');
  runUntilIdle(client, server);
  // The ping is answered inside a receive, which stays queued; the pong is indicated to the sender of the ping.
  WebSocketReceive(client.handle, undefined, 'a pong');
  WebSocketReceive(server.handle, undefined, 'the second receive');
  WebSocketSend(client.handle, BufferType.PING_PONG, undefined, 'a ping');
  runUntilIdle(client, server);
  WebSocketSend(client.handle, BufferType.CLOSE, { status: 1000, reason: 'done' }, 'the close');
  runUntilIdle(client, server);
}

/** Instead of answering the Close this end is aborted, and the queued operations are returned. */
function abort({ handle, print }: Side): void {
  WebSocketReceive(handle, undefined, 'a receive without a future');
  WebSocketSend(handle, BufferType.PING_PONG, undefined, 'a ping that stays');
  WebSocketAbortHandle(handle);
  for (;;) {
    const action = WebSocketGetAction(handle, ActionQueue.ALL);
    if (action.action === Action.NO_ACTION) return;
    print(`drained              ${action.applicationContext}`);
    WebSocketCompleteAction(handle, action.actionContext, 0);
  }
}

function runUntilIdle(client: Side, server: Side): void {
  while (step(client, server) || step(server, client));
}

/** Performs one step of a side. Returns false if there is nothing to do, or more bytes are needed. */
function step(side: Side, other: Side): boolean {
  if (side.reading && side.arrived.length > 0) {
    read(side, side.reading);
    return true;
  }
  const action = WebSocketGetAction(side.handle, ActionQueue.ALL);
  switch (action.action) {
    case Action.NO_ACTION:
      return false;
    case Action.RECEIVE_FROM_NETWORK:
      side.reading = action;
      return true;
    case Action.SEND_TO_NETWORK: {
      const bytes = Buffer.concat(action.buffers);
      side.print(`send to network      ${bytes.toString('hex')}`);
      other.arrived = Buffer.concat([other.arrived, bytes]);
      WebSocketCompleteAction(side.handle, action.actionContext, bytes.length);
      return true;
    }
    default:
      side.print(`${describe(action)} ${action.applicationContext}`);
      WebSocketCompleteAction(side.handle, action.actionContext, 0);
      return true;
  }
}

function read(side: Side, { actionContext, room }: WebSocketAction): void {
  const bytes = side.arrived.subarray(0, room);
  side.arrived = side.arrived.subarray(bytes.length);
  side.reading = undefined;
  side.print(`receive from network ${bytes.length} bytes`);
  WebSocketCompleteAction(side.handle, actionContext, bytes);
}

function describe({ action, bufferType, close, buffers: [data] }: WebSocketAction): string {
  if (action === Action.INDICATE_SEND_COMPLETE) return 'send complete       ';
  const kind = Object.entries(BufferType).find(([, value]) => value === bufferType)?.[0];
  return `receive complete     ${kind} ${close ? close.status : `'${data}'`}:`;
}

await runIfMain(import.meta, COMMAND, main);
