// What the compiler must accept and reject; checked by `npm run lint`, never run.
import { expectTypeOf } from 'vitest';
import { type BackendName, type Backends, backends, WinwireError } from '../../lib/index.ts';
import {
  Action,
  ActionQueue,
  BufferType,
  CloseStatus,
  type HttpHeader,
  PropertyType,
  type SelectedOptions,
  type WebSocketAction,
  type WebSocketActionContext,
  WebSocketBeginClientHandshake,
  WebSocketBeginServerHandshake,
  WebSocketCompleteAction,
  WebSocketCreateClientHandle,
  WebSocketEndClientHandshake,
  type WebSocketFunctions,
  WebSocketGetAction,
  WebSocketGetGlobalProperty,
  WebSocketHandle,
  WebSocketReceive,
  WebSocketSend,
  websocketFunctions,
} from '../../lib/sys.ts';

declare const handle: WebSocketHandle;
declare const bytes: Uint8Array;

// Only the two functions create handles; similar objects are rejected.
expectTypeOf(WebSocketCreateClientHandle).returns.toEqualTypeOf<WebSocketHandle>();
WebSocketCreateClientHandle([{ type: PropertyType.RECEIVE_BUFFER_SIZE, value: 4096 }], { backend: 'portable' });
WebSocketCreateClientHandle([{ type: 99, value: true }], {});
// @ts-expect-error an unknown backend
WebSocketCreateClientHandle([], { backend: 'other' });
// @ts-expect-error a private constructor
new WebSocketHandle();
// @ts-expect-error no handle
WebSocketGetAction({ backend: 'portable', role: 'client' }, ActionQueue.ALL);
expectTypeOf(handle.backend).toEqualTypeOf<BackendName>();
expectTypeOf(handle.role).toEqualTypeOf<'client' | 'server'>();
// @ts-expect-error read-only
handle.role = 'client';

expectTypeOf(WebSocketBeginClientHandshake(handle)).toEqualTypeOf<HttpHeader[]>();
WebSocketBeginClientHandshake(handle, ['chat'] as const, undefined, [{ name: 'Host', value: 'h' }]);
expectTypeOf(WebSocketEndClientHandshake(handle, [])).toEqualTypeOf<SelectedOptions>();
// @ts-expect-error the headers are mandatory
WebSocketEndClientHandshake(handle);
WebSocketBeginServerHandshake(handle, undefined, undefined, []);
// @ts-expect-error so are they here
WebSocketBeginServerHandshake(handle, undefined, undefined);

expectTypeOf(WebSocketSend(handle, BufferType.UTF8_MESSAGE, bytes, Symbol('any value'))).toBeVoid();
WebSocketSend(handle, BufferType.CLOSE, { status: CloseStatus.SUCCESS, reason: 'bye' });
WebSocketSend(handle, BufferType.CLOSE, { status: 1000, reason: bytes });
WebSocketSend(handle, BufferType.BINARY_MESSAGE, new DataView(new SharedArrayBuffer(8)));
// @ts-expect-error a string instead of bytes
WebSocketSend(handle, BufferType.UTF8_MESSAGE, 'text');
WebSocketReceive(handle, new ArrayBuffer(8), {});
// @ts-expect-error no memory
WebSocketReceive(handle, 8);

const action = WebSocketGetAction(handle, ActionQueue.RECEIVE);
expectTypeOf(action).toEqualTypeOf<WebSocketAction>();
expectTypeOf(action.actionContext).toEqualTypeOf<WebSocketActionContext | undefined>();
expectTypeOf(action.applicationContext).toBeUnknown();
expectTypeOf(action.buffers).toEqualTypeOf<Buffer[]>();
if (action.action === Action.INDICATE_RECEIVE_COMPLETE)
  expectTypeOf(action.close?.reason).toEqualTypeOf<string | undefined>();
WebSocketCompleteAction(handle, action.actionContext, 0);
WebSocketCompleteAction(handle, undefined, bytes);
// @ts-expect-error no action context
WebSocketCompleteAction(handle, {}, 0);
expectTypeOf(WebSocketGetGlobalProperty(PropertyType.SUPPORTED_VERSIONS)).toEqualTypeOf<number | number[]>();

// Values are the SDK's, and each enum is also a type.
expectTypeOf(BufferType.CLOSE).toEqualTypeOf<0x80000004>();
expectTypeOf<Action>().toEqualTypeOf<0 | 1 | 2 | 3 | 4>();
// @ts-expect-error read-only
Action.NO_ACTION = 1;

// Another implementation may have other types of handles and contexts.
expectTypeOf(websocketFunctions).toEqualTypeOf<WebSocketFunctions>();
expectTypeOf<WebSocketFunctions<bigint, number>['WebSocketGetAction']>().returns.toEqualTypeOf<
  WebSocketAction<number>
>();
expectTypeOf<WebSocketFunctions<bigint, number>['WebSocketDeleteHandle']>().parameters.toEqualTypeOf<
  [handle: bigint]
>();

expectTypeOf(backends()).toEqualTypeOf<Backends>();
expectTypeOf(backends().websocket.system.reason).toEqualTypeOf<string | undefined>();
expectTypeOf(new WinwireError('WebSocketSend', 0x83760001).hresult).toBeNumber();
