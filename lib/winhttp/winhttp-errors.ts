/** The errors of request objects, for both backends and the class. */
import { WinwireError } from '../errors.ts';
import { HResult } from '../hresult.ts';

/** Further fields of a failure. */
interface FailureDetail {
  readonly detail?: string;
  readonly cause?: unknown;
}

/** The error of a failed member of IWinHttpRequest; `member` is its name in the IDL. */
export function failureOf(member: string, hresult: number, more?: FailureDetail): WinwireError {
  return new WinwireError(`IWinHttpRequest::${member}`, hresult, more);
}

/** The error of a pending request that was cancelled by Abort, Open or disposal. */
export function cancelled(): WinwireError {
  return failureOf('Send', HResult.ERROR_WINHTTP_OPERATION_CANCELLED);
}

/** The error for data larger than `limits[name]`. */
export function tooLarge(member: string, name: string, limit: number): WinwireError {
  return failureOf(member, HResult.ERROR_FILE_TOO_LARGE, { detail: `limits.${name} is ${limit} bytes` });
}
