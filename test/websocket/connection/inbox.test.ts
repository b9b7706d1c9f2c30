import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Inbox } from '../../../lib/websocket/connection/inbox.ts';

const listener = { onMessageTaken() {} };
const inboxOf = (...messages: string[]) => {
  const inbox = new Inbox(listener);
  for (const message of messages) inbox.push(message, message.length);
  return inbox;
};

/** The operations of an inbox: a message arrives, a receiver waits, with or without a signal, a receiver cancels. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('push' as const) }),
  fc.record({ kind: fc.constant('take' as const), hasSignal: fc.boolean() }),
  fc.record({ kind: fc.constant('give up' as const), which: fc.nat(9) }),
);

describe('Inbox', () => {
  it('gives each message to one receiver, in order, even if some receivers cancel', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const inbox = new Inbox(listener);
        const takers: { controller: AbortController | undefined; outcome: unknown; isWaiting: boolean }[] = [];
        const waiting: typeof takers = [];
        const expected: unknown[] = [];
        const queue: string[] = [];
        let count = 0;
        for (const one of steps) {
          if (one.kind === 'push') {
            const message = `message ${count++}`;
            inbox.push(message, 1);
            const taker = waiting.shift();
            if (taker) expected[takers.indexOf(taker)] = message;
            else queue.push(message);
          } else if (one.kind === 'take') {
            const controller = one.hasSignal ? new AbortController() : undefined;
            const taker = { controller, outcome: undefined as unknown, isWaiting: false };
            takers.push(taker);
            inbox.take(controller?.signal).then(
              (message) => (taker.outcome = message),
              (error: Error) => (taker.outcome = error.name),
            );
            const message = queue.shift();
            if (message === undefined) waiting.push(taker);
            expected[takers.length - 1] = message;
          } else {
            const taker = takers[one.which];
            if (!taker?.controller) continue;
            taker.controller.abort();
            const place = waiting.indexOf(taker);
            if (place < 0) continue;
            waiting.splice(place, 1);
            expected[takers.indexOf(taker)] = 'AbortError';
          }
          expect(inbox.bytes).toBe(queue.length);
          expect(inbox.idle).toBe(queue.length === 0 && waiting.length === 0);
        }
        inbox.end(undefined);
        await new Promise(setImmediate);
        expect(takers.map(({ outcome }) => outcome)).toEqual(takers.map((_, i) => expected[i]));
      }),
    );
  });

  it('returns queued messages before it reports the end', async () => {
    const failure = new Error('over');
    const inbox = inboxOf('one', 'two');
    inbox.end(failure);
    inbox.end(new Error('over again'));
    expect(await inbox.take()).toBe('one');
    expect(inbox.shift()?.message).toBe('two');
    await expect(inbox.take()).rejects.toBe(failure);
    const clean = inboxOf();
    const waits = [clean.take(), clean.take(new AbortController().signal)];
    clean.end(undefined);
    expect(await Promise.all([...waits, clean.take()])).toEqual([undefined, undefined, undefined]);
  });

  it('returns no message for an aborted signal', async () => {
    const inbox = inboxOf('kept');
    await expect(inbox.take(AbortSignal.abort('why'))).rejects.toMatchObject({ name: 'AbortError', cause: 'why' });
    expect(await inbox.take()).toBe('kept');
  });

  it('rejects waits with the failure, and removes their signals', async () => {
    const failure = new Error('over');
    const inbox = inboxOf();
    const controller = new AbortController();
    const waiting = inbox.take(controller.signal);
    inbox.end(failure);
    controller.abort();
    await expect(waiting).rejects.toBe(failure);
  });
});
