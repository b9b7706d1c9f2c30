// The adapters for ws and undici, compared with the portable engines: their equal behaviour, and their known
// differences.
import { describe, expect, test } from 'vitest';
import { websocket as shortReasons } from '../../examples/parity/short-reasons.ts';
import { createUndiciRequest } from '../../examples/parity/undici-request.ts';
import { wsFunctions } from '../../examples/parity/ws-functions.ts';
import { builtInScenarios, compareSubjects, type ParityReport } from '../../lib/parity.ts';

function compare(right: object, ...ids: string[]): Promise<ParityReport> {
  const scenarios = builtInScenarios.filter(({ id }) => ids.includes(id));
  expect(scenarios.length).toBe(ids.length);
  return compareSubjects({ left: 'portable', right, scenarios });
}

const verdicts = ({ results }: ParityReport) => Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]));

describe('ws behind the 13 functions', () => {
  const subject = { name: 'ws', websocket: wsFunctions };

  test('sends the same bytes as a server', async () => {
    const report = await compare(subject, 'text-from-server', 'text-empty', 'close-reasons');
    expect(report.results.flatMap(({ steps }) => steps).some(({ left }) => left?.name === 'WebSocketSend')).toBe(true);
    const sent = (side: 'left' | 'right') =>
      report.results[0]?.steps.flatMap((pair) => (pair[side]?.wire ?? []).map(({ text }) => text));
    expect(sent('right')).toEqual(sent('left'));
    expect(sent('right')).toContain('TEXT, 5 bytes "Hello"');
  });

  test('assembles fragments, and indicates no part of a message', async () => {
    const { results } = await compare(subject, 'receive-lengths');
    expect(results[0]).toMatchObject({ verdict: 'different' });
    const types = (side: 'left' | 'right') =>
      JSON.stringify(results[0]?.steps.flatMap((pair) => pair[side]?.outcome ?? [])).match(/BINARY_FRAGMENT/g) ?? [];
    expect(types('left').length).toBeGreaterThan(0);
    expect(types('right')).toEqual([]);
  });

  test('makes a scenario not applicable by a missing function, and is named', async () => {
    const { results } = await compare(subject, 'properties-global');
    expect(results[0]).toMatchObject({
      verdict: 'not applicable',
      reason: 'ws offers no WebSocketGetGlobalProperty',
    });
  });
});

describe('undici as a request object', () => {
  const subject = { name: 'undici', createRequest: createUndiciRequest };

  test('reads bodies as the portable engine does', async () => {
    const { results } = await compare(subject, 'text-utf8');
    const outcomes = results[0]?.steps.map(({ right }) => right?.outcome) ?? [];
    expect(outcomes).toContainEqual({ status: 'returned', value: 'grün €' });
  });

  test('follows no redirect', async () => {
    const report = await compare(subject, 'redirect-302-get');
    expect(verdicts(report)).toEqual({ 'redirect-302-get': 'different' });
    const requests = (side: 'left' | 'right') =>
      report.results[0]?.steps.flatMap((pair) => (pair[side]?.kind === 'request' ? [pair[side].name] : []));
    expect(requests('left')).toEqual(['GET /', 'GET /target']);
    expect(requests('right')).toEqual(['GET /']);
  });

  test('has no options', async () => {
    const { results } = await compare(subject, 'option-URL');
    expect(results[0]?.reason).toBe('undici offers no IWinHttpRequest.getOption');
  });
});

describe('the subject with a planted fault', () => {
  test('differs in the close reason that a server receives', async () => {
    const { results } = await compare({ name: 'short-reasons', websocket: shortReasons }, 'close-by-client');
    const [step] = results[0]?.steps.filter(({ differences }) => differences.length > 0) ?? [];
    expect(JSON.stringify(step?.left?.outcome)).toContain('"reason":"done"');
    expect(JSON.stringify(step?.right?.outcome)).toContain('"reason":"don"');
  });
});
