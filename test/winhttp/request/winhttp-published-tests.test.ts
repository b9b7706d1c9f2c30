// The sequence of calls in Wine's published tests of the object (dlls/winhttp/tests/winhttp.c, test_IWinHttpRequest),
// which Wine also runs on Windows, written anew with winwire, on every backend. The native probe covers IDispatch and
// NULL out pointers (RQ-010 to RQ-026, RQ-085, RQ-086).
import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AutoLogonPolicy, CredentialTarget, ProxySetting, type WinHttpRequest } from '../../../lib/index.ts';
import { NULL, RequestContext } from '../../conformance/winhttp/context.ts';
import { Code } from '../../conformance/winhttp/hresult.ts';
import { lanes } from '../../conformance/winhttp/registry.ts';

const UNKNOWN = 0xdeadbeef;
const DATE = 'Tue, 01 Jan 2030 00:00:00 GMT';

describe.each(lanes)('the published tests on $backend', (lane) => {
  let t: RequestContext;
  beforeEach(() => {
    t = new RequestContext(lane);
  });
  afterEach(() => t.dispose());

  /** Calls that are allowed at any time, and have no effect here. */
  async function setProxies(request: WinHttpRequest): Promise<void> {
    await request.setProxy(ProxySetting.PROXY, 'proxyserver', 'bypasslist');
    await request.setProxy(ProxySetting.DIRECT, 'proxyserver', 'bypasslist');
  }

  const askBeforeOpen = async (request: WinHttpRequest) => {
    await t.gettersFail(request, Code.CANNOT_CALL_BEFORE_SEND);
    await request.setTimeouts(10_000, 10_000, 10_000, 10_000);
    await t.fails(() => request.setCredentials(NULL, NULL, UNKNOWN), Code.CANNOT_CALL_BEFORE_OPEN);
    for (const setting of [ProxySetting.DIRECT, ProxySetting.PROXY, ProxySetting.DIRECT])
      await request.setProxy(setting);
    await t.fails(() => request.getResponseHeader(NULL), Code.CANNOT_CALL_BEFORE_SEND);
    await t.fails(() => request.setRequestHeader(NULL, NULL), Code.INVALID_ARGUMENT);
    for (const value of [NULL, DATE])
      await t.fails(() => request.setRequestHeader('Date', value), Code.CANNOT_CALL_BEFORE_OPEN);
    await t.fails(() => request.setAutoLogonPolicy(UNKNOWN), Code.INVALID_ARGUMENT);
    await request.setAutoLogonPolicy(AutoLogonPolicy.OnlyIfBypassProxy);
  };

  const askAfterOpen = async (request: WinHttpRequest) => {
    await t.gettersFail(request, Code.CANNOT_CALL_BEFORE_SEND);
    await request.setTimeouts(10_000, 10_000, 10_000, 10_000);
    for (const [user, password, target] of [
      [NULL, NULL, UNKNOWN],
      ['username', NULL, UNKNOWN],
      [NULL, 'password', UNKNOWN],
      ['username', 'password', UNKNOWN],
      [NULL, 'password', CredentialTarget.FOR_SERVER],
    ] as const)
      await t.fails(() => request.setCredentials(user, password, target), Code.INVALID_ARGUMENT);
    await request.setCredentials('username', 'password', CredentialTarget.FOR_SERVER);
    await t.fails(() => request.setProxy(UNKNOWN, 'proxyserver', 'bypasslist'), Code.INVALID_ARGUMENT);
    await setProxies(request);
    await request.setRequestHeader('Date', DATE);
    await request.setRequestHeader('Date', NULL);
    await request.setAutoLogonPolicy(AutoLogonPolicy.OnlyIfBypassProxy);
  };

  const askWhenDone = async (request: WinHttpRequest) => {
    assert.equal(await request.responseText, 'hello');
    assert.equal(await request.status, 200);
    assert.equal(await request.statusText, 'OK');
    assert.equal(`${await request.responseBody}`, 'hello');
    await request.setCredentials('username', 'password', CredentialTarget.FOR_SERVER);
    await setProxies(request);
    assert.match(await request.getAllResponseHeaders(), /^Content-Type: text\/plain\r$/m);
    await t.fails(() => request.getResponseHeader(NULL), Code.INVALID_ARGUMENT);
    assert.equal(await request.getResponseHeader('Content-Type'), 'text/plain');
    await t.fails(() => request.setRequestHeader('Date', DATE), Code.CANNOT_CALL_AFTER_SEND);
    await request.setAutoLogonPolicy(AutoLogonPolicy.OnlyIfBypassProxy);
    assert.equal(await request.waitForResponse(10), true);
  };

  test.each([true, false])('the life of an object, asynchronous: %s', async (async) => {
    const server = await t.serve();
    const request = await t.create();
    await t.fails(() => request.open(NULL, NULL, async), Code.INVALID_ARGUMENT);
    for (const method of ['GET', 'INVALID'])
      await t.fails(() => request.open(method, '127.0.0.1', async), Code.UNRECOGNIZED_SCHEME);
    await askBeforeOpen(request);
    await request.open('GET', server.url(), async);
    await request.abort();
    await request.open('GET', server.url(), async);
    await askAfterOpen(request);
    for (let sends = 0; sends < 3; sends += 1) {
      await request.send();
      await askWhenDone(request);
    }
    const [first, second] = [await request.responseStream, await request.responseStream];
    expect(first).not.toBe(second);
    expect(await text(first)).toBe('hello');
    await request.send();
    await request.abort();
    await request.abort();
    await t.fails(() => request.send(), Code.CANNOT_CALL_BEFORE_OPEN);
    await request[Symbol.asyncDispose]();
    expect(await text(second)).toBe('hello');
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers.map(([name]) => name.toLowerCase())).not.toContain('date');
  });

  test('a number for Async, and a wait', async () => {
    const server = await t.serve();
    const request = await t.create();
    await request.open('GET', server.url(), 1);
    const sent = request.send();
    expect(await request.waitForResponse(10)).toBe(true);
    await sent;
  });

  test('a challenge without credentials, answered with a body beyond ASCII', async () => {
    const headers = { 'WWW-Authenticate': 'Basic realm="placebo"' };
    const server = await t.serve((_request, reply) => reply.send({ status: 401, headers, body: 'Unauthorized' }));
    const request = await t.open(server.url('/auth'), 'POST', false);
    await t.gettersFail(request, Code.CANNOT_CALL_BEFORE_SEND, ['status']);
    await request.send('testdata\u0080');
    expect(await request.responseText).toBe('Unauthorized');
    expect(await request.status).toBe(401);
  });
});
