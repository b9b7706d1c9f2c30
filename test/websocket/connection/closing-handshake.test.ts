// The states of a closing handshake, step by step.
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { ClosingHandshake } from '../../../lib/websocket/connection/closing-handshake.ts';

/** Returns a handshake whose outbox records its calls. */
function handshake(role: 'client' | 'server') {
  const sent: (number | undefined)[] = [];
  const transport = new PassThrough();
  const connection = Object.assign(new EventEmitter(), { role });
  const outbox = { sendClose: async (status: number | undefined) => void sent.push(status), flush() {} };
  const listener = { ended: () => transport.destroy() };
  const closing = new ClosingHandshake(connection as never, outbox as never, transport, 1000, listener);
  return { closing, connection, sent, transport };
}

const NO_REASON = Buffer.alloc(0);

it('goes from OPEN over CLOSE_SENT to LINGERING if this side closes', () => {
  const { closing, sent } = handshake('client');
  expect([closing.state, closing.canSend]).toEqual(['OPEN', true]);
  closing.send(1000, NO_REASON);
  expect([closing.state, closing.canSend, closing.completed]).toEqual(['CLOSE_SENT', false, undefined]);
  closing.closeReceived(1000, 'bye');
  expect(closing.state).toBe('LINGERING');
  expect(closing.completed).toEqual({ code: 1000, reason: 'bye', wasClean: true });
  expect(sent).toEqual([1000]);
});

it('is CLOSE_RECEIVED while listeners of closing run, then echoes the code', () => {
  const { closing, connection, sent, transport } = handshake('server');
  connection.on('closing', () => expect([closing.state, closing.canSend]).toEqual(['CLOSE_RECEIVED', true]));
  closing.closeReceived(3000, '');
  expect([closing.state, sent]).toEqual(['LINGERING', [3000]]);
  expect(transport.writableEnded).toBe(true);
});

it('answers a close without a code by one without a code', () => {
  const { closing, sent } = handshake('client');
  closing.closeReceived(1005, '');
  expect(sent).toEqual([undefined]);
});

it('sends the close of a listener of closing instead of the echo', () => {
  const { closing, connection, sent } = handshake('client');
  connection.on('closing', () => closing.send(4000, NO_REASON));
  closing.closeReceived(3000, '');
  expect(sent).toEqual([4000]);
});

it('sends nothing, and ends no transport, once a listener of closing has ended the connection', () => {
  const { closing, connection, sent, transport } = handshake('server');
  const info = { code: 1006, reason: '', wasClean: false };
  connection.on('closing', () => closing.end(info));
  closing.closeReceived(3000, '');
  expect([closing.state, sent, transport.writableEnded]).toEqual(['CLOSED', [], false]);
});

it('sends one close only', () => {
  const { closing, sent } = handshake('client');
  closing.send(1000, NO_REASON);
  closing.send(1001, NO_REASON);
  expect(sent).toEqual([1000]);
});

it('resolves closed in CLOSED, also for later calls', async () => {
  const { closing } = handshake('client');
  const info = { code: 1006, reason: '', wasClean: false };
  const asked = closing.closed;
  closing.end(info);
  expect([await asked, await closing.closed, closing.completed]).toEqual([info, info, undefined]);
});
