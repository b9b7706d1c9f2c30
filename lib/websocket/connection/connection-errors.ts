/** The errors of a connection, beside WinwireError for what the component itself reports. */
import { nameErrors } from '../../errors.ts';

/** Codes of {@link ConnectionError}. */
export type ConnectionErrorCode =
  /** The connection is closed or closing. */
  | 'ERR_WEBSOCKET_CLOSED'
  /** The transport ended without a close handshake. */
  | 'ERR_WEBSOCKET_CONNECTION_LOST'
  /** `abort` was called. */
  | 'ERR_WEBSOCKET_ABORTED'
  /** The opening handshake failed: the other side did not answer as RFC 6455 section 4 asks. */
  | 'ERR_WEBSOCKET_HANDSHAKE'
  /** A time limit has passed. */
  | 'ERR_WEBSOCKET_TIMEOUT'
  /** A limit of what may wait to be sent is reached. */
  | 'ERR_WEBSOCKET_QUEUE_FULL'
  /** The peer sent text that is not UTF-8. */
  | 'ERR_WEBSOCKET_INVALID_TEXT'
  /** A limit of what may be received is passed. */
  | 'ERR_WEBSOCKET_LIMIT';

/** A connection could not be made, or ended before what was asked of it. */
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

/** For a connection whose transport has gone. */
export function lostError(closeSent: boolean, cause: unknown): ConnectionError {
  const what = closeSent ? 'The peer did not answer the close' : 'The transport ended without a close';
  return new ConnectionError('ERR_WEBSOCKET_CONNECTION_LOST', what, cause);
}

/** For what comes when a connection takes nothing more. */
export function closedError(state: string): ConnectionError {
  return new ConnectionError('ERR_WEBSOCKET_CLOSED', `The connection is ${state}`);
}

/** A rejection that nobody has to look at: the connection tells of its state and of its end by itself. */
export function rejected(error: unknown): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(() => {});
  return promise;
}

/** The other side answered the upgrade request with another response than 101. */
export class UpgradeRefusedError extends ConnectionError {
  /** The HTTP status of the answer. */
  readonly status: number;
  /** Its headers, as node:http gives them. */
  readonly headers: NodeJS.Dict<string | string[]>;

  constructor(status: number, statusText: string, headers: NodeJS.Dict<string | string[]>) {
    super('ERR_WEBSOCKET_HANDSHAKE', `The server did not upgrade: it answered ${status} ${statusText}`.trimEnd());
    this.status = status;
    this.headers = headers;
  }

  static {
    nameErrors(UpgradeRefusedError, 'UpgradeRefusedError');
  }
}

/** The peer sent text, or the reason of a close, that is not UTF-8 (RFC 6455 section 8.1). */
export class BadTextError extends ConnectionError {
  constructor() {
    super('ERR_WEBSOCKET_INVALID_TEXT', 'The peer sent text that is not UTF-8');
  }
}
