/** The errors of request objects, for both backends and the class. */
import { WinwireError } from '../errors.ts';
import { HResult } from '../hresult.ts';

/** What may be known besides the HRESULT. */
interface FailureDetail {
  readonly detail?: string;
  readonly cause?: unknown;
}

/** A member of IWinHttpRequest has failed; `member` is its name in the IDL. */
export function failureOf(member: string, hresult: number, more?: FailureDetail): WinwireError {
  return new WinwireError(`IWinHttpRequest::${member}`, hresult, more);
}

/** The pending request was given up: by Abort, by Open, or with its object. */
export function cancelled(): WinwireError {
  return failureOf('Send', HResult.ERROR_WINHTTP_OPERATION_CANCELLED);
}

/** The data is larger than `limits[name]` allows. */
export function tooLarge(member: string, name: string, limit: number): WinwireError {
  return failureOf(member, HResult.ERROR_FILE_TOO_LARGE, { detail: `limits.${name} is ${limit} bytes` });
}
