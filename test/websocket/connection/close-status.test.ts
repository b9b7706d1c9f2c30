import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WinwireError } from '../../../lib/errors.ts';
import { closeStatusFor, readClose } from '../../../lib/websocket/connection/close-status.ts';
import { BadTextError, ConnectionError } from '../../../lib/websocket/connection/connection-errors.ts';

// RFC 6455, 7.4.1 and 7.4.2, and IANA's registry: 1004 is reserved, 1005, 1006 and 1015 are never on the wire.
const REGISTERED = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];

test('of the statuses, the registered ones and those for libraries and applications can be sent', () => {
  for (let status = 0; status <= 0xffff; status++) {
    const isSendable = REGISTERED.includes(status) || (status >= 3000 && status <= 4999);
    if (isSendable) expect(readClose(status, undefined).status).toBe(status);
    else expect(() => readClose(status, undefined)).toThrow(RangeError);
  }
});

test.each([-1000, 65_536 + 1000, 1000.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is no status', (status) => {
  expect(() => readClose(status, '')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
});

test.each([['1000'], [null], [1000n], [{}]])('%s is not taken for a status', (status) => {
  expect(() => readClose(status, '')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
});

test.each([[5], [null], [Buffer.from('bytes')]])('%s is not taken for a reason', (reason) => {
  expect(() => readClose(1000, reason)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
});

test('a reason is measured in bytes, and goes with 1000 where there is no status', () => {
  const reasons = fc.string({ unit: 'grapheme', maxLength: 130 });
  fc.assert(
    fc.property(reasons, (reason) => {
      const bytes = Buffer.from(reason);
      if (bytes.length > 123) expect(() => readClose(undefined, reason)).toThrow(RangeError);
      else expect(readClose(undefined, reason)).toEqual({ status: reason === '' ? undefined : 1000, reason: bytes });
    }),
  );
});

test('what went wrong while receiving has the status that RFC 6455 gives it', () => {
  expect(closeStatusFor(new BadTextError())).toBe(1007);
  expect(closeStatusFor(new WinwireError('WebSocketGetAction', -1))).toBe(1002);
  expect(closeStatusFor(new ConnectionError('ERR_WEBSOCKET_LIMIT', ''))).toBe(1011);
  expect(closeStatusFor(undefined)).toBe(1011);
});
