import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SendableBytes } from '../../../lib/websocket/connection/connection-types.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { heldBack, openPair } from './pair.ts';

/** Views over a whole ArrayBuffer. */
const KINDS: [string, (memory: ArrayBuffer) => SendableBytes][] = [
  ['a Buffer', (memory) => Buffer.from(memory)],
  ['a Uint8Array', (memory) => new Uint8Array(memory)],
  ['an ArrayBuffer', (memory) => memory],
  ['a DataView', (memory) => new DataView(memory)],
  ['an Int32Array', (memory) => new Int32Array(memory)],
];

describe.each(availableBackends)('bytes that are sent on %s', (backend) => {
  describe.each(KINDS)('as %s', (_kind, make) => {
    it.each([8, 1024 * 1024])('are copied before send returns: %d of them, at once and in turn', async (size) => {
      await using pair = await openPair(backend);
      const { fragments, release } = heldBack('before');
      const memory = new ArrayBuffer(size);
      const bytes = new Uint8Array(memory);
      const expected = ['a', 'b', 'c'].map((letter) => Buffer.alloc(size, letter));
      const sends = [pair.client.send(bytes.fill(97) && make(memory))];
      bytes.fill(98);
      sends.push(pair.client.send(fragments), pair.client.send(make(memory)));
      bytes.fill(99);
      sends.push(pair.client.send(new Blob([])), pair.client.send(make(memory)));
      bytes.fill(122);
      release();
      const received: unknown[] = [];
      for (let count = 0; count < 5; count++) received.push(await pair.server.receive());
      await Promise.all(sends);
      const [first, before, second, empty, third] = received;
      expect([before, String(empty)]).toEqual(['before', '']);
      expect([first, second, third].map((data, index) => expected[index]?.equals(data as Buffer))).toEqual([
        true,
        true,
        true,
      ]);
    });

    it('are rejected when detached, and the connection stays open', async () => {
      await using pair = await openPair(backend);
      const memory = new ArrayBuffer(8);
      const bytes = make(memory);
      structuredClone(memory, { transfer: [memory] });
      const refused = { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' };
      await expect(pair.client.send(bytes)).rejects.toMatchObject(refused);
      const { fragments, release } = heldBack('before');
      const before = pair.client.send(fragments);
      await expect(pair.client.send(bytes)).rejects.toMatchObject(refused);
      release();
      await before;
      expect(await pair.server.receive()).toBe('before');
    });
  });
});

describe.each(availableBackends)('an endless iterable that is sent on %s', (backend) => {
  it('leaves turns of the event loop to others', async () => {
    await using pair = await openPair(backend);
    let given = 0;
    function* source() {
      for (; given < 10_000; given++) yield 'x';
    }
    const sent = pair.client.send(source());
    await nextTurn();
    expect(given).toBeLessThan(1000);
    pair.client.abort();
    await expect(sent).rejects.toThrow();
  });
});
