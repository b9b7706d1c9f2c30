// The package with objects whose behaviour the documents leave open, or that violate them: the stand-in under Wine, in
// various modes (test/helpers/standin.ts). Every failure is typed and names the call.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WinHttpRequest, WinHttpRequestInit } from '../../lib/index.ts';
import { closedPort } from '../../lib/parity/http-server.ts';
import { within } from '../../lib/parity/waiting.ts';
import { HttpServer } from '../helpers/http-server.ts';
import { activateStandin, isWine } from '../helpers/standin.ts';

if (isWine) activateStandin();

const CANCELLED = 'ERROR_WINHTTP_OPERATION_CANCELLED';
const CALL_LIMIT_MS = 300;

describe.runIf(isWine)('an object that is', () => {
  let server: HttpServer;
  let winwire: typeof import('../../lib/index.ts');

  beforeEach(async () => {
    server = await HttpServer.start();
    // Information about the class depends on the mode.
    vi.resetModules();
    winwire = await import('../../lib/index.ts');
    const { openChannel } = await import('../../lib/winhttp/system/com-channel.ts');
    openChannel().callLimit = CALL_LIMIT_MS;
  });
  afterEach(async () => {
    behave('');
    await server[Symbol.asyncDispose]();
  });

  function behave(mode: string): void {
    process.env.WINWIRE_STANDIN = mode;
  }

  const get = (path = '/', init: WinHttpRequestInit = {}) =>
    within(winwire.WinHttpRequest.request(server.url(path), { backend: 'system', ...init }), 'the request ends');

  const opened = async (path = '/', options: { nativeSync?: boolean } = {}): Promise<WinHttpRequest> => {
    const request = await winwire.WinHttpRequest.create({ backend: 'system', ...options });
    await request.open('GET', server.url(path), options.nativeSync !== true);
    return request;
  };

  /** Returns the rejection of a promise. */
  const refusal = (promise: Promise<unknown>) =>
    within(
      promise.then(
        () => undefined,
        ({ code, syscall }) => ({ code, syscall }),
      ),
      'the call ends',
    );

  async function expectUsable(request: WinHttpRequest): Promise<void> {
    await within(request.open('GET', server.url()), 'open');
    await within(request.send(), 'send');
    expect(await request.responseText).toBe('hello');
  }

  test.each([
    'null-container',
    'null-point',
    'no-container',
    'no-point',
    'no-advise',
    'late-no-advise',
    'false=Advise',
    'mute',
    'twice',
    'early-finish',
    'foreign-thread',
    'no-data',
    'no-container+wait-early',
    'no-container+wait-late',
    'late-no-advise+wait-early',
  ])('%s completes its requests', async (mode) => {
    behave(mode);
    expect(await get('/trickle?parts=3&every=20')).toMatchObject({ status: 200 });
    const request = await opened('/large?size=100000');
    const chunks: Buffer[] = [];
    const ends: string[] = [];
    request.on('responseDataAvailable', (chunk) => chunks.push(chunk));
    request.on('responseFinished', () => ends.push('finished'));
    request.on('error', () => ends.push('error'));
    await within(request.send(), 'send');
    expect(Buffer.concat(chunks)).toEqual(await request.responseBody);
    await expectUsable(request);
    expect(ends).toEqual(['finished', 'finished']);
  });

  test('mute is polled after the first request', async () => {
    behave('mute');
    await get();
    const start = performance.now();
    for (let i = 0; i < 5; i++) await get();
    // Each would take the two seconds of the first.
    expect(performance.now() - start).toBeLessThan(8_000);
  });

  test.each([
    ['false=Open', 'E_UNEXPECTED', 'Open'],
    ['false=SetRequestHeader', 'E_UNEXPECTED', 'SetRequestHeader'],
    ['false=Send', 'E_UNEXPECTED', 'Send'],
    ['false=Status', 'E_UNEXPECTED', 'Status'],
    ['null=Status', 'E_UNEXPECTED', 'Status'],
    ['false=StatusText', 'E_UNEXPECTED', 'StatusText'],
    ['false=GetAllResponseHeaders', 'E_UNEXPECTED', 'GetAllResponseHeaders'],
    ['false=ResponseBody', 'E_UNEXPECTED', 'ResponseBody'],
    ['no-container+false=WaitForResponse', 'E_UNEXPECTED', 'WaitForResponse'],
    ['mute+false=WaitForResponse', 'E_UNEXPECTED', 'WaitForResponse'],
    ['no-advise+false=WaitForResponse', 'E_UNEXPECTED', 'WaitForResponse'],
    ['block=Open', 'ERROR_TIMEOUT', 'Open'],
    ['block=Send', 'ERROR_TIMEOUT', 'Send'],
    ['block=Status', 'ERROR_TIMEOUT', 'Status'],
    ['block=ResponseBody', 'ERROR_TIMEOUT', 'ResponseBody'],
    ['no-container+block=WaitForResponse', 'ERROR_TIMEOUT', 'WaitForResponse'],
    ['mute+block=WaitForResponse', 'ERROR_TIMEOUT', 'WaitForResponse'],
    ['no-advise+block=WaitForResponse', 'ERROR_TIMEOUT', 'WaitForResponse'],
  ])('%s ends a request with %s of %s', async (mode, code, member) => {
    behave(mode);
    expect(await refusal(get('/', { headers: { A: 'b' } }))).toEqual({ code, syscall: `IWinHttpRequest::${member}` });
    behave('');
    expect(await get()).toMatchObject({ status: 200 });
  });

  test('wrong about the end of a response ends the request with E_PENDING of WaitForResponse', async () => {
    behave('no-container+pending-getters+wait-true');
    expect(await refusal(get('/never'))).toEqual({ code: 'E_PENDING', syscall: 'IWinHttpRequest::WaitForResponse' });
  });

  test('reporting S_FALSE to OnError ends the request with E_UNEXPECTED of OnError', async () => {
    behave('odd-error');
    const url = `http://127.0.0.1:${await closedPort()}/`;
    const request = winwire.WinHttpRequest.request(url, { backend: 'system' });
    const syscall = 'IWinHttpRequestEvents::OnError';
    expect(await refusal(request)).toEqual({ code: 'E_UNEXPECTED', syscall });
  });

  test('without a ResponseStream reports an error for it', async () => {
    const request = await opened();
    await request.send();
    behave('null=ResponseStream');
    expect((await refusal(request.responseStream))?.syscall).toBe('IWinHttpRequest::ResponseStream');
  });

  test('blocked in a member fails that call, and is replaced', async () => {
    const request = await opened();
    behave('block=GetResponseHeader');
    const [first, second] = [request.getResponseHeader('A'), request.setTimeouts(60_000, 60_000, 60_000, 60_000)];
    const blocked = { code: 'ERROR_TIMEOUT', syscall: 'IWinHttpRequest::GetResponseHeader' };
    expect(await refusal(first)).toEqual(blocked);
    await within(second, 'the call behind it');
    behave('');
    await expectUsable(request);
  });

  test('blocked at its disposal rejects the disposal with the name of the call', async () => {
    const request = await opened();
    behave('block=Option');
    const option = refusal(request.getOption('URLCodePage'));
    const blocked = { code: 'ERROR_TIMEOUT', syscall: 'IWinHttpRequest::Option' };
    const closing = refusal(request[Symbol.asyncDispose]());
    expect(await option).toEqual(blocked);
    expect(await closing).toEqual(blocked);
  });

  test.each(['block=Abort', 'blocking-abort'])('%s delays no other object', async (mode) => {
    behave(mode);
    const other = await opened('/trickle?parts=3&every=50');
    const requests = await Promise.all(Array.from({ length: 8 }, () => opened('/never')));
    const ends = requests.map((request) => refusal(request.send()));
    const answered = other.send();
    await server.arrived(9);
    for (const request of requests) await within(request.abort(), 'abort');
    expect(new Set((await Promise.all(ends)).map((end) => end?.code))).toEqual(new Set([CANCELLED]));
    await within(answered, 'the other request');
    for (const request of requests) await expectUsable(request);
  });

  test.each(['quiet-abort', 'late-abort', 'prompt-abort', 'late-response'])(
    '%s does not affect the end of the next request',
    async (mode) => {
      behave(`${mode}+cancelled-timeouts`);
      const request = await opened('/never');
      for (const give of [() => request.abort(), async () => {}]) {
        const end = refusal(request.send());
        await server.arrived();
        await give();
        await request.open('GET', server.url('/head-only'));
        await request.setTimeouts(0, 60_000, 30_000, 200);
        expect((await end)?.code).toBe(CANCELLED);
        const errors: unknown[] = [];
        request.removeAllListeners('error').on('error', (error) => errors.push(error));
        // Its only event is an OnError with 12017.
        expect((await refusal(request.send()))?.code).toBe(CANCELLED);
        expect(errors).toHaveLength(1);
        await request.open('GET', server.url('/never'));
      }
      await expectUsable(request);
    },
  );

  test.each([0, 1, 2, 5, 20])('deaf in a synchronous Send is cancelled %i microtasks after it', async (turns) => {
    behave('deaf');
    const request = await opened('/never', { nativeSync: true });
    const end = refusal(request.send());
    for (let i = 0; i < turns; i++) await undefined;
    await request.abort();
    expect((await end)?.code).toBe(CANCELLED);
    // Its apartment is free, and nothing was sent.
    behave('');
    await request.open('GET', server.url('/'), false);
    await request.send();
    expect(server.requests.map(({ target }) => target)).toEqual(['/']);
    await within(request[Symbol.asyncDispose](), 'dispose');
  });
});
