// Compiled, never run: what a user's editor sees of each entry. In the syntax of TypeScript 5.0, the oldest that is served.
import {
  AutoLogonPolicy,
  backends,
  type ClientCertificate,
  CloseStatus,
  CredentialTarget,
  HResult,
  type HResultName,
  type IWinHttpRequest,
  ProxySetting,
  ResponseHeaders,
  SecureProtocol,
  type SendOptions,
  SslErrorFlag,
  type WaitOptions,
  WebSocketConnection,
  type WebSocketOpenMessage,
  type WebSocketServer,
  type WinHttpBody,
  type WinHttpLimits,
  WinHttpRequest,
  WinHttpRequestOption,
  type WinHttpRequestTrace,
  type WinHttpSendOptions,
  type WinHttpWaitOptions,
  type WinwireError,
} from 'winwire';
import { compareSubjects, type KnownDifference, parityMatchers } from 'winwire/parity';
// @ts-expect-error The request object is no part of the 13 functions.
import type { WinHttpRequest as _Request } from 'winwire/sys';
import { Action, CloseStatus as SysCloseStatus, type WebSocketAction, type WebSocketFunctions } from 'winwire/sys';

export const available: boolean = backends().websocket.system.available;
export const isSend = (action: WebSocketAction): boolean => action.action === Action.SEND_TO_NETWORK;
export const comparing = [compareSubjects, parityMatchers];
export type Users = [KnownDifference, WebSocketServer, WebSocketFunctions, IWinHttpRequest, WinwireError];
export type Options = [SendOptions, WaitOptions, WinHttpSendOptions, WinHttpWaitOptions, Partial<WinHttpLimits>];
export type Bodies = [WinHttpBody, ClientCertificate];
export const enums = [AutoLogonPolicy, CredentialTarget, ProxySetting, SecureProtocol, SslErrorFlag, WinHttpRequestOption];
export const isSame: boolean = CloseStatus.SUCCESS === SysCloseStatus.SUCCESS;
export const headers: string | null = new ResponseHeaders('A: b').get('a');

export const known: HResultName = 'E_INVALIDARG';
// @ts-expect-error A misspelt name does not compile.
export const misspelt = HResult.E_INVALID_ARG;

export function watch({ connection }: WebSocketOpenMessage, { request }: WinHttpRequestTrace): void {
  const held: WebSocketConnection = connection;
  const object: WinHttpRequest | undefined = request;
  void [held, object];
}

export async function talk(): Promise<number> {
  const connection = await WebSocketConnection.connect('ws://127.0.0.1/');
  for await (const message of connection) {
    if (typeof message === 'string') break;
    message.readUInt8(0);
  }
  await connection.close();
  const response = await WinHttpRequest.request('http://127.0.0.1/');
  for (const [name, value] of response.headers) if (name === value) break;
  for (const [name] of response.headers.entries()) name.trim();
  const request = await WinHttpRequest.create();
  await request.setProxy(ProxySetting.PROXY, 'proxy:8080');
  // @ts-expect-error Not a number.
  await request.open(1, 'http://127.0.0.1/');
  return await request.status;
}
