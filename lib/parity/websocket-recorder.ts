/** The 13 functions of a subject, with every call recorded. */
import { Action, type HttpHeader, type WebSocketAction, type WebSocketFunctions } from '../sys/index.ts';
import type { StablePiece } from './frame-stream.ts';
import type { TraceValue } from './trace.ts';
import { bytesOf } from './trace-bytes.ts';
import type { TraceRecorder } from './trace-recorder.ts';
import { CallRecorder, frameNotes, type Told } from './websocket-calls.ts';
import * as value from './websocket-values.ts';

/** Which backend of the package answers is the subject's own business: the option is not passed on. */
type Functions = WebSocketFunctions;

/**
 * Wraps the functions; their handles, contexts and errors pass through as they are. A function that is not there fails
 * with a NotOfferedError when it is called.
 */
export function recordFunctions(target: Partial<Functions>, recorder: TraceRecorder): Functions {
  const calls = new CallRecorder(target, recorder);
  return { ...creation(calls), ...handshake(calls), ...operations(calls), ...actions(calls) };
}

type Creation = 'WebSocketCreateClientHandle' | 'WebSocketCreateServerHandle' | 'WebSocketGetGlobalProperty';

function creation(calls: CallRecorder): Pick<Functions, Creation> {
  const create =
    (role: 'client' | 'server', name: 'WebSocketCreateClientHandle' | 'WebSocketCreateServerHandle') =>
    (properties?: Parameters<Functions['WebSocketCreateClientHandle']>[0]) =>
      calls.call({
        name,
        actor: role,
        args: { properties: value.properties(properties) },
        make: (functions) => functions[name](properties),
        tell: (handle) => ({ value: calls.recorder.rename(handle, role) }),
      });
  return {
    WebSocketCreateClientHandle: create('client', 'WebSocketCreateClientHandle'),
    WebSocketCreateServerHandle: create('server', 'WebSocketCreateServerHandle'),
    WebSocketGetGlobalProperty: (type) =>
      calls.call({
        name: 'WebSocketGetGlobalProperty',
        actor: 'component',
        args: { type: value.propertyName(type) },
        make: (functions) => functions.WebSocketGetGlobalProperty(type),
        tell: (result) => ({ value: value.plain(result) }),
      }),
  };
}

type Handshake = `WebSocket${'Begin' | 'End'}${'Client' | 'Server'}Handshake`;

function handshake(calls: CallRecorder): Pick<Functions, Handshake> {
  const { recorder } = calls;
  const lines = (headers: readonly HttpHeader[] | undefined) => value.headerLines(headers, recorder);
  const tell = (headers: HttpHeader[]): Told => {
    value.nameDrawnKeys(headers, recorder);
    return { value: lines(headers) };
  };
  return {
    WebSocketBeginClientHandshake: (handle, subprotocols, extensions, headers) =>
      calls.call({
        name: 'WebSocketBeginClientHandshake',
        actor: calls.nameOf(handle),
        args: {
          subprotocols: value.plain(subprotocols),
          extensions: value.plain(extensions),
          headers: lines(headers),
        },
        make: (functions) => functions.WebSocketBeginClientHandshake(handle, subprotocols, extensions, headers),
        tell,
      }),
    WebSocketEndClientHandshake: (handle, headers) =>
      calls.call({
        name: 'WebSocketEndClientHandshake',
        actor: calls.nameOf(handle),
        args: { headers: lines(headers) },
        make: (functions) => functions.WebSocketEndClientHandshake(handle, headers),
        tell: ({ selectedExtensions, selectedSubprotocol }) => ({
          value: {
            selectedExtensions: value.plain(selectedExtensions),
            selectedSubprotocol: value.plain(selectedSubprotocol),
          },
        }),
      }),
    WebSocketBeginServerHandshake: (handle, subprotocol, extensions, headers) =>
      calls.call({
        name: 'WebSocketBeginServerHandshake',
        actor: calls.nameOf(handle),
        args: { subprotocol: value.plain(subprotocol), extensions: value.plain(extensions), headers: lines(headers) },
        make: (functions) => functions.WebSocketBeginServerHandshake(handle, subprotocol, extensions, headers),
        tell,
      }),
    WebSocketEndServerHandshake: (handle) =>
      calls.call({
        name: 'WebSocketEndServerHandshake',
        actor: calls.nameOf(handle),
        args: {},
        make: (functions) => functions.WebSocketEndServerHandshake(handle),
      }),
  };
}

type Operation = 'WebSocketSend' | 'WebSocketReceive' | 'WebSocketAbortHandle' | 'WebSocketDeleteHandle';

function operations(calls: CallRecorder): Pick<Functions, Operation> {
  return {
    WebSocketSend: (handle, bufferType, data, context) =>
      calls.call({
        name: 'WebSocketSend',
        actor: calls.nameOf(handle),
        args: {
          bufferType: value.bufferTypeName(bufferType),
          data: value.sentData(data),
          context: calls.contextName(context),
        },
        make: (functions) => functions.WebSocketSend(handle, bufferType, data, context),
      }),
    WebSocketReceive: (handle, buffer, context) =>
      calls.call({
        name: 'WebSocketReceive',
        actor: calls.nameOf(handle),
        args: {
          buffer: value.isBytes(buffer) ? `${buffer.byteLength} bytes` : value.plain(buffer),
          context: calls.contextName(context),
        },
        make: (functions) => functions.WebSocketReceive(handle, buffer, context),
      }),
    WebSocketAbortHandle: (handle) =>
      calls.call({
        name: 'WebSocketAbortHandle',
        actor: calls.nameOf(handle),
        args: {},
        make: (functions) => functions.WebSocketAbortHandle(handle),
      }),
    WebSocketDeleteHandle: (handle) =>
      calls.call({
        name: 'WebSocketDeleteHandle',
        actor: calls.nameOf(handle),
        args: {},
        make: (functions) => functions.WebSocketDeleteHandle(handle),
      }),
  };
}

function actions(calls: CallRecorder): Pick<Functions, 'WebSocketGetAction' | 'WebSocketCompleteAction'> {
  return {
    WebSocketGetAction: (handle, queue) =>
      calls.call({
        name: 'WebSocketGetAction',
        actor: calls.nameOf(handle),
        args: { queue: value.queueName(queue) },
        make: (functions) => functions.WebSocketGetAction(handle, queue),
        tell: (action) => toldAction(calls, handle, action),
      }),
    WebSocketCompleteAction: (handle, actionContext, transferred) => {
      const trace = calls.traceOf(handle);
      const piece = value.isBytes(transferred) ? trace.incoming.push(bytesOf(transferred)) : undefined;
      return calls.call({
        name: 'WebSocketCompleteAction',
        actor: calls.nameOf(handle),
        args: {
          action: trace.actionName(actionContext),
          bytesTransferred: piece === undefined ? value.plain(transferred) : piece.text,
          ...keysOf(piece === undefined ? [] : [piece]),
        },
        wire: piece === undefined ? [] : frameNotes('in', [piece]),
        make: (functions) => functions.WebSocketCompleteAction(handle, actionContext, transferred),
      });
    },
  };
}

function toldAction(calls: CallRecorder, handle: unknown, action: WebSocketAction): Told {
  const trace = calls.traceOf(handle);
  const sends = action.action === Action.SEND_TO_NETWORK;
  const pieces = sends ? action.buffers.map((buffer) => trace.outgoing.push(buffer)) : [];
  const buffers = sends ? pieces.map(({ text }) => text) : action.buffers.map((buffer) => value.payload(buffer));
  const told: Record<string, TraceValue> = { action: value.actionName(action.action) };
  if (action.actionContext !== undefined) told.actionContext = trace.nameAction(action.actionContext);
  if (action.bufferType !== 0) told.bufferType = value.bufferTypeName(action.bufferType);
  if (buffers.length > 0) told.buffers = buffers;
  if (action.room !== 0) told.room = action.room;
  if (action.close !== undefined) told.close = { status: action.close.status, reason: action.close.reason ?? null };
  if (action.applicationContext !== undefined) told.context = calls.contextName(action.applicationContext);
  return { value: { ...told, ...keysOf(pieces) }, wire: frameNotes('out', pieces) };
}

/** How frames were masked; which key was drawn is nothing to compare. */
function keysOf(pieces: readonly StablePiece[]): { masks?: TraceValue } {
  const keys = pieces.flatMap((piece) => piece.keys);
  return keys.length > 0 ? { masks: keys } : {};
}
