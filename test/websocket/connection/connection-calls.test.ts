// Invariants of two connections under any calls in any order.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadNative } from '../../../lib/native.ts';
import type { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { availableBackends } from '../../helpers/backends.ts';
import { acceptedOver, connectedOver, cuttingPair } from './in-memory.ts';

const KINDS = ['send', 'send', 'large', 'fragments', 'ping', 'receive', 'yield', 'trace', 'close', 'abort'] as const;
const call = fc.record({ kind: fc.constantFrom(...KINDS), near: fc.boolean(), impatient: fc.boolean() });
const calls = fc.array(call, { minLength: 1, maxLength: 25 });
const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 500, max: 50_000 })), {
  minLength: 1,
});

interface Side {
  readonly connection: WebSocketConnection;
  readonly sent: string[];
  readonly received: string[];
  readonly waits: Promise<unknown>[];
  /** Number of fulfilled sends. */
  taken: number;
}

const sideOf = (connection: WebSocketConnection): Side => ({
  connection,
  sent: [],
  received: [],
  waits: [],
  taken: 0,
});

/** Makes one call and keeps its promise. */
function make(side: Side, kind: (typeof KINDS)[number], impatient: boolean): void {
  const { connection, sent, received, waits } = side;
  const controller = new AbortController();
  // Whether it rejects or not, it must settle.
  const keep = (promise: Promise<unknown>) => waits.push(promise.catch(() => {}));
  const options = impatient ? { signal: controller.signal } : {};
  const message = `${sent.length} `.padEnd(kind === 'large' ? 30_000 : 6, 'é');
  switch (kind) {
    case 'send':
    case 'large':
      sent.push(message);
      keep(connection.send(message, options).then(() => side.taken++));
      break;
    case 'fragments':
      sent.push(message);
      // Without a signal, which would cut the message; another test does that.
      keep(connection.send([message.slice(0, 3), '', message.slice(3)]).then(() => side.taken++));
      break;
    case 'ping':
      keep(connection.ping(options));
      break;
    case 'receive':
      keep(connection.receive().then((text) => void (text !== undefined && received.push(String(text)))));
      break;
    case 'trace':
      connection.trace().stop();
      break;
    case 'close':
      keep(connection.close(3000, '', options));
      break;
    case 'abort':
      connection.abort();
  }
  if (impatient) controller.abort();
}

async function drain({ connection, received }: Side): Promise<void> {
  try {
    for await (const message of connection) received.push(String(message));
  } catch {
    // It was aborted.
  }
}

describe.each(availableBackends)('random calls of connections on %s', (backend) => {
  it('each promise settles, messages arrive in order without gaps, and no handle stays open', async () => {
    const before = loadNative().openHandleCount();
    await fc.assert(
      fc.asyncProperty(calls, cuts, async (list, pieces) => {
        const [left, right] = cuttingPair(pieces);
        const [client, server] = await Promise.all([
          connectedOver(left, { backend }),
          acceptedOver(right, { backend }),
        ]);
        const [near, far] = [sideOf(client), sideOf(server)];
        for (const { kind, near: isNear, impatient } of list) {
          if (kind === 'yield') await new Promise(setImmediate);
          else make(isNear ? near : far, kind, impatient);
        }
        const drained = [near, far].map(drain);
        near.waits.push(client.close());
        far.waits.push(server.close());
        await Promise.all([...near.waits, ...far.waits, ...drained, client.closed, server.closed]);
        expect(near.received).toEqual(far.sent.slice(0, near.received.length));
        expect(far.received).toEqual(near.sent.slice(0, far.received.length));
        const isWhole = [await client.closed, await server.closed].every(({ wasClean }) => wasClean);
        for (const { connection } of [near, far]) {
          expect(connection.state).toBe('closed');
          expect(connection.bufferedAmount).toBe(0);
        }
        for (const [from, to] of [
          [near, far],
          [far, near],
        ] as const) {
          expect(to.received.length).toBeLessThanOrEqual(from.connection.statistics.messagesSent);
          // A clean close loses no accepted message.
          if (isWhole) expect(to.received.length).toBeGreaterThanOrEqual(from.taken);
        }
      }),
      { numRuns: 100, timeout: 10_000, endOnFailure: true },
    );
    // Those of earlier files in the process may end meanwhile; what each run left would be hundreds.
    expect(loadNative().openHandleCount()).toBeLessThanOrEqual(before);
  });
});
