/** The 13 functions of a subject, with every call recorded. */
import { isBytes } from '../bytes.ts';
import {
  Action,
  type HttpHeader,
  type WebSocketAction,
  type WebSocketFunctions,
} from '../websocket/functions/websocket-types.ts';
import type { StablePiece } from './frame-stream.ts';
import type { TraceValue } from './trace.ts';
import { bytesOf } from './trace-bytes.ts';
import type { TraceRecorder } from './trace-recorder.ts';
import { CallRecorder, frameNotes, type HandleTrace, type Told } from './websocket-calls.ts';
import * as value from './websocket-values.ts';

type Name = keyof WebSocketFunctions;
type Parameter<F extends Name> = Parameters<WebSocketFunctions[F]>;
type Result<F extends Name> = ReturnType<WebSocketFunctions[F]>;

/** What of a call is recorded: its arguments after the handle, and its result. */
interface Description<F extends Name> {
  args?(...args: Parameter<F>): Record<string, TraceValue>;
  tell?(result: Result<F>, ...args: Parameter<F>): Told;
  /** Whose call it is, for a function that takes no handle. */
  actor?: string;
}

type Descriptions = { readonly [F in Exclude<Name, 'WebSocketCompleteAction'>]: Description<F> };

/**
 * Wraps the functions; their handles, contexts and errors pass through as they are. A function that is not there fails
 * with a NotOfferedError when it is called.
 */
export function recordFunctions(target: Partial<WebSocketFunctions>, recorder: TraceRecorder): WebSocketFunctions {
  const calls = new CallRecorder(target, recorder);
  const wrapped = Object.entries(descriptionsFor(calls)).map(([name, description]) => {
    return [name, recorded(calls, name as Name, description as Description<Name>)] as const;
  });
  return { ...Object.fromEntries(wrapped), WebSocketCompleteAction: completeAction(calls) } as WebSocketFunctions;
}

function recorded(calls: CallRecorder, name: Name, { args, tell, actor }: Description<Name>) {
  return (...given: Parameter<Name>) => {
    // Options choose a backend of the package, and which one a subject is, it says itself.
    const passed = actor === undefined ? given : given.slice(0, 1);
    return calls.call<Result<Name>>({
      name,
      actor: actor ?? calls.nameOf(given[0]),
      args: args?.(...given) ?? {},
      make: (functions) => Reflect.apply(functions[name], functions, passed),
      ...(tell === undefined ? {} : { tell: (result) => tell(result, ...given) }),
    });
  };
}

function descriptionsFor(calls: CallRecorder): Descriptions {
  const { recorder } = calls;
  const lines = (headers: readonly HttpHeader[] | undefined) => value.headerLines(headers, recorder);
  const tellHeaders = (headers: HttpHeader[]): Told => {
    value.nameDrawnKeys(headers, recorder);
    return { value: lines(headers) };
  };
  const creates = (actor: string): Description<'WebSocketCreateClientHandle'> => ({
    actor,
    args: (properties) => ({ properties: value.properties(properties) }),
    tell: (handle) => ({ value: recorder.rename(handle, actor) }),
  });
  const context = (given: unknown) => calls.contextName(given);
  return {
    WebSocketCreateClientHandle: creates('client'),
    WebSocketCreateServerHandle: creates('server'),
    WebSocketGetGlobalProperty: {
      actor: 'component',
      args: (type) => ({ type: value.propertyName(type) }),
      tell: (result) => ({ value: value.plain(result) }),
    },
    WebSocketBeginClientHandshake: {
      args: (_handle, subprotocols, extensions, headers) => ({
        subprotocols: value.plain(subprotocols),
        extensions: value.plain(extensions),
        headers: lines(headers),
      }),
      tell: tellHeaders,
    },
    WebSocketEndClientHandshake: {
      args: (_handle, headers) => ({ headers: lines(headers) }),
      tell: ({ selectedExtensions, selectedSubprotocol }) => ({
        value: {
          selectedExtensions: value.plain(selectedExtensions),
          selectedSubprotocol: value.plain(selectedSubprotocol),
        },
      }),
    },
    WebSocketBeginServerHandshake: {
      args: (_handle, subprotocol, extensions, headers) => ({
        subprotocol: value.plain(subprotocol),
        extensions: value.plain(extensions),
        headers: lines(headers),
      }),
      tell: tellHeaders,
    },
    WebSocketEndServerHandshake: {},
    WebSocketSend: {
      args: (_handle, bufferType, data, given) => ({
        bufferType: value.bufferTypeName(bufferType),
        data: value.sentData(data),
        context: context(given),
      }),
    },
    WebSocketReceive: {
      args: (_handle, buffer, given) => ({
        buffer: isBytes(buffer) ? `${buffer.byteLength} bytes` : value.plain(buffer),
        context: context(given),
      }),
    },
    WebSocketGetAction: {
      args: (_handle, queue) => ({ queue: value.queueName(queue) }),
      tell: (action, handle) => toldAction(calls, calls.traceOf(handle), action),
    },
    WebSocketAbortHandle: {},
    WebSocketDeleteHandle: {},
  };
}

/** Bytes that were read are told before the call, which may fail because of them. */
function completeAction(calls: CallRecorder): WebSocketFunctions['WebSocketCompleteAction'] {
  return (handle, actionContext, transferred) => {
    const trace = calls.traceOf(handle);
    const pieces = isBytes(transferred) ? [trace.incoming.push(bytesOf(transferred))] : [];
    return calls.call({
      name: 'WebSocketCompleteAction',
      actor: calls.nameOf(handle),
      args: {
        action: trace.actionName(actionContext),
        bytesTransferred: pieces[0]?.text ?? value.plain(transferred),
        ...keysOf(pieces),
      },
      wire: frameNotes('in', pieces),
      make: (functions) => functions.WebSocketCompleteAction(handle, actionContext, transferred),
    });
  };
}

function toldAction(calls: CallRecorder, trace: HandleTrace, action: WebSocketAction): Told {
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
