import { describe, expect, test } from 'vitest';
import { statements } from './websocket/statement.ts';

// The script's modules are JavaScript without declarations.
const script = (name: string) => import(new URL(`../../tools/conformance-pages/${name}`, import.meta.url).href);
const { recordRuns, resultsById, runsOf } = await script('results.mjs');
const { renderPage } = await script('page.mjs');

const HERE = { backend: 'portable', provider: 'portable', version: '1.2.3', platform: 'linux-x64' };
const THERE = {
  backend: 'system',
  provider: 'stand-in',
  version: '1.2.3',
  file: 'websocket.dll',
  platform: 'win32-x64',
};
const ACROSS = { ...HERE, backend: 'portable/system', provider: 'portable/stand-in' };

function rows(lane: object, ids: readonly string[], result = 'pass', message?: string) {
  return ids.map((id) => ({ id, ...lane, result, message }));
}

const all = statements.map(({ id }) => id);

describe('recorded runs', () => {
  test('store neighbours as ranges, and return the result of each statement', () => {
    const failed = ['WS-007', 'WS-009', 'WS-010'];
    const passed = all.filter((id) => !failed.includes(id));
    const [run] = runsOf([...rows(HERE, passed), ...rows(HERE, failed, 'fail', '/machine/path')], statements);
    expect(run.results.fail).toBe('WS-007, WS-009 to WS-010');
    expect(run.results.pass).toBe('WS-001 to WS-006, WS-008, WS-011 to WS-282');
    const byId = resultsById(run, statements);
    expect(all.filter((id) => byId.get(id) === 'fail')).toEqual(failed);
    expect(all.filter((id) => byId.get(id) === 'pass')).toEqual(passed);
    expect(JSON.stringify(run)).not.toContain('/machine/path');
  });

  test('count a statement without a row as failed, unless it does not apply', () => {
    const [alone, across] = runsOf([...rows(HERE, all.slice(1)), ...rows(ACROSS, ['WS-036'])], statements);
    expect(alone.results.fail).toBe('WS-001');
    expect(across.results).toEqual({ pass: 'WS-036', fail: '', 'known difference': '', 'not applicable': '' });
  });

  test('replace the older run of the same backend, provider and platform only', () => {
    const before = runsOf([...rows(HERE, all, 'fail'), ...rows(THERE, all)], statements);
    const after = recordRuns(before, runsOf(rows(HERE, all), statements));
    expect(after.map((run: { provider: string }) => run.provider)).toEqual(['portable', 'stand-in']);
    expect(after[0].results.pass).toBe('WS-001 to WS-282');
  });
});

describe('the page', () => {
  const different = rows(THERE, ['WS-002'], 'known difference', 'does something else');
  const runs = runsOf([...rows(HERE, all), ...rows(THERE, all.toSpliced(1, 1)), ...different], statements);
  const page: string = renderPage(statements, recordRuns([], runs));

  test('has a row for each statement, with its sentence and the result of each run', () => {
    for (const { id, sentence, evidence } of statements) {
      const row = page.split('\n').find((line) => line.startsWith(`| ${id} | given`)) ?? '';
      expect(row).toContain(sentence.replaceAll('|', '\\|'));
      expect(row).toContain(`| ${evidence}`);
      expect(row).toMatch(id === 'WS-002' ? /pass \| known difference \|$/ : /pass \| pass \|$/);
    }
  });

  test('lists what did not pass and why, and the providers without a run', () => {
    expect(page).toContain('| WS-002 | stand-in (win32-x64) | known difference | does something else |');
    expect(page).toContain('No run is recorded against: Wine, Microsoft.');
  });

  test('is the same for the same runs in any order', () => {
    expect(renderPage(statements, recordRuns([], runs.toReversed()))).toBe(page);
  });
});
