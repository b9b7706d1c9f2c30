// The 13 functions with one planted fault each, and where a comparison must find it.
import {
  Action,
  BufferType,
  type WebSocketAction,
  type WebSocketFunctions,
  websocketFunctions,
} from '../../lib/sys.ts';

interface Fault {
  readonly what: string;
  readonly functions: WebSocketFunctions;
  /** A scenario that finds it, and the first different step. */
  readonly scenario: string;
  readonly step: keyof WebSocketFunctions;
}

const right: WebSocketFunctions = {
  ...websocketFunctions,
  WebSocketCreateClientHandle: (properties) =>
    websocketFunctions.WebSocketCreateClientHandle(properties, { backend: 'portable' }),
  WebSocketCreateServerHandle: (properties) =>
    websocketFunctions.WebSocketCreateServerHandle(properties, { backend: 'portable' }),
  WebSocketGetGlobalProperty: (type) => websocketFunctions.WebSocketGetGlobalProperty(type, { backend: 'portable' }),
};

/** Returns functions with changed actions. */
function actions(change: (action: WebSocketAction) => Partial<WebSocketAction>): WebSocketFunctions {
  return {
    ...right,
    WebSocketGetAction: (handle, queue) => {
      const action = right.WebSocketGetAction(handle, queue);
      return { ...action, ...change(action) };
    },
  };
}

const sends = (action: WebSocketAction) => action.action === Action.SEND_TO_NETWORK;

/** The first SEND_TO_NETWORK of a pong: opcode 10. */
const isPong = ({ buffers: [head] }: WebSocketAction) => head !== undefined && (head.at(0) ?? 0) === 0x8a;

/** Masks a frame again with a fixed key. */
function withKey(action: WebSocketAction, key: readonly number[]): Buffer[] {
  const bytes = Buffer.concat(action.buffers);
  if ((bytes[1] ?? 0) < 0x80 || (bytes[1] ?? 0) >= 0xfe) return action.buffers;
  return [bytes.map((byte, index) => (index < 2 ? byte : changedKey(bytes, byte, index, key))) as Buffer];
}

function changedKey(bytes: Buffer, byte: number, index: number, key: readonly number[]): number {
  if (index < 6) return key[index - 2] as number;
  const place = (index - 6) % 4;
  return byte ^ (bytes[2 + place] as number) ^ (key[place] as number);
}

export const faults: readonly Fault[] = [
  {
    what: 'a close is sent with status 1002 in place of 1000',
    functions: {
      ...right,
      WebSocketSend: (handle, type, data, context) => {
        const changed = type === BufferType.CLOSE && data !== undefined && 'status' in data;
        right.WebSocketSend(handle, type, changed && data.status === 1000 ? { ...data, status: 1002 } : data, context);
      },
    },
    scenario: 'close-by-client',
    step: 'WebSocketGetAction',
  },
  {
    what: 'a pong loses the last byte of its payload',
    functions: actions((action) => {
      if (!sends(action) || !isPong(action)) return {};
      const bytes = Buffer.concat(action.buffers);
      return { buffers: [Buffer.concat([Buffer.of(0x8a, (bytes[1] as number) - 1), bytes.subarray(2, -1)])] };
    }),
    scenario: 'ping-answered',
    step: 'WebSocketGetAction',
  },
  {
    what: 'the masking key is always the same',
    functions: actions((action) => (sends(action) ? { buffers: withKey(action, [1, 2, 3, 4]) } : {})),
    scenario: 'contexts-in-order',
    step: 'WebSocketGetAction',
  },
  {
    what: 'the masking key is zero',
    functions: actions((action) => (sends(action) ? { buffers: withKey(action, [0, 0, 0, 0]) } : {})),
    scenario: 'text-from-client',
    step: 'WebSocketGetAction',
  },
  {
    what: 'contexts are in the wrong order',
    functions: actions((action) => ({
      applicationContext: action.applicationContext === 'first' ? 'second' : action.applicationContext,
    })),
    scenario: 'contexts-in-order',
    step: 'WebSocketGetAction',
  },
  {
    what: 'a fragment is indicated as a whole message',
    functions: actions(({ action, bufferType }) =>
      action === Action.INDICATE_RECEIVE_COMPLETE && bufferType === BufferType.UTF8_FRAGMENT
        ? { bufferType: BufferType.UTF8_MESSAGE }
        : {},
    ),
    scenario: 'fragments-text',
    step: 'WebSocketGetAction',
  },
  {
    what: 'there is less room for the network than there should be',
    functions: actions(({ room }) => ({ room: Math.max(0, room - 1) })),
    scenario: 'receive-together',
    step: 'WebSocketGetAction',
  },
  {
    what: 'a reserved bit is put up with',
    functions: {
      ...right,
      WebSocketCompleteAction: (handle, context, result) => {
        const bytes = typeof result === 'number' ? undefined : Buffer.from(result as Uint8Array);
        // 0xf1 … 0xc1: a text frame with a reserved bit.
        if (bytes !== undefined && bytes.length > 0 && (bytes[0] as number) > 0x8f)
          bytes[0] = (bytes[0] as number) & 0x8f;
        right.WebSocketCompleteAction(handle, context, bytes ?? result);
      },
    },
    scenario: 'peer-reserved-bits',
    step: 'WebSocketGetAction',
  },
  {
    what: 'the answer to the handshake key is not looked at',
    functions: {
      ...right,
      WebSocketEndClientHandshake: (handle, headers) => {
        try {
          return right.WebSocketEndClientHandshake(handle, headers);
        } catch {
          return { selectedExtensions: [], selectedSubprotocol: undefined };
        }
      },
    },
    scenario: 'handshake-wrong-accept',
    step: 'WebSocketEndClientHandshake',
  },
  {
    what: 'the client says it speaks version 12',
    functions: {
      ...right,
      WebSocketBeginClientHandshake: (...args) =>
        right
          .WebSocketBeginClientHandshake(...args)
          .map(({ name, value }) => ({ name, value: name === 'Sec-WebSocket-Version' ? '12' : value })),
    },
    scenario: 'handshake-extra-headers',
    step: 'WebSocketBeginClientHandshake',
  },
  {
    what: 'the keep-alive interval is another',
    functions: {
      ...right,
      WebSocketGetGlobalProperty: (type) => {
        const value = right.WebSocketGetGlobalProperty(type);
        return type === 5 ? Number(value) + 1 : value;
      },
    },
    scenario: 'properties-global',
    step: 'WebSocketGetGlobalProperty',
  },
  {
    what: 'a send after a close is accepted',
    functions: {
      ...right,
      WebSocketSend: (...args) => {
        try {
          right.WebSocketSend(...args);
        } catch {}
      },
    },
    scenario: 'close-then-send',
    step: 'WebSocketSend',
  },
  {
    what: 'an abort leaves what is queued as it was',
    functions: { ...right, WebSocketAbortHandle: () => {} },
    scenario: 'abort-sends',
    step: 'WebSocketGetAction',
  },
];
