import { describe, expect, it } from 'vitest';
import {
  argumentOutOfRange,
  BackendUnavailableError,
  invalidActionContext,
  invalidArgumentType,
  invalidArgumentValue,
  invalidCharacter,
  invalidHandle,
  WinwireError,
} from '../lib/errors.ts';

describe('WinwireError', () => {
  it('names a known HRESULT', () => {
    const error = new WinwireError('WebSocketSend', 0x83760001);
    expect(error).toMatchObject({
      name: 'WinwireError',
      code: 'E_INVALID_PROTOCOL_OPERATION',
      hresult: 0x83760001,
      syscall: 'WebSocketSend',
    });
    expect(error.message).toBe(
      'WebSocketSend failed: E_INVALID_PROTOCOL_OPERATION (0x83760001): not allowed in the present state or order',
    );
  });

  it('has a stable code for an unknown one', () => {
    const error = new WinwireError('WebSocketReceive', 0x80004005);
    expect(error.code).toBe('HRESULT_0x80004005');
    expect(error.message).toBe('WebSocketReceive failed: HRESULT 0x80004005');
  });

  it('pads the number of an unknown one to 8 digits', () => {
    expect(new WinwireError('x', 0x57).code).toBe('HRESULT_0x00000057');
  });

  it('accepts the signed form and shows the unsigned one', () => {
    expect(new WinwireError('x', -2089418750)).toMatchObject({
      code: 'E_INVALID_PROTOCOL_FORMAT',
      hresult: 0x83760002,
    });
  });

  it('is an Error with a stack that starts with its name', () => {
    const error = new WinwireError('x', 0x83760001);
    expect(error).toBeInstanceOf(Error);
    expect(error.stack).toMatch(/^WinwireError: x failed/);
    expect(Object.keys(error).sort()).toEqual(['code', 'hresult', 'syscall']);
  });
});

describe('BackendUnavailableError', () => {
  it('names the backend and the reason', () => {
    const error = new BackendUnavailableError('system', 'C:\\Windows\\System32\\websocket.dll: error 126');
    expect(error).toMatchObject({
      name: 'BackendUnavailableError',
      code: 'ERR_BACKEND_UNAVAILABLE',
      backend: 'system',
      reason: 'C:\\Windows\\System32\\websocket.dll: error 126',
      message: "The backend 'system' is not available: C:\\Windows\\System32\\websocket.dll: error 126",
    });
    expect(error).toBeInstanceOf(Error);
  });
});

describe('the argument errors', () => {
  it.each([
    [invalidArgumentType('queue', 'a number', 'x'), TypeError, 'ERR_INVALID_ARG_TYPE'],
    [invalidArgumentValue('backend', "'a' or 'b'", 'x'), TypeError, 'ERR_INVALID_ARG_VALUE'],
    [argumentOutOfRange('queue', 'an integer', 1.5), RangeError, 'ERR_OUT_OF_RANGE'],
    [invalidCharacter('headers[0].value'), TypeError, 'ERR_INVALID_CHAR'],
    [invalidHandle(), TypeError, 'ERR_INVALID_HANDLE'],
    [invalidActionContext('is stale'), TypeError, 'ERR_INVALID_ACTION_CONTEXT'],
  ])('%s has its class and code', (error, type, code) => {
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ code });
  });

  it.each([
    ['text', '"text"'],
    ['x'.repeat(41), 'a string of 41 characters'],
    [1.5, '1.5'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [10n, 'a bigint'],
    [Symbol('s'), 'a symbol'],
    [() => 1, 'a function'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [[1], 'an object'],
  ])('describe %o', (value, description) => {
    expect(invalidArgumentType('a', 'b', value).message).toBe(`The "a" argument must be b. Received ${description}.`);
  });

  it('run no user code of the value that they describe', () => {
    const trap = () => {
      throw new Error('a trap was run');
    };
    const value = new Proxy({}, { get: trap, getPrototypeOf: trap, has: trap, ownKeys: trap });
    expect(invalidArgumentType('a', 'b', value).message).toContain('an object');
  });
});
