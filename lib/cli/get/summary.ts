/** The output of `get --json`. */
import type { Exit } from '../exit.ts';
import { withoutUser } from '../format.ts';
import type { Transfer } from './transfer.ts';

interface Summary {
  /** The final URL, without user and password. */
  readonly url: string;
  readonly backend: string | undefined;
  readonly status: number | undefined;
  readonly statusText: string | undefined;
  /** Names and values in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The bytes of the body in this transfer. */
  readonly bytes: number;
  /** The bytes kept from an earlier transfer. */
  readonly resumedFrom: number;
  readonly file: string | undefined;
  /** Milliseconds. */
  readonly times: { readonly firstByte: number | undefined; readonly total: number };
  readonly exitCode: number;
  readonly error: string | undefined;
}

export function summaryOf(
  { state }: Transfer,
  total: number,
  file: string | undefined,
  failure: Exit | undefined,
): Summary {
  const { head, url, backend, received, kept, firstByte } = state;
  return {
    url: withoutUser(url),
    backend,
    status: head?.status,
    statusText: head?.statusText,
    headers: head ? [...head.headers] : [],
    bytes: received,
    resumedFrom: kept,
    file,
    times: { firstByte, total },
    exitCode: failure?.exitCode ?? 0,
    error: failure?.message,
  };
}
