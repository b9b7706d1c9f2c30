// npm run fuzz -- [--seconds N] [--runs N] [--target NAME]... [--repeat FILE] [--keep]
// libFuzzer over the engine with AddressSanitizer and UndefinedBehaviorSanitizer: bytes of a peer, for a handle against a
// model and for both ways of a pump against each other; handshake headers; sequences of the 13 functions against a model.
// A minute in all, or N seconds, or N inputs in all.
// The corpus in native/test/fuzz/corpus is where it starts; what it learns is kept in build/fuzz/corpus, and --keep
// writes the essence of that back. --repeat runs one input (with one --target).
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { finished } from '../tools/native-build/compile.mjs';
import { buildTargets, fuzzFolder, targets } from '../tools/native-build/fuzz-build.mjs';
import { filesUnder } from './lib/files.mjs';
import { announce, inProject } from './lib/project.mjs';
import { exitCodeOf, main, Stop } from './lib/run.mjs';
import { hashOf } from './lib/stamp.mjs';

const options = {
  seconds: { type: 'string', default: '60' },
  runs: { type: 'string' },
  target: { type: 'string', multiple: true, default: Object.keys(targets) },
  repeat: { type: 'string' },
  keep: { type: 'boolean', default: false },
};

const totalsFile = `${fuzzFolder}/totals.json`;
// Keeps the corpus small: inputs up to this length, and the smallest of those that reach the same code.
const keptLength = 256;

// A stack trace of each allocation, and 256 MiB of freed memory, cost more than the engine: --repeat gives whole
// traces, and an input allocates little.
const asanOptions = 'malloc_context_size=2:quarantine_size_mb=8:thread_local_quarantine_size_kb=64';

const seeds = (name) => `native/test/fuzz/corpus/${name}`;
const grown = (name) => `${fuzzFolder}/corpus/${name}`;
const findings = (name) => `${fuzzFolder}/findings/${name}/`;

main(async (args) => {
  const { values } = parseArgs({ args, options });
  const unknown = values.target.filter((name) => !(name in targets));
  if (unknown.length > 0)
    throw new Stop(`No target ${unknown.join(', ')}; there are ${Object.keys(targets).join(', ')}`);
  const programs = await buildTargets(values.target);
  if (values.repeat !== undefined) return exitCodeOf(programs[values.target[0]], [values.repeat]);
  if (values.keep) return keepAll(programs);
  const failed = [];
  for (const [name, program] of Object.entries(programs)) {
    if (!(await fuzz(name, program, limitOf(values)))) failed.push(name);
  }
  if (failed.length > 0) throw new Stop(`Findings: ${failed.map(findings).join(', ')}`);
  return 0;
});

function limitOf({ seconds, runs, target }) {
  const share = (total) => Math.max(1, Math.ceil(Number(total) / target.length));
  return runs === undefined ? `-max_total_time=${share(seconds)}` : `-runs=${share(runs)}`;
}

/** Runs one target; returns false after a finding. */
async function fuzz(name, program, limit) {
  const { maxLength, options: own } = targets[name];
  const folders = [grown(name), ...(existsSync(inProject(seeds(name))) ? [seeds(name)] : [])];
  for (const folder of [grown(name), findings(name)]) mkdirSync(inProject(folder), { recursive: true });
  announce(`fuzzing ${name} (${limit.slice(1)})`);
  const args = [limit, `-max_len=${maxLength}`, '-timeout=10', '-rss_limit_mb=2048', '-print_final_stats=1'];
  const { code, output } = await finished(
    program,
    [...args, `-artifact_prefix=${findings(name)}`, ...own, ...folders],
    {
      ...process.env,
      ASAN_OPTIONS: asanOptions,
    },
  );
  const executed = Number(/stat::number_of_executed_units:\s*(\d+)/.exec(output)?.[1] ?? 0);
  if (code !== 0) {
    console.log(output.split('\n').slice(-80).join('\n'));
    const input = /Test unit written to (\S+)/.exec(output)?.[1];
    if (input) console.log(`Repeat it: npm run fuzz -- --target ${name} --repeat ${input}`);
    return false;
  }
  const total = addToTotals(name, executed);
  console.log(`${name}: ${executed} inputs without a finding (${total} over this state of the sources)`);
  return true;
}

/** Number of inputs since the last change of engine, pump, targets or models. */
function addToTotals(name, executed) {
  const own = ['engine', 'pump', 'test/fuzz', 'test/model', 'test/pump', 'test/support'];
  const folders = own.map((folder) => `native/${folder}`);
  const state = hashOf(folders.flatMap((folder) => filesUnder(folder, ['.cc', '.h'])));
  const known = existsSync(inProject(totalsFile)) ? JSON.parse(readFileSync(inProject(totalsFile), 'utf8')) : {};
  const totals = known.state === state ? known : { state, inputs: {} };
  totals.inputs[name] = (totals.inputs[name] ?? 0) + executed;
  writeFileSync(inProject(totalsFile), `${JSON.stringify(totals, null, 2)}\n`);
  return totals.inputs[name];
}

/** Writes the smallest inputs that together cover the grown corpus to the committed folder. */
async function keepAll(programs) {
  for (const [name, program] of Object.entries(programs)) {
    const kept = seeds(name);
    const merged = `${fuzzFolder}/merged/${name}`;
    rmSync(inProject(merged), { recursive: true, force: true });
    for (const folder of [merged, grown(name), kept]) mkdirSync(inProject(folder), { recursive: true });
    const { code, output } = await finished(program, ['-merge=1', `-max_len=${keptLength}`, merged, kept, grown(name)]);
    if (code !== 0) throw new Stop(output);
    for (const file of readdirSync(inProject(kept))) rmSync(inProject(kept, file));
    const inputs = readdirSync(inProject(merged));
    for (const file of inputs) writeFileSync(inProject(kept, file), readFileSync(inProject(merged, file)));
    console.log(`${name}: ${inputs.length} inputs kept in ${kept}`);
  }
  return 0;
}
