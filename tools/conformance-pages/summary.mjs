// Creates the summary of a conformance run for a CI job.
import { appendFileSync } from 'node:fs';
import { kinds } from './results.mjs';

const cell = (text) =>
  String(text ?? '')
    .replaceAll('|', '\\|')
    .replaceAll(/\s+/g, ' ')
    .trim();

function table(head, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const laneOf = ({ backend, provider, version, platform }) => [backend, provider, version, platform].join(' ');

function counts(rows) {
  const lanes = [...new Set(rows.map(laneOf))];
  const body = lanes.map((lane) => {
    const own = rows.filter((row) => laneOf(row) === lane);
    const { backend, provider, version, platform } = own[0];
    return [
      backend,
      provider,
      version,
      platform,
      ...kinds.map((kind) => own.filter(({ result }) => result === kind).length),
    ];
  });
  return table(['backend', 'provider', 'version', 'platform', ...kinds], body);
}

function listed(title, rows, sentences) {
  if (rows.length === 0) return '';
  const body = rows.map((row) => [row.id, row.provider, row.evidence, sentences.get(row.id), row.message]);
  return `### ${title}\n\n${table(['statement', 'provider', 'known from', 'says', 'but'], body)}`;
}

function noted(rows) {
  const body = rows.flatMap(({ id, provider, notes = [] }) => notes.map((note) => [id, provider, note]));
  return body.length === 0
    ? ''
    : `### Found otherwise than assumed\n\n${table(['statement', 'provider', 'found'], body)}`;
}

/** Returns the number of comparisons of a `winwire parity` report, and the first unexpected difference. */
function compared({ left, right, counts: found, results }) {
  const verdicts = Object.keys(found);
  const sums = table(verdicts, [verdicts.map((verdict) => found[verdict])]);
  const body = results
    .filter(({ verdict }) => verdict === 'different')
    .map(({ id, title, steps, first }) => {
      const step = steps[first]?.left ?? steps[first]?.right;
      return [id, title, `${first + 1} of ${steps.length}: ${step?.actor} ${step?.name}`];
    });
  const differing = body.length === 0 ? '' : `\n\n${table(['scenario', 'is', 'differs first in step'], body)}`;
  return `## Parity of ${left.name} and ${right.name}\n\n${sums}${differing}`;
}

/**
 * Returns the page for a CI job: the counts of each lane, failures with a source (`gate`) before failed assumptions, a
 * comparison call by call, and the contents of the trace. `rows` is build/conformance.json.
 */
export function renderSummary({ rows, statements, trace = [], parity }) {
  const sentences = new Map(statements.map(({ id, sentence }) => [id, sentence]));
  const failed = rows.filter(({ result }) => result === 'fail');
  const events = trace.map(({ id, name, count }) => [id, name, count]);
  return [
    '## Conformance',
    counts(rows),
    listed(
      'Failed',
      failed.filter(({ gate }) => gate),
      sentences,
    ),
    listed(
      'Otherwise than assumed',
      failed.filter(({ gate }) => !gate),
      sentences,
    ),
    noted(rows),
    parity === undefined ? '' : compared(parity),
    events.length === 0 ? '' : `## Trace of websocket.dll\n\n${table(['event', 'name', 'times'], events)}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The failures that must fail the job. */
export const gatedFailures = (rows) => rows.filter(({ result, gate }) => result === 'fail' && gate);

/** Appends the page to a file, or prints it, and returns the job's exit code. */
export function writeSummary({ file, ...results }) {
  const page = `${renderSummary(results)}\n`;
  if (file) appendFileSync(file, page);
  else process.stdout.write(page);
  const failed = gatedFailures(results.rows);
  for (const { id, provider, message } of failed) console.error(`${id} ${provider}: ${message}`);
  return failed.length === 0 ? 0 : 1;
}
