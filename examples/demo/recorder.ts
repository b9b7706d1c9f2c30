// Records every call of the 13 functions.
import { isUtf8 } from 'node:buffer';
import type { HttpHeader, WebSocketAction, WebSocketFunctions } from 'winwire/sys';
import { Action, ActionQueue, BufferType, PropertyType, websocketFunctions } from 'winwire/sys';

export type Side = 'client' | 'server';

/** One call: its side, arguments and results. Empty fields are omitted. */
export interface CallEvent {
  event: 'call';
  side: Side;
  function: keyof WebSocketFunctions;
  queue?: string | undefined;
  /** The action returned by GetAction, or completed by CompleteAction. */
  action?: string | undefined;
  bufferType?: string | undefined;
  /** Payload of a send or an indication; bytes to write; bytes read. */
  bytes?: number | undefined;
  buffers?: number | undefined;
  room?: number | undefined;
  /** The payload, if it is short text. */
  text?: string | undefined;
  /** The payload of a text that starts or ends inside a character, or the start of a longer one. */
  hex?: string | undefined;
  status?: number | undefined;
  reason?: string | undefined;
  context?: string | undefined;
  headers?: readonly HttpHeader[] | undefined;
  properties?: Record<string, unknown> | undefined;
  /** The property of WebSocketGetGlobalProperty, and its value. */
  property?: string | undefined;
  value?: number | number[] | undefined;
  error?: { name: string; code: string; message: string } | undefined;
}

type Details = Omit<CallEvent, 'event' | 'side' | 'function'>;

/** Returns the name of a value of an SDK enumeration. */
function nameOf(members: Readonly<Record<string, number>>, value: number): string | undefined {
  return Object.keys(members).find((name) => members[name] === value);
}

const DESCRIBE: { [Name in keyof WebSocketFunctions]?: (args: never, result: never) => Details } = {
  WebSocketCreateClientHandle: describeCreate,
  WebSocketCreateServerHandle: describeCreate,
  WebSocketBeginClientHandshake: (_args: unknown, headers: HttpHeader[]) => ({ headers }),
  WebSocketBeginServerHandshake: (_args: unknown, headers: HttpHeader[]) => ({ headers }),
  WebSocketSend: describeSend,
  WebSocketReceive: ([, , context]: Parameters<WebSocketFunctions['WebSocketReceive']>) => ({
    context: contextOf(context),
  }),
  WebSocketGetAction: describeGetAction,
  WebSocketGetGlobalProperty: ([type]: [number], value: number | number[]) => ({
    property: nameOf(PropertyType, type),
    value,
  }),
};

function describeCreate([properties = []]: Parameters<WebSocketFunctions['WebSocketCreateClientHandle']>): Details {
  return {
    properties: Object.fromEntries(properties.map(({ type, value }) => [nameOf(PropertyType, type) ?? type, value])),
  };
}

function describeSend([, bufferType, data, context]: Parameters<WebSocketFunctions['WebSocketSend']>): Details {
  const details: Details = { bufferType: nameOf(BufferType, bufferType), context: contextOf(context) };
  if (data === undefined) return details;
  if ('status' in data) return { ...details, status: data.status, reason: data.reason?.toString() };
  return { ...details, bytes: data.byteLength, ...previewOf(bufferType, data) };
}

function describeGetAction(
  [, queue]: Parameters<WebSocketFunctions['WebSocketGetAction']>,
  action: WebSocketAction,
): Details {
  const { buffers, bufferType, close } = action;
  return {
    queue: nameOf(ActionQueue, queue),
    action: nameOf(Action, action.action),
    bufferType: nameOf(BufferType, bufferType),
    bytes: buffers.length > 0 ? buffers.reduce((sum, buffer) => sum + buffer.length, 0) : undefined,
    buffers: buffers.length || undefined,
    room: action.room || undefined,
    ...(action.action === Action.INDICATE_RECEIVE_COMPLETE ? previewOf(bufferType, buffers[0]) : {}),
    status: close?.status,
    reason: close?.reason,
    context: contextOf(action.applicationContext),
  };
}

function previewOf(bufferType: number, data: unknown): Details {
  const isText = bufferType === BufferType.UTF8_MESSAGE || bufferType === BufferType.UTF8_FRAGMENT;
  if (!isText || !(data instanceof Uint8Array)) return {};
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length <= 64 && isUtf8(bytes)) return { text: bytes.toString() };
  const digits = bytes.subarray(0, 8).toString('hex').match(/../g) ?? [];
  return { hex: digits.join(' ') + (bytes.length > 8 ? ' …' : '') };
}

/** The endpoints use functions as contexts; only names are recorded. */
function contextOf(context: unknown): string | undefined {
  return typeof context === 'string' ? context : undefined;
}

/** Returns the 13 functions, each reporting its calls to `tell` after it returned or threw. */
export function recorded(side: Side, tell: (event: CallEvent) => void): WebSocketFunctions {
  const outstanding = new WeakMap<object, string | undefined>();
  const follow = (name: keyof WebSocketFunctions, args: unknown[], result: unknown): Details => {
    if (name === 'WebSocketGetAction') {
      const { actionContext, action } = result as WebSocketAction;
      if (actionContext) outstanding.set(actionContext, nameOf(Action, action));
    }
    if (name !== 'WebSocketCompleteAction') return {};
    const [, actionContext, transferred] = args as Parameters<WebSocketFunctions['WebSocketCompleteAction']>;
    const bytes = typeof transferred === 'number' ? transferred : transferred.byteLength;
    return { action: actionContext && outstanding.get(actionContext), bytes };
  };
  const wrap = (name: keyof WebSocketFunctions) => {
    const call = websocketFunctions[name] as (...args: unknown[]) => unknown;
    const describe = DESCRIBE[name] as ((args: unknown[], result: unknown) => Details) | undefined;
    return (...args: unknown[]) => {
      const event = { event: 'call', side, function: name } as const;
      try {
        const result = call(...args);
        tell({ ...event, ...describe?.(args, result), ...follow(name, args, result) });
        return result;
      } catch (error) {
        const { name: kind, code, message } = error as Error & { code: string };
        tell({ ...event, error: { name: kind, code, message } });
        throw error;
      }
    };
  };
  const names = Object.keys(websocketFunctions) as (keyof WebSocketFunctions)[];
  return Object.fromEntries(names.map((name) => [name, wrap(name)])) as unknown as WebSocketFunctions;
}
