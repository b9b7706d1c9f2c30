// Compiled, never run: what a user's editor sees of each entry. In the syntax of TypeScript 5.0, the oldest that is served.
import { backends, WebSocketConnection, type WebSocketServer, type WinwireError } from 'winwire';
import { compareSubjects, type KnownDifference, parityMatchers } from 'winwire/parity';
import { Action, type IWinHttpRequest, type WebSocketAction, type WebSocketFunctions, WinHttpRequest } from 'winwire/sys';

export const available: boolean = backends().websocket.system.available;
export const isSend = (action: WebSocketAction): boolean => action.action === Action.SEND_TO_NETWORK;
export const comparing = [compareSubjects, parityMatchers];
export type Users = [KnownDifference, WebSocketServer, WebSocketFunctions, IWinHttpRequest, WinwireError];

export async function talk(): Promise<number> {
  const connection = await WebSocketConnection.connect('ws://127.0.0.1/');
  for await (const message of connection) {
    if (typeof message === 'string') break;
    message.readUInt8(0);
  }
  const response = await WinHttpRequest.request('http://127.0.0.1/');
  for (const [name, value] of response.headers) if (name === value) break;
  for (const [name] of response.headers.entries()) name.trim();
  const request = await WinHttpRequest.create();
  // @ts-expect-error Not a number.
  await request.open(1, 'http://127.0.0.1/');
  return await request.status;
}
