import { describe, expect, it } from 'vitest';
import * as index from '../../../lib/index.ts';
import * as sys from '../../../lib/sys.ts';

const NAMES = [
  'WebSocketCreateClientHandle',
  'WebSocketBeginClientHandshake',
  'WebSocketEndClientHandshake',
  'WebSocketCreateServerHandle',
  'WebSocketBeginServerHandshake',
  'WebSocketEndServerHandshake',
  'WebSocketSend',
  'WebSocketReceive',
  'WebSocketGetAction',
  'WebSocketCompleteAction',
  'WebSocketAbortHandle',
  'WebSocketDeleteHandle',
  'WebSocketGetGlobalProperty',
] as const;

const exported = new Map<string, unknown>(Object.entries(sys));

describe('winwire/sys', () => {
  it('has the 13 functions under their own names', () => {
    for (const name of NAMES) expect(exported.get(name)).toBeTypeOf('function');
    for (const name of NAMES) expect(exported.get(name)).toHaveProperty('name', name);
  });

  it('also exports them as one object, in the order of websocket.h', () => {
    expect(Object.keys(sys.websocketFunctions)).toEqual(NAMES);
    for (const name of NAMES) expect(sys.websocketFunctions[name]).toBe(exported.get(name));
  });

  it('exposes no native object', () => {
    expect([...exported.values()].some((value) => value instanceof ArrayBuffer)).toBe(false);
  });
});

describe('winwire', () => {
  it('exports backends and errors', () => {
    expect(index.backends().websocket.portable.available).toBe(true);
    expect(new index.WinwireError('x', 0x83760001)).toBeInstanceOf(Error);
    expect(index.HResult.E_INVALID_PROTOCOL_FORMAT).toBe(0x83760002);
    expect(new index.BackendUnavailableError('system', 'why').code).toBe('ERR_BACKEND_UNAVAILABLE');
  });
});
