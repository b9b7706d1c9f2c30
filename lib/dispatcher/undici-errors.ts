/**
 * Errors that undici reports by its own classes. They have its codes and pass `instanceof` of every copy of undici,
 * which goes by these symbols. undici itself is loaded later, with the first connection.
 */

const KINDS = {
  UND_ERR_ABORTED: ['AbortError', 'Request aborted', ['UND_ERR_ABORT']],
  UND_ERR_CLOSED: ['ClientClosedError', 'The client is closed', []],
  UND_ERR_CONNECT_TIMEOUT: ['ConnectTimeoutError', 'Connect Timeout Error', []],
  UND_ERR_DESTROYED: ['ClientDestroyedError', 'The client is destroyed', []],
  UND_ERR_SOCKET: ['SocketError', 'other side closed', []],
  UND_ERR_INVALID_ARG: ['InvalidArgumentError', 'Invalid Argument Error', []],
} as const;

export type UndiciErrorCode = keyof typeof KINDS;

/** Returns an error as undici makes it for this code. */
export function undiciError(code: UndiciErrorCode, text?: string, cause?: unknown): Error {
  const [name, defaultText, parents] = KINDS[code];
  const error = new Error(text ?? defaultText, cause === undefined ? undefined : { cause });
  for (const brand of ['UND_ERR', ...parents, code]) {
    Object.defineProperty(error, Symbol.for(`undici.error.${brand}`), { value: true });
  }
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  return Object.assign(error, { code });
}
