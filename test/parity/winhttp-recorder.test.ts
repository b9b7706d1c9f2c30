import { describe, expect, test } from 'vitest';
import type { WinHttpScenario } from '../../lib/parity/scenario.ts';
import { runScenario, subjectOf, type TraceStep, winhttpScenarios } from '../../lib/parity.ts';

const portable = subjectOf('portable');

async function stepsOf(run: WinHttpScenario['run'], subject = portable): Promise<readonly TraceStep[]> {
  const [scenario] = winhttpScenarios('test', { test: ['test', run] });
  return (await runScenario(scenario as WinHttpScenario, subject)).steps;
}

const named = (steps: readonly TraceStep[]) => steps.map(({ name }) => name);

describe('a recorded request', () => {
  test('contains its calls, the request to the server and the results, without ports', async () => {
    const steps = await stepsOf(async (t) => {
      const server = await t.serve();
      const request = await t.open(server.url('/path'), 'POST');
      await request.send('body');
      await request.responseText;
    });
    expect(named(steps)).toEqual(['create', 'open', 'send', 'POST /path', 'responseText', 'end']);
    expect(steps[1]?.args).toEqual({ method: 'POST', url: 'http://127.0.0.1:<port>/path', async: true });
    expect(steps[3]?.args).toMatchObject({ version: 'HTTP/1.1', body: '62 6f 64 79 "body"' });
    expect(steps[3]?.args.headers).toContain('Host: 127.0.0.1:<port>');
    expect(steps[4]?.outcome).toEqual({ status: 'returned', value: 'hello' });
  });

  test('is pending if the script ends before it', async () => {
    const steps = await stepsOf(async (t) => {
      const { request } = await t.stage('SENDING');
      request.waitForResponse(10).catch(() => {});
    });
    expect(steps.filter(({ outcome }) => outcome.status === 'pending').map(({ name }) => name)).toEqual([
      'send',
      'waitForResponse',
    ]);
  });

  test('ends with the failure of its script', async () => {
    const steps = await stepsOf(async (t) => {
      await (await t.create()).send();
    });
    expect(steps.at(-1)?.outcome).toMatchObject({ status: 'failed', code: 'ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN' });
    expect(steps.at(-2)?.outcome).toMatchObject({ status: 'failed', hresult: 0x80072f44 });
  });

  test('of an object without a member names the member', async () => {
    const [scenario] = winhttpScenarios('test', {
      test: ['test', async (t) => void (await t.attempt(async () => (await t.create()).getOption(0)))],
    });
    const half = subjectOf({ name: 'half', createRequest: () => ({}) });
    const trace = await runScenario(scenario as WinHttpScenario, half);
    expect(trace.notOffered).toBe('IWinHttpRequest.getOption');
  });

  test('hides nonces and values made of them', async () => {
    const steps = await stepsOf(async (t) => {
      const request = await t.open('http://127.0.0.1/');
      await request.setRequestHeader('Authorization', 'Digest realm="r", nonce="n1", cnonce="c1", response="r1"');
    });
    expect(steps.find(({ name }) => name === 'setRequestHeader')?.args.value).toBe(
      'Digest realm="r", nonce="<nonce>", cnonce="<cnonce>", response="<response>"',
    );
  });
});
