// docs/conformance.json: for each backend, provider and platform its last run, with the statements grouped by result.
export const kinds = ['pass', 'fail', 'known difference', 'not applicable'];

const keyOf = ({ backend, provider, platform }) => `${backend} ${provider} ${platform}`;

/** Client and server of one backend; then every statement applies. */
export const isUniform = ({ backend }) => !backend.includes('/');

/** Returns one run for each backend, provider and platform among the rows. */
export function runsOf(rows, statements) {
  return [...new Set(rows.map(keyOf))].map((key) =>
    runOf(
      rows.filter((row) => keyOf(row) === key),
      statements,
    ),
  );
}

function runOf(rows, statements) {
  const { backend, provider, version, file, platform } = rows[0];
  const found = new Map(rows.map((row) => [row.id, row]));
  // A statement without a row did not run although it should: its test file ended the process.
  const results = statements
    .filter(({ id }) => found.has(id) || isUniform(rows[0]))
    .map(({ id }) => ({ id, result: found.get(id)?.result ?? 'fail', reason: reasonOf(found.get(id)) }));
  const idsWith = (kind) => results.filter(({ result }) => result === kind).map(({ id }) => id);
  return {
    ...{ backend, provider, version, file, platform },
    results: Object.fromEntries(kinds.map((kind) => [kind, rangesOf(idsWith(kind), statements)])),
    reasons: Object.fromEntries(results.filter(({ reason }) => reason).map(({ id, reason }) => [id, reason])),
  };
}

// The message of a failure may contain paths of the machine; the reasons of the other two are written for readers.
const reasonOf = (row) =>
  row?.result === 'known difference' || row?.result === 'not applicable' ? row.message : undefined;

/** 'WS-001 to WS-004, WS-006': neighbours in the order of the statements become one entry. */
function rangesOf(ids, statements) {
  const position = new Map(statements.map(({ id }, index) => [id, index]));
  const ranges = [];
  for (const id of ids) {
    const last = ranges.at(-1);
    if (last !== undefined && position.get(id) === position.get(last.to) + 1) last.to = id;
    else ranges.push({ from: id, to: id });
  }
  return ranges.map(({ from, to }) => (from === to ? from : `${from} to ${to}`)).join(', ');
}

/** Returns the result of each statement, by id. */
export function resultsById({ results }, statements) {
  const ids = statements.map(({ id }) => id);
  const byId = new Map();
  for (const [kind, ranges] of Object.entries(results)) {
    for (const range of ranges.split(', ').filter(Boolean)) {
      const [from, to = from] = range.split(' to ');
      for (const id of ids.slice(ids.indexOf(from), ids.indexOf(to) + 1)) byId.set(id, kind);
    }
  }
  return byId;
}

/** Returns the record with these runs instead of older ones of the same backend, provider and platform. */
export function recordRuns(recorded, runs) {
  const kept = recorded.filter((old) => !runs.some((run) => keyOf(run) === keyOf(old)));
  const order = (run) => `${isUniform(run) ? 0 : 1} ${keyOf(run)}`;
  return [...kept, ...runs].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
