// npm run parity: `winwire parity` of this clone. Arguments are those of the command, and
//   --windows     on Linux: in Windows' node.exe under Wine, first with the stand-in websocket.dll, then with one that has
//                 a fault, which must be found. Pages and data go to build/parity.
//   --statements  the conformance statements as scenarios, in place of those of the package
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { treeFolder } from '../tools/windows/folders.mjs';
import { ensureWindowsLane } from '../tools/windows/lane.mjs';
import { installStandIn, runWindowsNode } from '../tools/windows/wine.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { nodeLines } from './lib/node-lines.mjs';
import { announce, inProject } from './lib/project.mjs';
import { exitCodeOf, main, Stop } from './lib/run.mjs';
import { compiled } from './lib/type-script.mjs';
import { runVitest, vitestArgs } from './lib/vitest.mjs';

const folder = 'build/parity';
const statementsTest = ['test/parity/statement-scenarios.test.ts'];
const statementsDemanded = { WINWIRE_PARITY_STATEMENTS: '1' };
const program = 'dist/cli/main.js';
const fileEnding = (kind) => (kind === 'junit' ? 'xml' : kind);

main(async (args) => {
  const others = args.filter((arg) => !['--windows', '--statements'].includes(arg));
  const statements = args.includes('--statements');
  if (!args.includes('--windows')) {
    ensureReady();
    if (!statements) return here(others);
    Object.assign(process.env, statementsDemanded);
    return runVitest([...statementsTest, ...others]);
  }
  if (process.platform !== 'linux') throw new Stop('--windows is for Linux with Wine');
  ensureWindowsLane();
  if (statements) return statementsUnderWine(others);
  const code = await underWine('wine', others);
  await findTheFault();
  return code;
});

/** Compiles a subject of examples/ first, because older versions of Node load no TypeScript. */
function here(args) {
  const loadable = args.map((arg) =>
    /^(\.\/)?examples\/.+\.ts$/.test(arg) ? compiled(path.posix.normalize(arg)) : arg,
  );
  return exitCodeOf(process.execPath, [inProject(program), 'parity', ...loadable]);
}

async function statementsUnderWine(args) {
  const vitest = ['node_modules/vitest/vitest.mjs', ...vitestArgs('parity-statements', [...statementsTest, ...args])];
  const code = await runWindowsNode(nodeLines[0], vitest, {
    name: 'parity-statements',
    env: statementsDemanded,
  });
  fetchFromTree('statements.html', 'statements.json');
  return code;
}

/** Writes the report of a run under Wine to build/parity under this name; resolves to the exit code. */
async function underWine(name, args) {
  announce(`winwire parity under Wine: ${name}`);
  const kinds = ['html', 'json', 'junit'];
  mkdirSync(path.join(treeFolder, folder), { recursive: true });
  const outputs = kinds.flatMap((kind) => [`--${kind}`, `${folder}/${name}.${fileEnding(kind)}`]);
  const command = [program, 'parity', '--left', 'system', '--right', 'portable', ...outputs, ...args];
  const code = await runWindowsNode(nodeLines[0], command, { name: `parity-${name}` });
  fetchFromTree(...kinds.map((kind) => `${name}.${fileEnding(kind)}`));
  return code;
}

function fetchFromTree(...files) {
  mkdirSync(inProject(folder), { recursive: true });
  for (const file of files) {
    const made = path.join(treeFolder, folder, file);
    if (existsSync(made)) copyFileSync(made, inProject(folder, file));
  }
}

/** A fault only in the DLL must be found: in every different scenario the pong is the marked step. */
async function findTheFault() {
  installStandIn('websocket_faulty.dll');
  let code;
  try {
    code = await underWine('faulty', ['--component', 'websocket']);
  } finally {
    installStandIn('websocket.dll');
  }
  const { results } = JSON.parse(readFileSync(inProject(`${folder}/faulty.json`), 'utf8'));
  const different = results.filter(({ verdict }) => verdict === 'different');
  const marked = different.map(({ steps, first }) => steps[first].left);
  const found = marked.every((step) => step?.name === 'WebSocketGetAction' && step.wire?.[0]?.text.startsWith('PONG'));
  if (code !== 1 || different.length === 0 || !found) throw new Stop('the fault of the stand-in was not found');
  announce(`the fault of the stand-in shows in ${different.map(({ id }) => id).join(', ')}`);
}
