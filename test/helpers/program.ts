// Runs a program in a new Node process, to end it or to measure it from outside. Such programs are .mjs files that
// import the built package (`winwire/sys`), because Node 20 runs no TypeScript.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder, removeFolder } from './folder.ts';

export interface ProgramResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Settings of the Node process. */
interface NodeSettings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
}

/** Runs `program` (a URL of a .mjs file) with --expose-gc to its end. */
export async function runProgram(
  program: URL,
  args: readonly string[] = [],
  { environment = {}, nodeOptions = [] }: NodeSettings = {},
): Promise<ProgramResult> {
  const folder = makeFolder('program');
  // Files instead of pipes, which Node cannot open under Wine.
  const files = ['stdout', 'stderr'].map((name) => join(folder, name));
  const descriptors = files.map((file) => openSync(file, 'w'));
  try {
    const child = spawn(process.execPath, ['--expose-gc', ...nodeOptions, fileURLToPath(program), ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', ...descriptors],
    });
    const end = await new Promise<Pick<ProgramResult, 'code' | 'signal'>>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const [stdout = '', stderr = ''] = files.map((file) => readFileSync(file, 'utf8'));
    return { ...end, stdout, stderr };
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
    removeFolder(folder);
  }
}
