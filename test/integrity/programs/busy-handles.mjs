// Busy handles: queued operations, outstanding actions, contexts that refer to the handle.
import {
  ActionQueue,
  BufferType,
  WebSocketBeginClientHandshake,
  WebSocketBeginServerHandshake,
  WebSocketCreateClientHandle,
  WebSocketCreateServerHandle,
  WebSocketEndClientHandshake,
  WebSocketEndServerHandshake,
  WebSocketGetAction,
  WebSocketReceive,
  WebSocketSend,
} from 'winwire/sys';

/** Opens `count` clients and as many servers. */
export function openBusyHandles(backend, count) {
  const handles = [];
  for (let index = 0; index < count; index++) {
    const client = WebSocketCreateClientHandle([], { backend });
    const server = WebSocketCreateServerHandle([], { backend });
    const request = [{ name: 'Host', value: 'h' }, ...WebSocketBeginClientHandshake(client)];
    WebSocketEndClientHandshake(client, WebSocketBeginServerHandshake(server, undefined, undefined, request));
    WebSocketEndServerHandshake(server);
    for (const handle of [client, server]) {
      WebSocketSend(handle, BufferType.BINARY_MESSAGE, Buffer.alloc(index * 1000), { handle });
      WebSocketReceive(handle, Buffer.alloc(100), { handle });
      if (index % 2 === 0) WebSocketGetAction(handle, ActionQueue.SEND);
      if (index % 3 === 0) WebSocketGetAction(handle, ActionQueue.RECEIVE);
      handles.push(handle);
    }
  }
  return handles;
}
