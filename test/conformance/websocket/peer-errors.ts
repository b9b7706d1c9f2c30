// Peer errors: WS-230 to WS-248.
import assert from 'node:assert/strict';
import { messages, names } from '../../../lib/parity/websocket-endpoint.ts';
import { EXAMPLE_KEY, type FrameOptions, hex, Opcode, patterned } from '../../../lib/parity/websocket-frames.ts';
import { type Failure, FORMAT, OPERATION, ROLES, type Role, type StatementContext } from './context.ts';
import { NO_MASKING, NO_UTF8_CHECK } from './properties.ts';
import type { StatementSection } from './statement.ts';
import { Action, ActionQueue, type WebSocketProperty } from './subject.ts';

const HELLO: FrameOptions = { opcode: Opcode.TEXT, payload: 'Hello' };
const BAD_TEXT: FrameOptions = { opcode: Opcode.TEXT, payload: Uint8Array.of(0x48, 0xff, 0x69) };

/** The euro sign, three bytes in UTF-8. */
const EURO = Buffer.from('€');

/** Returns the payloads of the messages in the frames. */
function delivered(
  t: StatementContext,
  role: Role,
  properties: readonly WebSocketProperty[],
  ...frames: FrameOptions[]
): Buffer[] {
  return messages(t.takesFrames(t.open(role, properties), ...frames)).map(({ payload }) => payload);
}

/** The last of the frames is rejected, in either role; the control is accepted instead. */
function refuses(t: StatementContext, frames: FrameOptions[], control: FrameOptions[], failure: Failure): void {
  for (const role of ROLES) {
    const endpoint = t.open(role);
    if (frames.length > 1) t.takesFrames(endpoint, ...frames.slice(0, -1));
    endpoint.feedFrames(...frames.slice(-1));
    endpoint.receive();
    t.fails('WebSocketGetAction', () => endpoint.pump(ActionQueue.RECEIVE), failure);
    const other = t.open(role);
    t.takesFrames(other, ...control);
  }
}

export const peerErrors: StatementSection = {
  'WS-230': (t) => {
    t.refusesFrame(t.open('server'), { ...HELLO, key: undefined }, { code: FORMAT });
    assert.deepEqual(delivered(t, 'server', [], HELLO), [Buffer.from('Hello')]);
  },

  'WS-231': (t) => {
    assert.deepEqual(delivered(t, 'server', [NO_MASKING], { ...HELLO, key: undefined }), [Buffer.from('Hello')]);
  },

  'WS-232': (t) => {
    assert.deepEqual(delivered(t, 'server', [NO_MASKING], HELLO), [Buffer.from('Hello')]);
  },

  'WS-233': (t) => {
    t.refusesFrame(t.open('client'), { ...HELLO, key: EXAMPLE_KEY }, { code: FORMAT });
    assert.deepEqual(delivered(t, 'client', [], HELLO), [Buffer.from('Hello')]);
  },

  'WS-234': (t) => refuses(t, [{ ...HELLO, rsv: 4 }], [HELLO], { preferred: FORMAT }),

  'WS-235': (t) => {
    for (const opcode of [3, 11]) refuses(t, [{ ...HELLO, opcode }], [HELLO], { preferred: FORMAT });
  },

  'WS-236': (t) => {
    const ping = { opcode: Opcode.PING, payload: 'abc' };
    refuses(t, [{ ...ping, fin: false }], [ping], { preferred: FORMAT });
  },

  'WS-237': (t) => {
    const ping = (length: number) => ({ opcode: Opcode.PING, payload: patterned(length) });
    refuses(t, [ping(126)], [ping(125)], { preferred: FORMAT });
  },

  'WS-238': (t) => refuses(t, [{ ...HELLO, lengthForm: 16 }], [HELLO], { preferred: FORMAT }),

  'WS-239': (t) => {
    const key = Buffer.from(EXAMPLE_KEY);
    t.refusesFrame(t.open('client'), hex('82 7F 80 00 00 00 00 01 00 00'), { preferred: FORMAT });
    t.refusesFrame(t.open('server'), Buffer.concat([hex('82 FF 80 00 00 00 00 01 00 00'), key]), { preferred: FORMAT });
    for (const role of ROLES) {
      const control = { opcode: Opcode.BINARY, payload: patterned(65536), lengthForm: 64 } as const;
      assert.equal(delivered(t, role, [], control)[0]?.length, 65536);
    }
  },

  'WS-240': (t) => refuses(t, [{ ...HELLO, opcode: Opcode.CONTINUATION }], [HELLO], { preferred: OPERATION }),

  'WS-241': (t) => {
    const start = { ...HELLO, fin: false };
    refuses(t, [start, HELLO], [start, { ...HELLO, opcode: Opcode.CONTINUATION }], { preferred: OPERATION });
  },

  'WS-242': (t) => refuses(t, [BAD_TEXT], [HELLO], { code: FORMAT }),

  'WS-243': (t) => {
    for (const role of ROLES) {
      assert.deepEqual(
        delivered(t, role, [NO_UTF8_CHECK], BAD_TEXT),
        [BAD_TEXT.payload].map((bytes) => Buffer.from(bytes as Uint8Array)),
      );
    }
  },

  'WS-244': (t) => {
    for (const role of ROLES) {
      const [payload] = delivered(
        t,
        role,
        [],
        { opcode: Opcode.TEXT, fin: false, payload: EURO.subarray(0, 2) },
        { opcode: Opcode.CONTINUATION, payload: EURO.subarray(2) },
      );
      assert.equal(payload?.toString(), '€');
    }
  },

  'WS-245': (t) => {
    const text = (payload: Uint8Array) => ({ opcode: Opcode.TEXT, payload });
    refuses(t, [text(EURO.subarray(0, 2))], [text(EURO)], { preferred: FORMAT });
  },

  'WS-246': (t) => {
    for (const role of ROLES) {
      const payload = Uint8Array.of(0x48, 0xff, 0x69);
      assert.deepEqual(delivered(t, role, [], { opcode: Opcode.BINARY, payload }), [Buffer.from(payload)]);
    }
  },

  'WS-248': (t) => {
    for (const role of ROLES) {
      const endpoint = t.open(role);
      endpoint.receive();
      t.refusesFrame(endpoint, BAD_TEXT);
      endpoint.abort();
      for (const name of names(endpoint.drain(ActionQueue.RECEIVE))) assert.equal(name, 'INDICATE_RECEIVE_COMPLETE');
      endpoint.expect(ActionQueue.RECEIVE, Action.NO_ACTION);
    }
  },
};
