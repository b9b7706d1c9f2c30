/** Wraps the 13 functions of a subject and records every call. */
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
import { CallRecorder, type CallResult, frameNotes, type HandleTrace } from './websocket-calls.ts';
import * as value from './websocket-values.ts';

type Name = keyof WebSocketFunctions;
type Parameter<F extends Name> = Parameters<WebSocketFunctions[F]>;
type Result<F extends Name> = ReturnType<WebSocketFunctions[F]>;

/** What is recorded of a call: its arguments after the handle, and its result. */
interface Description<F extends Name> {
  args?(...args: Parameter<F>): Record<string, TraceValue>;
  tell?(result: Result<F>, ...args: Parameter<F>): CallResult;
  /** The actor of a function without a handle. */
  actor?: string;
}

type Descriptions = { readonly [F in Exclude<Name, 'WebSocketCompleteAction'>]: Description<F> };

/**
 * Wraps the functions; handles, contexts and errors pass through unchanged. A missing function throws NotOfferedError
 * when it is called.
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
    // The option `backend` is removed: the subject determines its backend.
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
  const tellHeaders = (headers: HttpHeader[]): CallResult => {
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
      tell: (action, handle) => describeAction(calls, calls.traceOf(handle), action),
    },
    WebSocketAbortHandle: {},
    WebSocketDeleteHandle: {},
  };
}

/** Records bytes before the call, which may fail because of them. */
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

function describeAction(calls: CallRecorder, trace: HandleTrace, action: WebSocketAction): CallResult {
  const sends = action.action === Action.SEND_TO_NETWORK;
  const pieces = sends ? action.buffers.map((buffer) => trace.outgoing.push(buffer)) : [];
  const buffers = sends ? pieces.map(({ text }) => text) : action.buffers.map((buffer) => value.payload(buffer));
  const result: Record<string, TraceValue> = { action: value.actionName(action.action) };
  if (action.actionContext !== undefined) result.actionContext = trace.nameAction(action.actionContext);
  if (action.bufferType !== 0) result.bufferType = value.bufferTypeName(action.bufferType);
  if (buffers.length > 0) result.buffers = buffers;
  if (action.room !== 0) result.room = action.room;
  if (action.close !== undefined) result.close = { status: action.close.status, reason: action.close.reason ?? null };
  if (action.applicationContext !== undefined) result.context = calls.contextName(action.applicationContext);
  return { value: { ...result, ...keysOf(pieces) }, wire: frameNotes('out', pieces) };
}

/** Records whether frames were masked; random keys are not compared. */
function keysOf(pieces: readonly StablePiece[]): { masks?: TraceValue } {
  const keys = pieces.flatMap((piece) => piece.keys);
  return keys.length > 0 ? { masks: keys } : {};
}
