// Converts one event into rows of a sequence diagram: side, text, and the arrow over the network.
import type { ChapterEvent } from './events.ts';
import type { CallEvent, Side } from './recorder.ts';

export interface Row {
  side: Side;
  kind: 'call' | 'action' | 'refusal';
  /** The function or action. */
  head: string;
  /** The details, in pieces that are not broken. */
  details: string[];
  /** The bytes that this side sends. */
  wire?: string | undefined;
  bytes?: number | undefined;
}

type View = ChapterEvent['view'];

/** Formats a number of bytes. */
export function sizeOf(bytes: number): string {
  if (bytes === 1) return '1 byte';
  if (bytes < 10_000) return `${bytes} bytes`;
  const [size, unit] =
    bytes < 1024 * 1024 ? [(bytes / 1024).toFixed(1), 'KiB'] : [(bytes / 1024 / 1024).toFixed(2), 'MiB'];
  return `${size.replace(/\.0+$/, '')} ${unit}`;
}

/** Returns the rows for a call; empty if the view omits it. */
export function rowsOf(call: CallEvent, view: View): Row[] {
  const row = { side: call.side, kind: 'call', head: call.function, details: [] } as const;
  if (call.error) return [{ ...row, kind: 'refusal', details: [call.error.code] }];
  switch (call.function) {
    case 'WebSocketBeginClientHandshake':
      return [{ ...row, details: [headerNames(call)], wire: 'GET' }];
    case 'WebSocketBeginServerHandshake':
      return [{ ...row, details: [headerNames(call)], wire: '101' }];
    case 'WebSocketGetGlobalProperty':
      return [{ ...row, details: [`${call.property} ${call.value}`] }];
    case 'WebSocketSend':
      return [{ ...row, details: contentOf(call), bytes: call.bytes }];
    case 'WebSocketReceive':
      return [{ ...row, details: contextOf(call) }];
    case 'WebSocketGetAction':
      return getActionRows(call, view);
    case 'WebSocketCompleteAction':
      return completeActionRows(call, view);
    default:
      return [{ ...row, details: [] }];
  }
}

function headerNames({ headers = [] }: CallEvent): string {
  return headers.map(({ name }) => name.replace('Sec-WebSocket-', '…')).join(', ');
}

/** Actions that move bytes are shown at their completion. */
function getActionRows(call: CallEvent, view: View): Row[] {
  const { side, action = '', bytes, room } = call;
  const indicated = action === 'INDICATE_RECEIVE_COMPLETE' ? contentOf(call) : contextOf(call);
  if (view === 'calls') {
    const size = action === 'SEND_TO_NETWORK' ? [sizeOf(bytes ?? 0)] : room ? [`room for ${sizeOf(room)}`] : [];
    return [{ side, kind: 'action', head: 'GetAction', details: [`→ ${action}`, ...size, ...indicated] }];
  }
  const isIndication = action.startsWith('INDICATE');
  return isIndication ? [{ side, kind: 'action', head: `→ ${action}`, details: indicated, bytes }] : [];
}

function completeActionRows({ side, action, bytes = 0 }: CallEvent, view: View): Row[] {
  const wire = action === 'SEND_TO_NETWORK' && bytes > 0 ? sizeOf(bytes) : undefined;
  if (view === 'calls') return [{ side, kind: 'action', head: `CompleteAction ${bytes}`, details: [], wire }];
  if (action === 'SEND_TO_NETWORK') return [{ side, kind: 'action', head: `→ ${action}`, details: [], wire, bytes }];
  if (action !== 'RECEIVE_FROM_NETWORK') return [];
  return [{ side, kind: 'action', head: `→ ${action}`, details: [sizeOf(bytes)], bytes }];
}

function contentOf(call: CallEvent): string[] {
  const { bufferType, bytes, text, hex, status, reason, context } = call;
  if (bufferType === undefined) return ['empty', ...contextOf(call)];
  if (status !== undefined) return [`${bufferType} ${status}`, ...quoted(reason)];
  const size = bytes === undefined ? '' : ` ${sizeOf(bytes)}`;
  return [
    `${bufferType}${size}`,
    ...(context === undefined ? [...quoted(text), ...(hex ? [hex] : [])] : contextOf(call)),
  ];
}

function quoted(words: string | undefined): string[] {
  return words ? [JSON.stringify(words)] : [];
}

function contextOf({ context }: CallEvent): string[] {
  return context === undefined ? [] : [`context '${context}'`];
}
