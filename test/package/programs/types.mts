// Compiled, never run: what a user's editor sees of each entry.
import { backends, WebSocketConnection, type WebSocketServer, type WinwireError } from 'winwire';
import { Action, type IWinHttpRequest, type WebSocketAction, type WebSocketFunctions, WinHttpRequest } from 'winwire/sys';

export const available: boolean = backends().websocket.system.available;
export const isSend = (action: WebSocketAction): boolean => action.action === Action.SEND_TO_NETWORK;
export type Users = [WebSocketServer, WebSocketFunctions, IWinHttpRequest, WinwireError];

export async function talk(): Promise<number> {
  await using connection = await WebSocketConnection.connect('ws://127.0.0.1/');
  for await (const message of connection) {
    if (typeof message === 'string') break;
    message.readUInt8(0);
  }
  const request = await WinHttpRequest.create();
  // @ts-expect-error Not a number.
  await request.open(1, 'http://127.0.0.1/');
  return await request.status;
}
