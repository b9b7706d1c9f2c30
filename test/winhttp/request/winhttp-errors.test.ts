// The errors of a request object: class, code, hresult, syscall and name.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WinwireError } from '../../../lib/errors.ts';
import type { WinHttpRequest } from '../../../lib/index.ts';
import { silence } from '../../../lib/parity/http-server.ts';
import { NULL, RequestContext, type State } from '../../conformance/winhttp/context.ts';
import { lanes } from '../../conformance/winhttp/registry.ts';

interface Case {
  state: State;
  call: (request: WinHttpRequest) => Promise<unknown>;
  code: string;
  hresult: number;
  member: string;
}

const cases: Case[] = [
  {
    state: 'NEW',
    call: (request) => request.send(),
    code: 'ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN',
    hresult: 0x80072f44,
    member: 'Send',
  },
  {
    state: 'NEW',
    call: (request) => request.status,
    code: 'ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND',
    hresult: 0x80072f45,
    member: 'Status',
  },
  {
    state: 'OPEN',
    call: (request) => request.responseText,
    code: 'ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND',
    hresult: 0x80072f45,
    member: 'ResponseText',
  },
  {
    state: 'OPEN',
    call: (request) => request.waitForResponse(0),
    code: 'ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND',
    hresult: 0x80072f45,
    member: 'WaitForResponse',
  },
  {
    state: 'DONE',
    call: (request) => request.setRequestHeader('X-Name', 'value'),
    code: 'ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND',
    hresult: 0x80072f46,
    member: 'SetRequestHeader',
  },
  {
    state: 'SENDING',
    call: (request) => request.send(),
    code: 'ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND',
    hresult: 0x80072f46,
    member: 'Send',
  },
  {
    state: 'DONE',
    call: (request) => request.getResponseHeader('X-Absent'),
    code: 'ERROR_WINHTTP_HEADER_NOT_FOUND',
    hresult: 0x80072f76,
    member: 'GetResponseHeader',
  },
  {
    state: 'OPEN',
    call: (request) => request.setRequestHeader('not a name', 'value'),
    code: 'ERROR_WINHTTP_INVALID_HEADER',
    hresult: 0x80072f79,
    member: 'SetRequestHeader',
  },
  {
    state: 'NEW',
    call: (request) => request.open('GET', NULL),
    code: 'E_INVALIDARG',
    hresult: 0x80070057,
    member: 'Open',
  },
  {
    state: 'NEW',
    call: (request) => request.open('GET', 'www.example.com'),
    code: 'ERROR_WINHTTP_UNRECOGNIZED_SCHEME',
    hresult: 0x80072ee6,
    member: 'Open',
  },
  {
    state: 'NEW',
    call: (request) => request.open('GET', 'http://'),
    code: 'ERROR_WINHTTP_INVALID_URL',
    hresult: 0x80072ee5,
    member: 'Open',
  },
  {
    state: 'OPEN',
    call: (request) => request.setAutoLogonPolicy(7),
    code: 'E_INVALIDARG',
    hresult: 0x80070057,
    member: 'SetAutoLogonPolicy',
  },
  {
    state: 'OPEN',
    call: (request) => request.setProxy(7),
    code: 'E_INVALIDARG',
    hresult: 0x80070057,
    member: 'SetProxy',
  },
];

describe.each(lanes)('errors on $backend', (lane) => {
  let t: RequestContext;
  beforeEach(() => {
    t = new RequestContext(lane);
  });
  afterEach(() => t.dispose());

  async function expectError(call: Promise<unknown>, { code, hresult, member }: Omit<Case, 'state' | 'call'>) {
    const error = await call.then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(WinwireError);
    expect(error).toMatchObject({ name: 'WinwireError', code, hresult, syscall: `IWinHttpRequest::${member}` });
    expect(error.message).toContain(code);
    expect(error.message).toContain(`0x${hresult.toString(16).toUpperCase()}`);
  }

  test.each(cases)('$state, $member: $code', async ({ state, call, ...expected }) => {
    const { request } = await t.stage(state);
    await expectError(call(request), expected);
  });

  test('a refused connection', async () => {
    const request = await t.open(await t.refusingUrl());
    const expected = { code: 'ERROR_WINHTTP_CANNOT_CONNECT', hresult: 0x80072efd, member: 'Send' };
    await expectError(request.send(), expected);
  });

  test('an abort', async () => {
    const server = await t.serve(silence);
    const request = await t.open(server.url());
    const send = request.send();
    send.catch(() => {});
    await server.arrived();
    await request.abort();
    const expected = { code: 'ERROR_WINHTTP_OPERATION_CANCELLED', hresult: 0x80072ef1, member: 'Send' };
    await expectError(send, expected);
  });

  describe('a value of the wrong type, or one that could inject, is rejected before it reaches the object', () => {
    const refused: [string, (request: WinHttpRequest) => Promise<unknown>, string][] = [
      ['a number as URL', (request) => request.open('GET', 1 as never), 'ERR_INVALID_ARG_TYPE'],
      ['CR LF in the URL', (request) => request.open('GET', 'http://127.0.0.1/\r\nX: y'), 'ERR_INVALID_CHAR'],
      ['LF in the method', (request) => request.open('GET\n', 'http://127.0.0.1/'), 'ERR_INVALID_CHAR'],
      ['NUL in a header', (request) => request.setRequestHeader('X-Name', 'a\0b'), 'ERR_INVALID_CHAR'],
      ['LF in a header name', (request) => request.setRequestHeader('X\nName', 'v'), 'ERR_INVALID_CHAR'],
      ['a number as body', (request) => request.send(1 as never), 'ERR_INVALID_ARG_TYPE'],
      ['a function as body', (request) => request.send((() => {}) as never), 'ERR_INVALID_ARG_TYPE'],
      ['a string as time-out', (request) => request.setTimeouts('1' as never, 0, 0, 0), 'ERR_INVALID_ARG_TYPE'],
      ['a fraction as time-out', (request) => request.setTimeouts(0.5, 0, 0, 0), 'ERR_OUT_OF_RANGE'],
      ['2 to the 32nd as policy', (request) => request.setAutoLogonPolicy(2 ** 32), 'ERR_OUT_OF_RANGE'],
      ['NaN as seconds', (request) => request.waitForResponse(Number.NaN), 'ERR_OUT_OF_RANGE'],
      ['an object as signal', (request) => request.send(undefined, { signal: {} as never }), 'ERR_INVALID_ARG_TYPE'],
      ['an unknown name of an option', (request) => request.getOption('Nothing' as never), 'ERR_INVALID_ARG_VALUE'],
      ['an object as value of an option', (request) => request.setOption(2, {} as never), 'ERR_INVALID_ARG_TYPE'],
    ];

    test.each(refused)('%s', async (_name, call, code) => {
      const { request } = await t.stage('OPEN');
      const promise = call(request);
      await expect(promise).rejects.toMatchObject({ code });
      await expect(promise).rejects.not.toHaveProperty('hresult');
      await request.send();
      expect(await request.status).toBe(200);
    });
  });

  test('a getter whose promise is not used causes no unhandled rejection', async () => {
    const request = await t.create();
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listener);
    void request.status;
    void request.responseBody;
    void request.getResponseHeader('X-Name');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });
});
