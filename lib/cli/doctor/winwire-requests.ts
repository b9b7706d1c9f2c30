/** Requests of the doctor with winwire: a GET by WinHttpRequest, a handshake by WebSocketConnection. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { BackendName } from '../../backend.ts';
import type { ProxySource } from '../../proxy/types.ts';
import { UpgradeRefusedError } from '../../websocket/connection/connection-errors.ts';
import { WebSocketConnection } from '../../websocket/connection/websocket-connection.ts';
import { WinHttpRequest } from '../../winhttp/request/winhttp-request.ts';
import { errorText } from '../error-text.ts';
import { millisecondsSince } from '../format.ts';
import type { RequestReport, ResponseReport } from './doctor-report.ts';
import { responseReport } from './node-requests.ts';

/** Sends a GET by WinHttpRequest, and aborts after the head. */
export async function tryRequest(
  url: string,
  { backend, source }: { backend: BackendName; source?: ProxySource | 'direct' | undefined },
  signal: AbortSignal,
): Promise<RequestReport> {
  const start = performance.now();
  let status: number | undefined;
  let error: string | undefined;
  let request: WinHttpRequest | undefined;
  try {
    request = await WinHttpRequest.create({ backend, proxy: source, environmentProxy: true });
    await request.open('GET', url);
    const done = request.send(undefined, { signal });
    request.on('responseStart', (value) => {
      status = value;
      void request?.abort();
    });
    await done;
    status ??= await request.status;
  } catch (failure) {
    if (status === undefined) error = errorText(failure);
  } finally {
    await request?.[Symbol.asyncDispose]();
  }
  return { face: 'WinHttpRequest', backend, status, milliseconds: millisecondsSince(start), error };
}

interface HandshakeResult {
  readonly request: RequestReport;
  /** Set if the server answered without an upgrade. */
  readonly response: ResponseReport | undefined;
}

/** Performs a WebSocket handshake over an open connection, then closes it. */
export async function tryHandshake(
  url: string,
  socket: Socket,
  { backend, subprotocols, signal }: { backend: BackendName; subprotocols: readonly string[]; signal: AbortSignal },
): Promise<HandshakeResult> {
  const start = performance.now();
  const report = (rest: Pick<RequestReport, 'error'> & Partial<RequestReport>): RequestReport => {
    return { face: 'WebSocketConnection', backend, milliseconds: millisecondsSince(start), ...rest };
  };
  try {
    const options = { backend, subprotocols, signal, createConnection: () => socket };
    const connection = await WebSocketConnection.connect(url, options);
    const result = report({ status: 101, subprotocol: connection.subprotocol, error: undefined });
    await connection.close(1000, '', { signal });
    return { request: result, response: responseReport(101, 'Switching Protocols', {}) };
  } catch (error) {
    const message = errorText(error);
    if (!(error instanceof UpgradeRefusedError)) return { request: report({ error: message }), response: undefined };
    const response = responseReport(error.status, STATUS_CODES[error.status] ?? '', error.headers);
    return { request: report({ status: error.status, error: message }), response };
  }
}
