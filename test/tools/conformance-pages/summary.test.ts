import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInScenarios, compareSubjects, renderJson } from '../../../lib/parity.ts';
import { websocketFunctions } from '../../../lib/sys.ts';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';
import { importScript } from '../../helpers/script.ts';

const { gatedFailures, renderSummary } = await importScript('tools/conformance-pages/summary.mjs');

const HERE = { backend: 'system', provider: 'Microsoft', version: '10.0.1', platform: 'win32-x64', evidence: 'doc' };
const statements = ['WS-001', 'WS-002', 'WS-003'].map((id) => ({ id, sentence: `sentence of ${id}` }));
const rows = [
  { id: 'WS-001', ...HERE, gate: true, result: 'pass', notes: ['it was 4, not 5'] },
  { id: 'WS-002', ...HERE, gate: true, result: 'fail', message: 'expected 1 | got\n2' },
  { id: 'WS-003', ...HERE, gate: false, result: 'fail', message: 'assumed 3' },
  { id: 'WS-001', ...HERE, backend: 'portable', provider: 'portable', gate: true, result: 'known difference' },
];

describe('the summary of a job', () => {
  const page: string = renderSummary({ rows, statements, trace: [{ id: 7, name: 'Receive', count: 12 }] });

  it('counts each lane', () => {
    expect(page).toContain('| system | Microsoft | 10.0.1 | win32-x64 | 1 | 2 | 0 | 0 |');
    expect(page).toContain('| portable | portable | 10.0.1 | win32-x64 | 0 | 0 | 1 | 0 |');
  });

  it('lists failures with a gate before failed assumptions, each with its sentence', () => {
    const [, failed, assumed] = /### Failed\n([\s\S]*)### Otherwise than assumed\n([\s\S]*)### Found/.exec(page) ?? [];
    expect(failed).toContain('| WS-002 | Microsoft | doc | sentence of WS-002 |');
    expect(failed).not.toContain('WS-003');
    expect(assumed).toContain('| WS-003 | Microsoft | doc | sentence of WS-003 | assumed 3 |');
    expect(assumed).not.toContain('WS-002');
  });

  it('keeps a message in its cell', () => {
    expect(page).toContain('| expected 1 \\| got 2 |');
  });

  it('lists notes and the events of a trace', () => {
    expect(page).toContain('| WS-001 | Microsoft | it was 4, not 5 |');
    expect(page).toContain('| 7 | Receive | 12 |');
  });

  it('counts the comparisons, and names the first different step', async () => {
    const report = await compareSubjects({
      left: 'portable',
      right: { name: 'other', websocket: { ...websocketFunctions, WebSocketGetGlobalProperty: () => 1 } },
      scenarios: builtInScenarios.filter(({ id }) => ['properties-global', 'ping-empty', 'read-new'].includes(id)),
    });
    const text = renderSummary({ rows, statements, parity: JSON.parse(renderJson(report)) });
    expect(text).toContain('## Parity of portable and other');
    expect(text).toContain(
      '| different | known difference | equal | not applicable |\n| --- | --- | --- | --- |\n| 1 | 0 | 1 | 1 |',
    );
    expect(text).toMatch(/\| properties-global \| [^|]+ \| \d+ of \d+: \w+ WebSocketGetGlobalProperty \|/);
  });

  it('omits empty sections', () => {
    const quiet = renderSummary({ rows: [rows[3]], statements });
    expect(quiet).not.toMatch(/###|Trace|Parity/);
  });

  it('fails only for a gate', () => {
    expect(gatedFailures(rows).map(({ id }: { id: string }) => id)).toEqual(['WS-002']);
    expect(gatedFailures(rows.filter(({ gate }) => !gate))).toEqual([]);
  });
});

describe('job-summary.mjs', () => {
  it('appends to the page of the job, and its exit code reports whether a gate failed', async () => {
    const folder = makeFolder('summary');
    const { writeSummary } = await importScript('tools/conformance-pages/summary.mjs');
    const file = join(folder, 'page.md');
    expect(writeSummary({ rows, statements, file })).toBe(1);
    expect(writeSummary({ rows: [rows[0]], statements, file })).toBe(0);
    expect(readFileSync(file, 'utf8').match(/## Conformance/g)).toHaveLength(2);
    removeFolder(folder);
  });
});
