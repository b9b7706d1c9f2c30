import { describe, expect, test } from 'vitest';
import { statements } from './winhttp/statement.ts';

// The script's modules are JavaScript without declarations.
const scripts = new URL('../../tools/conformance-pages/', import.meta.url).pathname.replace(/^\/(\w:)/, '$1');
const { recordRuns, runsOf } = await import(`${scripts}results.mjs`);
const { renderWinHttpPart } = await import(`${scripts}winhttp-page.mjs`);

const HERE = { backend: 'portable', provider: 'portable', version: '1.2.3', platform: 'linux-x64' };
const WINE = { backend: 'system', provider: 'Wine', version: '8.0', file: 'winhttp.dll', platform: 'win32-x64' };

function rows(lane: object, result: string, message?: string) {
  return statements.map(({ id }) => ({ id, ...lane, result, message }));
}

describe('the part of the page on WinHttpRequest', () => {
  const different = rows(WINE, 'pass').with(103, {
    id: 'RQ-104',
    ...WINE,
    result: 'known difference',
    message: 'does something else',
  });
  const recorded = recordRuns([], runsOf([...rows(HERE, 'pass'), ...different], statements));
  const part: string = renderWinHttpPart(statements, recorded);

  test('has a row for each statement, with its sentence and the result of each run', () => {
    for (const { id, sentence, evidence } of statements) {
      const row = part.split('\n').find((line) => line.startsWith(`| ${id} | given`)) ?? '';
      expect(row).toContain(sentence.replaceAll('|', '\\|'));
      expect(row).toContain(`| ${evidence} |`);
      expect(row).toMatch(id === 'RQ-104' ? /pass \| known difference \|$/ : /pass \| pass \|$/);
    }
  });

  test('lists what did not pass and why, and the providers without a run', () => {
    expect(part).toContain('| RQ-104 | Wine (win32-x64) | known difference | does something else |');
    expect(part).toContain('No run is recorded against: Microsoft.');
    expect(part).toContain('| Wine (win32-x64) | system | winhttp.dll 8.0 | 236 | 0 | 1 | 0 |');
  });

  test('says which tests assert something other than their sentence', () => {
    for (const { id, note } of statements) if (note !== undefined) expect(part).toContain(`- **${id}**: ${note}`);
  });
});
