import { expect, it } from 'vitest';
import { lostError } from '../../../lib/websocket/connection/connection-errors.ts';

it.each([
  [true, /did not answer the close/],
  [false, /ended without a close/],
])('a lost transport is named by what was missing (close sent: %s)', (closeSent, message) => {
  const cause = new Error('reset');
  expect(lostError(closeSent, cause)).toMatchObject({
    code: 'ERR_WEBSOCKET_CONNECTION_LOST',
    message: expect.stringMatching(message),
    cause,
  });
});
