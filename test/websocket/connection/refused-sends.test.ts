import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { RefusedSends } from '../../../lib/websocket/connection/refused-sends.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { openPair } from './pair.ts';

const LIMITS = { client: { limits: { queuedSends: 3 } } };
const FULL = { code: 'ERR_WEBSOCKET_QUEUE_FULL' };

describe.each(availableBackends)('a rejected send on %s', (backend) => {
  it('ends the connection if it is not handled, and no later message is sent', async () => {
    await using pair = await openPair(backend, LIMITS);
    const { client, server } = pair;
    const failed = once(client, 'error');
    const accepted = [1, 2, 3].map((number) => client.send(`${number}`).catch(() => {}));
    void client.send('refused');
    // The queue has space again, in the microtasks before the verdict.
    await Promise.resolve();
    await client.send('behind the hole').catch(() => {});
    expect((await failed)[0]).toMatchObject(FULL);
    await expect(client.receive()).rejects.toMatchObject(FULL);
    expect(await client.closed).toMatchObject({ code: 1006 });
    expect(await server.closed).toMatchObject({ code: 1006, wasClean: false });
    const received: unknown[] = [];
    for (
      let next = await server.receive().catch(() => undefined);
      next;
      next = await server.receive().catch(() => undefined)
    ) {
      received.push(next);
    }
    expect(received).not.toContain('behind the hole');
    await Promise.all(accepted);
  });

  it.each([
    ['awaited', async (refused: Promise<void>) => await refused],
    ['handled by then', (refused: Promise<void>) => refused.then(undefined, (error) => Promise.reject(error))],
    ['among Promise.all', (refused: Promise<void>) => Promise.all([refused])],
    [
      'awaited some microtasks later',
      async (refused: Promise<void>) => {
        for (let turn = 0; turn < 10; turn++) await Promise.resolve();
        await refused;
      },
    ],
  ])('only rejects where it is %s', async (_how, use) => {
    await using pair = await openPair(backend, LIMITS);
    const { client, server } = pair;
    const accepted = [1, 2, 3].map(() => client.send('accepted'));
    await expect(use(client.send('refused'))).rejects.toMatchObject(FULL);
    await Promise.all(accepted);
    await client.send('after');
    for (const expected of ['accepted', 'accepted', 'accepted', 'after']) expect(await server.receive()).toBe(expected);
    expect(client.state).toBe('open');
  });

  it('only rejects if it has a signal and is awaited', async () => {
    await using pair = await openPair(backend, LIMITS);
    const { signal } = new AbortController();
    const accepted = [1, 2, 3].map(() => pair.client.send('accepted'));
    await expect(pair.client.send('refused', { signal })).rejects.toMatchObject(FULL);
    await Promise.all(accepted);
    await pair.client.send('after', { signal });
    expect(pair.client.state).toBe('open');
  });

  it('ends the connection also while it waits for its turn', async () => {
    await using pair = await openPair(backend, LIMITS);
    const failed = once(pair.client, 'error');
    for (let count = 0; count < 4; count++) void pair.client.send(new Blob(['x']));
    expect((await failed)[0]).toMatchObject(FULL);
  });
});

it('RefusedSends is decided when each rejection has a handler', () => {
  const refusals = new RefusedSends({ unhandledRefusal() {} });
  const [first, second] = [refusals.refuse(new Error()), refusals.refuse(new Error())];
  expect(refusals.isUndecided).toBe(true);
  first.catch(() => {});
  expect(refusals.isUndecided).toBe(true);
  second.catch(() => {});
  expect(refusals.isUndecided).toBe(false);
});
