import { describe, expect, it } from 'vitest';
import { availableBackends } from '../../helpers/backends.ts';
import { heldBack, openPair } from './pair.ts';

describe.each(availableBackends)('a send on %s that waits for its turn', (backend) => {
  it('counts as queued', async () => {
    await using pair = await openPair(backend, { client: { limits: { queuedBytes: 6, queuedSends: 4 } } });
    const { fragments, release } = heldBack('before');
    const sends = [pair.client.send(fragments), pair.client.send('five!'), pair.client.send(new Blob(['five!']))];
    expect(pair.client.bufferedAmount).toBe(10);
    await expect(pair.client.send('x')).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_QUEUE_FULL' });
    release();
    await Promise.all(sends);
    expect(pair.client.bufferedAmount).toBe(0);
    expect([await pair.server.receive(), await pair.server.receive()]).toEqual(['before', 'five!']);
  });

  it('is rejected after too many others', async () => {
    await using pair = await openPair(backend, { client: { limits: { queuedSends: 2 } } });
    const { fragments, release } = heldBack('before');
    const sends = [pair.client.send(fragments), pair.client.send([''])];
    await expect(pair.client.send([''])).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_QUEUE_FULL' });
    release();
    await Promise.all(sends);
  });

  it('ends with the connection, even if its source never ends', async () => {
    await using pair = await openPair(backend);
    let stuck!: () => void;
    const isStuck = new Promise<void>((resolve) => {
      stuck = resolve;
    });
    async function* endless() {
      yield 'begun';
      stuck();
      await new Promise(() => {});
    }
    const sends = [pair.client.send(endless()), pair.client.send('behind'), pair.client.send(new Blob([]))];
    await isStuck;
    expect(pair.client.bufferedAmount).toBe(6);
    pair.client.abort();
    expect(pair.client.bufferedAmount).toBe(0);
    for (const sent of sends) await expect(sent).rejects.toMatchObject({ code: 'ERR_WEBSOCKET_ABORTED' });
  });
});
