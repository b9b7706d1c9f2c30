/** The errors of a connection; errors reported by the component are WinwireError. */
import { nameErrors } from '../../errors.ts';
import { shownUrl } from '../../shown-text.ts';

/** Codes of {@link ConnectionError}. */
export type ConnectionErrorCode =
  /** The connection is closed or closing. */
  | 'ERR_WEBSOCKET_CLOSED'
  /** The transport ended without a close handshake. */
  | 'ERR_WEBSOCKET_CONNECTION_LOST'
  /** `abort` was called. */
  | 'ERR_WEBSOCKET_ABORTED'
  /** The opening handshake failed: the answer violates RFC 6455 section 4. */
  | 'ERR_WEBSOCKET_HANDSHAKE'
  /** A time limit has passed. */
  | 'ERR_WEBSOCKET_TIMEOUT'
  /** The limit of queued sends is reached. */
  | 'ERR_WEBSOCKET_QUEUE_FULL'
  /** The peer sent text that is not UTF-8. */
  | 'ERR_WEBSOCKET_INVALID_TEXT'
  /** The peer exceeded a limit for received data. */
  | 'ERR_WEBSOCKET_LIMIT';

/** A connection failed to open, or ended before the operation completed. */
export class ConnectionError extends Error {
  readonly code: ConnectionErrorCode;

  constructor(code: ConnectionErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }

  static {
    nameErrors(ConnectionError, 'ConnectionError');
  }
}

/** The error of a connection whose transport has ended. */
export function lostError(closeSent: boolean, cause: unknown): ConnectionError {
  const what = closeSent ? 'The peer did not answer the close' : 'The transport ended without a close';
  return new ConnectionError('ERR_WEBSOCKET_CONNECTION_LOST', what, cause);
}

/** The error of an operation on a closed or closing connection. */
export function closedError(state: string): ConnectionError {
  return new ConnectionError('ERR_WEBSOCKET_CLOSED', `The connection is ${state}`);
}

/** Returns a promise whose rejection counts as handled: `closed` and `error` report the connection's end. */
export function rejected(error: unknown): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(() => {});
  return promise;
}

/** The server answered the upgrade request with a status other than 101. */
export class UpgradeRefusedError extends ConnectionError {
  /** The HTTP status of the answer. */
  readonly status: number;
  /** Its headers, as node:http returns them. */
  readonly headers: NodeJS.Dict<string | string[]>;

  /** `cause` says why the server's challenge was not answered. */
  constructor(status: number, statusText: string, headers: NodeJS.Dict<string | string[]> = {}, cause?: Error) {
    const answer = `The server did not upgrade: it answered ${status} ${statusText}`.trimEnd();
    const advice = cause === undefined ? refusalAdvice(status, headers.location) : `. ${cause.message}`;
    super('ERR_WEBSOCKET_HANDSHAKE', `${answer}${advice}`, cause);
    this.status = status;
    this.headers = headers;
  }

  static {
    nameErrors(UpgradeRefusedError, 'UpgradeRefusedError');
  }
}

/** What to do about a status, where that is not evident. */
function refusalAdvice(status: number, location: unknown): string {
  if (status >= 300 && status < 400 && typeof location === 'string') {
    return `; redirects are not followed: connect to ${JSON.stringify(shownUrl(location).slice(0, 80))}`;
  }
  return status >= 200 && status < 300 ? '; the URL is not that of a WebSocket' : '';
}

/** The peer sent text, or a close reason, that is not UTF-8 (RFC 6455 section 8.1). */
export class BadTextError extends ConnectionError {
  constructor() {
    super('ERR_WEBSOCKET_INVALID_TEXT', 'The peer sent text that is not UTF-8');
  }
}
