// What arrives from the pump, without a pump.
import { constants } from 'node:buffer';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { Refusal } from '../../../lib/websocket/connection/close-status.ts';
import { IncomingMessages } from '../../../lib/websocket/connection/incoming-messages.ts';
import { DEFAULT_LIMITS } from '../../../lib/websocket/connection/limits.ts';
import { TypeBits } from '../../../lib/websocket/connection/pump-block.ts';

function incoming() {
  const refusals: Refusal[] = [];
  const listener = { refused: (refusal: Refusal) => void refusals.push(refusal), resumed() {} };
  const limits = { ...DEFAULT_LIMITS, messageSize: Number.POSITIVE_INFINITY };
  return { messages: new IncomingMessages(new EventEmitter() as never, new PassThrough(), limits, listener), refusals };
}

// Memory that is not touched: the length alone decides.
const TOO_LONG = Buffer.from(new ArrayBuffer(constants.MAX_STRING_LENGTH + 1));

it('refuses a text that is longer than a string can be', () => {
  const { messages, refusals } = incoming();
  messages.data(TOO_LONG, TypeBits.UTF8_MESSAGE);
  expect(refusals).toEqual([{ status: 1009, reason: 'text too long' }]);
});

it('takes as many bytes as a binary message', async () => {
  const { messages, refusals } = incoming();
  messages.data(TOO_LONG, TypeBits.BINARY_MESSAGE);
  expect(refusals).toEqual([]);
  expect((await messages.take(undefined))?.length).toBe(TOO_LONG.length);
});
