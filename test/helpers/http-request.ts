// Requests for the tests of the portable engine, and their expected failures.
import { expect } from 'vitest';
import { WinwireError } from '../../lib/errors.ts';
import { WinHttpRequest, type WinHttpRequestCreateOptions } from '../../lib/index.ts';

export const create = (options: WinHttpRequestCreateOptions = {}): Promise<WinHttpRequest> =>
  WinHttpRequest.create({ backend: 'portable', ...options });

/** Returns a new object after Open. */
export async function opened(
  url: string,
  method = 'GET',
  options: WinHttpRequestCreateOptions = {},
): Promise<WinHttpRequest> {
  const request = await create(options);
  await request.open(method, url);
  return request;
}

/** Returns a new object after a complete request. */
export async function sent(url: string, method = 'GET', body?: string | Uint8Array): Promise<WinHttpRequest> {
  const request = await opened(url, method);
  await request.send(body);
  return request;
}

/** Asserts that a promise rejects with this code, and returns the error. */
export async function failure(promise: Promise<unknown>, code: string): Promise<WinwireError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WinwireError);
  expect(error).toMatchObject({ code });
  return error as WinwireError;
}
