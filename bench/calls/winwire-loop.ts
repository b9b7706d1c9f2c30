// The loop written with winwire/sys.
import {
  Action,
  ActionQueue,
  BufferType,
  PropertyType,
  WebSocketBeginClientHandshake,
  WebSocketBeginServerHandshake,
  WebSocketCompleteAction,
  WebSocketCreateClientHandle,
  WebSocketCreateServerHandle,
  WebSocketDeleteHandle,
  WebSocketEndClientHandshake,
  WebSocketEndServerHandshake,
  WebSocketGetAction,
  type WebSocketHandle,
  WebSocketReceive,
  WebSocketSend,
} from 'winwire/sys';
import { BUFFER_SIZE, type Loop, Wire } from './loop.ts';

const PROPERTIES = [
  { type: PropertyType.RECEIVE_BUFFER_SIZE, value: BUFFER_SIZE },
  { type: PropertyType.SEND_BUFFER_SIZE, value: BUFFER_SIZE },
];

export function createWinwireLoop(backend: 'portable' | 'system'): Loop {
  const client = WebSocketCreateClientHandle(PROPERTIES, { backend });
  const server = WebSocketCreateServerHandle(PROPERTIES, { backend });
  const request = WebSocketBeginClientHandshake(client);
  const host = { name: 'Host', value: 'localhost' };
  const response = WebSocketBeginServerHandshake(server, undefined, undefined, [host, ...request]);
  WebSocketEndClientHandshake(client, response);
  WebSocketEndServerHandshake(server);
  const wire = new Wire();
  return {
    transfer(from, payload) {
      const [sender, receiver] = from === 'client' ? [client, server] : [server, client];
      WebSocketSend(sender, BufferType.BINARY_MESSAGE, payload);
      drain(sender, wire);
      WebSocketReceive(receiver);
      return receive(receiver, wire);
    },
    dispose() {
      WebSocketDeleteHandle(client);
      WebSocketDeleteHandle(server);
    },
  };
}

function drain(handle: WebSocketHandle, wire: Wire): void {
  for (;;) {
    const action = WebSocketGetAction(handle, ActionQueue.SEND);
    if (action.action === Action.NO_ACTION) return;
    let sent = 0;
    for (const buffer of action.buffers) {
      wire.write(buffer);
      sent += buffer.length;
    }
    WebSocketCompleteAction(handle, action.actionContext, sent);
  }
}

function receive(handle: WebSocketHandle, wire: Wire): Buffer {
  let message: Buffer | undefined;
  for (;;) {
    const action = WebSocketGetAction(handle, ActionQueue.RECEIVE);
    switch (action.action) {
      case Action.NO_ACTION:
        if (message === undefined) throw new Error('the message did not come');
        return message;
      case Action.RECEIVE_FROM_NETWORK:
        WebSocketCompleteAction(handle, action.actionContext, wire.take());
        break;
      default:
        message = action.buffers[0];
        WebSocketCompleteAction(handle, action.actionContext, 0);
    }
  }
}
