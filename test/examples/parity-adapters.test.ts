// The adapters for ws and undici, compared with the portable engines: what they do alike, and that a comparison finds
// what they are known to do otherwise.
import { describe, expect, test } from 'vitest';
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

  test('frames of a server are the same bytes', async () => {
    const report = await compare(subject, 'text-from-server', 'text-empty', 'close-reasons');
    expect(report.results.flatMap(({ steps }) => steps).some(({ left }) => left?.name === 'WebSocketSend')).toBe(true);
    const sent = (side: 'left' | 'right') =>
      report.results[0]?.steps.flatMap((pair) => (pair[side]?.wire ?? []).map(({ text }) => text));
    expect(sent('right')).toEqual(sent('left'));
    expect(sent('right')).toContain('TEXT, 5 bytes "Hello"');
  });

  test('it puts fragments together, and tells no part of a message', async () => {
    const { results } = await compare(subject, 'receive-lengths');
    expect(results[0]).toMatchObject({ verdict: 'different' });
    const types = (side: 'left' | 'right') =>
      JSON.stringify(results[0]?.steps.flatMap((pair) => pair[side]?.outcome ?? [])).match(/BINARY_FRAGMENT/g) ?? [];
    expect(types('left').length).toBeGreaterThan(0);
    expect(types('right')).toEqual([]);
  });

  test('a function that it does not offer makes a scenario not applicable, and is named', async () => {
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
