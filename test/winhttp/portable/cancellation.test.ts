import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { Cancellation } from '../../../lib/winhttp/portable/cancellation.ts';

/** A socket that records its references. */
function socket() {
  const calls: string[] = [];
  return { calls, socket: { ref: () => calls.push('ref'), unref: () => calls.push('unref') } as unknown as Socket };
}

test('the last callback is called once, and later ones at once', () => {
  const calls: string[] = [];
  const cancellation = new Cancellation();
  cancellation.onCancel(() => calls.push('replaced'));
  cancellation.onCancel(() => calls.push('current'));
  expect([cancellation.isCancelled, calls]).toEqual([false, []]);
  cancellation.cancel();
  cancellation.cancel();
  expect([cancellation.isCancelled, calls]).toEqual([true, ['current']]);
  cancellation.onCancel(() => calls.push('later'));
  expect(calls).toEqual(['current', 'later']);
});

test('a socket that is connecting holds the process as the request does', () => {
  const cancellation = new Cancellation();
  const [first, second] = [socket(), socket()];
  cancellation.connects(first.socket);
  expect(first.calls).toEqual([]);
  cancellation.setRef(false);
  cancellation.setRef(true);
  expect(first.calls).toEqual(['unref', 'ref']);
  cancellation.setRef(false);
  cancellation.connects(second.socket);
  cancellation.connected();
  cancellation.setRef(true);
  expect([first.calls.length, second.calls]).toEqual([3, ['unref']]);
});
