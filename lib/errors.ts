/**
 * The errors of the package. A failure that the component reports is a {@link WinwireError}; an argument that is
 * refused before any call is a TypeError, or a RangeError with the code ERR_OUT_OF_RANGE.
 */

import { describeHResult } from './hresult.ts';

/** Codes of the errors for arguments: those of Node.js, and two of handles. */
export type ArgumentErrorCode =
  | 'ERR_INVALID_ARG_TYPE'
  | 'ERR_INVALID_ARG_VALUE'
  | 'ERR_OUT_OF_RANGE'
  | 'ERR_INVALID_CHAR'
  | 'ERR_INVALID_HANDLE'
  | 'ERR_INVALID_ACTION_CONTEXT';

/** Gives the errors of a class their `name`: on the prototype and not enumerable, as the language's own have it. */
export function nameErrors(errorClass: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(errorClass.prototype, 'name', { value: name, configurable: true, writable: true });
}

/** A failure that the component or the system object reported. */
export class WinwireError extends Error {
  /** The symbolic name (`'E_INVALID_PROTOCOL_OPERATION'`), or `'HRESULT_0x…'` for a value that has none here. */
  readonly code: string;
  /** The HRESULT as an unsigned number. */
  readonly hresult: number;
  /** The function that failed (`'WebSocketSend'`). */
  readonly syscall: string;

  /** `detail` says more than the HRESULT does; `cause` is the error behind it. */
  constructor(syscall: string, hresult: number, { detail, cause }: { detail?: string; cause?: unknown } = {}) {
    const value = hresult >>> 0;
    const hexadecimal = `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;
    const entry = describeHResult(value);
    const what = entry === undefined ? `HRESULT ${hexadecimal}` : `${entry.name} (${hexadecimal}): ${entry.meaning}`;
    const text = `${syscall} failed: ${what}`;
    super(detail === undefined ? text : `${text} (${detail})`, cause === undefined ? undefined : { cause });
    this.code = entry?.name ?? `HRESULT_${hexadecimal}`;
    this.hresult = value;
    this.syscall = syscall;
  }

  static {
    nameErrors(WinwireError, 'WinwireError');
  }
}

/** The asked backend cannot serve; nothing else was tried in its place. */
export class BackendUnavailableError extends Error {
  readonly code = 'ERR_BACKEND_UNAVAILABLE';
  /** The backend that was asked for. */
  readonly backend: string;
  /** Why it cannot serve: file, entry point and Windows error where there are such. */
  readonly reason: string;

  constructor(backend: string, reason: string) {
    super(`The backend '${backend}' is not available: ${reason}`);
    this.backend = backend;
    this.reason = reason;
  }

  static {
    nameErrors(BackendUnavailableError, 'BackendUnavailableError');
  }
}

/** Whether a code is one of those that winwire gives for invalid arguments. */
export function isArgumentCode(code: unknown): boolean {
  return /^ERR_(INVALID_|OUT_OF_RANGE$)/.test(String(code));
}

/** A value of the wrong type: `expected` completes "must be …". */
export function invalidArgumentType(name: string, expected: string, actual: unknown): TypeError {
  return withCode(new TypeError(argumentMessage(name, expected, actual)), 'ERR_INVALID_ARG_TYPE');
}

/** A value of the right type that is none of the accepted ones. */
export function invalidArgumentValue(name: string, expected: string, actual: unknown): TypeError {
  return withCode(new TypeError(argumentMessage(name, expected, actual)), 'ERR_INVALID_ARG_VALUE');
}

/** A number or size outside of its range. */
export function argumentOutOfRange(name: string, expected: string, actual: unknown): RangeError {
  return withCode(new RangeError(argumentMessage(name, expected, actual)), 'ERR_OUT_OF_RANGE');
}

/** An option that does not exist; `suggestion` is what to write in its place. */
export function unknownOption(name: string, suggestion: string | undefined, known: readonly string[]): TypeError {
  const hint = suggestion === undefined ? '' : ` Use ${suggestion}.`;
  const text = `Unknown option "${name}".${hint} Known options: ${known.join(', ')}.`;
  return withCode(new TypeError(text), 'ERR_INVALID_ARG_VALUE');
}

/** A string with a character that could inject, or that has no place in a latin1 header. */
export function invalidCharacter(name: string): TypeError {
  return withCode(
    new TypeError(`The "${name}" argument must not contain CR, LF, NUL or a character above U+00FF.`),
    'ERR_INVALID_CHAR',
  );
}

/** A class whose objects functions make: `instead` says which ones to call. */
export function illegalConstructor(name: string, instead: string): TypeError {
  const message = `${name} has no public constructor. Call ${instead}.`;
  return Object.assign(new TypeError(message), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
}

/** A handle that was deleted. */
export function invalidHandle(): TypeError {
  return withCode(new TypeError('The handle was deleted.'), 'ERR_INVALID_HANDLE');
}

/** An action context that names no outstanding action of the handle; `why` completes "The action context …". */
export function invalidActionContext(why: string): TypeError {
  return withCode(new TypeError(`The action context ${why}.`), 'ERR_INVALID_ACTION_CONTEXT');
}

function withCode<E extends Error>(error: E, code: ArgumentErrorCode): E & { code: ArgumentErrorCode } {
  return Object.assign(error, { code });
}

function argumentMessage(name: string, expected: string, actual: unknown): string {
  return `The "${name}" argument must be ${expected}. Received ${describe(actual)}.`;
}

/** Calls nothing of the value: a getter or a Proxy trap has no say in an error text. */
function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > 40 ? `a string of ${value.length} characters` : JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return 'a bigint';
    case 'symbol':
      return 'a symbol';
    case 'function':
      return 'a function';
    case 'object':
      return value === null ? 'null' : 'an object';
    default:
      return String(value);
  }
}
