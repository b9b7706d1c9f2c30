// The part of docs/conformance.md about WinHttpRequest, from the RQ statements and their recorded runs.
import { exceptions, notes, table, titleOf } from './page.mjs';
import { kinds, resultsById } from './results.mjs';

const providers = ['portable', 'Wine', 'Microsoft'];

const introduction = `# Conformance of WinHttpRequest

The data is in [statements.json](../test/conformance/winhttp/statements.json), the tests lie beside it, the recorded runs
are in [conformance-winhttp.json](conformance-winhttp.json).

Each statement says what WinHttp.WinHttpRequest.5.1 does in one situation, and how that is known; where several sources
stand behind it, the strongest is shown:

- **wine-test**: Wine's own tests of the object assert it, and these run on Windows as well; **wine-test; api**: the same for
  the flat WinHTTP functions beneath the object.
- **doc**: Microsoft's pages or the IDL say so.
- **assumed; field**: not published, but public reports and shipping code on Windows agree.
- **wine8**: observed on Wine 8.0.
- **assumed**: our best reading, which the portable engine implements and a run on Windows has to confirm.

Face says where it is tested: **sys** through \`WinHttpRequest\` of \`winwire\`, **probe** by a native probe over the COM
object itself (interfaces, IDispatch, apartments, NULL pointers); these do not apply to the portable engine. A statement
with a **gate** fails the run of every backend; one without it does not fail where Microsoft's object answers. The object of
Wine and the portable engine are asked for every statement: what they are known to do otherwise is asserted as such.
`;

/** Returns this part of the page. */
export function renderWinHttpPart(statements, recorded) {
  const parts = [introduction, summary(statements, recorded), exceptions(statements, recorded), notes(statements)];
  for (const section of new Set(statements.map((statement) => statement.section))) {
    parts.push(sectionTable(section, statements, recorded));
  }
  return `${parts.filter(Boolean).join('\n').trimEnd()}\n`;
}

function summary(statements, recorded) {
  const rows = recorded.map((run) => {
    const results = [...resultsById(run, statements).values()];
    const file = [run.file, run.version].filter(Boolean).join(' ');
    const counts = kinds.map((kind) => results.filter((result) => result === kind).length);
    return [titleOf(run), run.backend, file, ...counts];
  });
  const missing = providers.filter((provider) => !recorded.some((run) => run.provider === provider));
  const kindsOfEvidence = [...new Set(statements.map(({ evidence }) => evidence))];
  const count = (evidence) => statements.filter((statement) => statement.evidence === evidence).length;
  return [
    '## Summary of WinHttpRequest\n',
    `${statements.length} statements: ${kindsOfEvidence.map((evidence) => `${count(evidence)} ${evidence}`).join(', ')}.\n`,
    `${table(['provider (platform)', 'backend', 'file and version', ...kinds], rows)}\n`,
    missing.length === 0 ? '' : `No run is recorded against: ${missing.join(', ')}.\n`,
  ].join('\n');
}

function sectionTable(section, statements, runs) {
  const byRun = runs.map((run) => resultsById(run, statements));
  const rows = statements
    .filter((statement) => statement.section === section)
    .map(({ id, sentence, evidence, face, gate }) => [
      ...[id, sentence, evidence, face, gate ? 'gate' : ''],
      ...byRun.map((results) => results.get(id) ?? ''),
    ]);
  return `## ${section}\n\n${table(['id', 'statement', 'evidence', 'face', 'gate', ...runs.map(titleOf)], rows)}\n`;
}
