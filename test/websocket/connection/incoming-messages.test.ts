// Tests incoming messages without a pump.
import { constants } from 'node:buffer';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { LimitViolation } from '../../../lib/websocket/connection/close-status.ts';
import { IncomingMessages } from '../../../lib/websocket/connection/incoming-messages.ts';
import { DEFAULT_LIMITS } from '../../../lib/websocket/connection/limits.ts';
import { TypeBits } from '../../../lib/websocket/connection/pump-block.ts';

function incoming() {
  const refusals: LimitViolation[] = [];
  const listener = { refused: (refusal: LimitViolation) => void refusals.push(refusal), resumed() {} };
  const limits = { ...DEFAULT_LIMITS, messageSize: Number.POSITIVE_INFINITY };
  return { messages: new IncomingMessages(new EventEmitter() as never, new PassThrough(), limits, listener), refusals };
}

// Memory that is never touched: only the length matters.
const TOO_LONG = Buffer.from(new ArrayBuffer(constants.MAX_STRING_LENGTH + 1));

// Node 24 takes seconds to decode it.
it('rejects a text beyond the maximum string length', { timeout: 120_000 }, () => {
  const { messages, refusals } = incoming();
  messages.data(TOO_LONG, TypeBits.UTF8_MESSAGE);
  expect(refusals).toEqual([{ status: 1009, reason: 'text too long' }]);
});

it('accepts as many bytes as a binary message', async () => {
  const { messages, refusals } = incoming();
  messages.data(TOO_LONG, TypeBits.BINARY_MESSAGE);
  expect(refusals).toEqual([]);
  expect((await messages.take(undefined))?.length).toBe(TOO_LONG.length);
});
