import { expect, test } from 'vitest';
import { WinwireError } from '../../../lib/errors.ts';
import { closeStatusFor } from '../../../lib/websocket/connection/close-status.ts';
import { BadTextError, ConnectionError } from '../../../lib/websocket/connection/connection-errors.ts';

test('maps errors of receiving to the statuses of RFC 6455', () => {
  expect(closeStatusFor(new BadTextError())).toBe(1007);
  expect(closeStatusFor(new WinwireError('WebSocketGetAction', -1))).toBe(1002);
  expect(closeStatusFor(new ConnectionError('ERR_WEBSOCKET_LIMIT', ''))).toBe(1011);
  expect(closeStatusFor(undefined)).toBe(1011);
});
