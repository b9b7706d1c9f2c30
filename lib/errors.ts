/**
 * The errors of the package. A failure reported by the component is a {@link WinwireError}. An argument rejected before
 * the call is a TypeError, or a RangeError with the code ERR_OUT_OF_RANGE.
 */

import { describeHResult, HResult } from './hresult.ts';
import { shownText } from './shown-text.ts';

/** Codes of errors for invalid arguments: those of Node.js, and two for handles. */
export type ArgumentErrorCode =
  | 'ERR_INVALID_ARG_TYPE'
  | 'ERR_INVALID_ARG_VALUE'
  | 'ERR_OUT_OF_RANGE'
  | 'ERR_INVALID_CHAR'
  | 'ERR_INVALID_HANDLE'
  | 'ERR_INVALID_ACTION_CONTEXT';

/** Sets the `name` of an error class on its prototype, not enumerable, as the built-in classes have it. */
export function nameErrors(errorClass: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(errorClass.prototype, 'name', { value: name, configurable: true, writable: true });
}

/** A failure reported by the component or the system object. */
export class WinwireError extends Error {
  /** The symbolic name (`'E_INVALID_PROTOCOL_OPERATION'`), or `'HRESULT_0x…'` for an unknown HRESULT. */
  readonly code: string;
  /** The HRESULT as an unsigned number. */
  readonly hresult: number;
  /** The function that failed (`'WebSocketSend'`). */
  readonly syscall: string;

  /** `detail` adds to the text of the HRESULT; `cause` is the underlying error. */
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

/** How a component broke its contract, which the addon returns in place of an HRESULT; also in native/backend/contract.h. */
const BREACHES: Readonly<Record<number, string>> = {
  [0xa0000101 | 0]: 'its result is neither S_OK nor a failure',
  [0xa0000102 | 0]: 'its output has a null pointer, an unknown value, or more than there can be',
  [0xa0000103 | 0]: 'its actions do not end',
  [0xa0000104 | 0]: 'it gave no action, though an operation is queued',
};

/** Returns the error for a failure from the addon: an HRESULT of the component with `detail`, or how it broke its contract. */
export function componentError(syscall: string, status: number, detail?: string): WinwireError {
  const breach = BREACHES[status];
  if (breach !== undefined) return new WinwireError(syscall, HResult.E_UNEXPECTED, { detail: breach });
  return new WinwireError(syscall, status, detail === undefined ? {} : { detail });
}

/** Reports that the chosen backend is not available. winwire does not fall back to another one. */
export class BackendUnavailableError extends Error {
  readonly code = 'ERR_BACKEND_UNAVAILABLE';
  /** The chosen backend. */
  readonly backend: string;
  /** Why it is not available: file, entry point and Windows error, if known. */
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

/** Returns whether winwire uses the code for invalid arguments. */
export function isArgumentCode(code: unknown): boolean {
  return /^ERR_(INVALID_|OUT_OF_RANGE$)/.test(String(code));
}

/** The error for a value of the wrong type: `expected` completes "must be …". */
export function invalidArgumentType(name: string, expected: string, actual: unknown): TypeError {
  return withCode(new TypeError(argumentMessage(name, expected, actual)), 'ERR_INVALID_ARG_TYPE');
}

/** The error for a value of the right type that is not allowed. */
export function invalidArgumentValue(name: string, expected: string, actual: unknown): TypeError {
  return withCode(new TypeError(argumentMessage(name, expected, actual)), 'ERR_INVALID_ARG_VALUE');
}

/** The error for a number or size outside its range. */
export function argumentOutOfRange(name: string, expected: string, actual: unknown): RangeError {
  return withCode(new RangeError(argumentMessage(name, expected, actual)), 'ERR_OUT_OF_RANGE');
}

/** The error for options that do not go together. */
export function invalidOptions(text: string): TypeError {
  return withCode(new TypeError(text), 'ERR_INVALID_ARG_VALUE');
}

/** The error for an unknown option; `suggestion` is the option to use instead. */
export function unknownOption(name: string, suggestion: string | undefined, known: readonly string[]): TypeError {
  const hint = suggestion === undefined ? '' : ` Use ${suggestion}.`;
  const text = `Unknown option "${name}".${hint} Known options: ${known.join(', ')}.`;
  return withCode(new TypeError(text), 'ERR_INVALID_ARG_VALUE');
}

/** The error for a string with a character that could inject, or that latin1 headers cannot contain. */
export function invalidCharacter(name: string): TypeError {
  return withCode(
    new TypeError(`The "${name}" argument must not contain CR, LF, NUL or a character above U+00FF.`),
    'ERR_INVALID_CHAR',
  );
}

/** The error for calling a constructor; `instead` names the functions to call. */
export function illegalConstructor(name: string, instead: string): TypeError {
  const message = `${name} has no public constructor. Call ${instead}.`;
  return Object.assign(new TypeError(message), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
}

/** The error for a deleted handle. */
export function invalidHandle(): TypeError {
  return withCode(new TypeError('The handle was deleted.'), 'ERR_INVALID_HANDLE');
}

/**
 * The error for an action context that does not match an outstanding action; `why` completes "The action context …".
 */
export function invalidActionContext(why: string): TypeError {
  return withCode(new TypeError(`The action context ${why}.`), 'ERR_INVALID_ACTION_CONTEXT');
}

function withCode<E extends Error>(error: E, code: ArgumentErrorCode): E & { code: ArgumentErrorCode } {
  return Object.assign(error, { code });
}

function argumentMessage(name: string, expected: string, actual: unknown): string {
  const received = typeof actual === 'string' ? describeText(actual, SECRET.test(name)) : describe(actual);
  return `The "${name}" argument must be ${expected}. Received ${received}.`;
}

/** Arguments with secrets, also in another form than the right one. */
const SECRET = /credential|password|passphrase|authorization|cookie/i;

/** Characters of a text that are shown. */
const MAX_SHOWN = 40;

function describeText(text: string, isSecret: boolean): string {
  const shown = shownText(text);
  return isSecret || shown.length > MAX_SHOWN ? `a string of ${text.length} characters` : JSON.stringify(shown);
}

/** Calls no getter and no Proxy trap of the value. */
function describe(value: unknown): string {
  switch (typeof value) {
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
