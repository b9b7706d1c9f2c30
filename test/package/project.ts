// The project outside this tree in which `npm run test:package` has installed the package.
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const variable = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: these tests are run by npm run test:package`);
  return value;
};

/** The folder of the project. */
export const PROJECT = variable('WINWIRE_PACKAGE_PROJECT');
/** The packed package. */
export const TARBALL = variable('WINWIRE_PACKAGE_TARBALL');
/** The installed package. */
export const INSTALLED = join(PROJECT, 'node_modules', 'winwire');

/** The folder whose node_modules contain bundlers and older versions of TypeScript. */
export const TOOLS = variable('WINWIRE_PACKAGE_TOOLS');

/** The folder whose node_modules contain clients of the ecosystem. */
export const CLIENTS = variable('WINWIRE_PACKAGE_CLIENTS');

export interface Runtime {
  readonly name: string;
  readonly command: string;
  /** The arguments before the program. */
  readonly args: readonly string[];
}

/** The runtimes for the programs: this Node first, then those installed for the tests. */
export const RUNTIMES = JSON.parse(variable('WINWIRE_PACKAGE_RUNTIMES')) as readonly Runtime[];

/** Copies programs/NAME into the project, where `winwire` is the installed package. */
export function inProject(name: string): string {
  const target = join(PROJECT, name);
  cpSync(fileURLToPath(new URL(`programs/${name}`, import.meta.url)), target);
  return target;
}

interface RunOptions {
  readonly options?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program of programs/ in the project and returns the JSON of its last line. */
export function runProgram({ command, args }: Runtime, name: string, { options = [], env }: RunOptions = {}): unknown {
  return runFile(command, [...args, ...options, inProject(name)], env);
}

/** Runs any program, without the settings of the test runner, and returns the JSON of its last line. */
export function runFile(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): unknown {
  const { NODE_OPTIONS: _, WINWIRE_BINDING: __, ...inherited } = process.env;
  return lastLineOf(command, args, { ...inherited, ...env });
}

/** Runs the program `winwire` of the package. */
export function runCli(...args: readonly string[]) {
  const program = join(INSTALLED, 'dist', 'cli', 'main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: PROJECT,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const WINE_PROGRAM = fileURLToPath(new URL('../../tools/windows/run-node.mjs', import.meta.url));

/** The requested versions of Windows' node.exe: --windows. */
export const WINDOWS_NODES = JSON.parse(process.env.WINWIRE_PACKAGE_WINDOWS ?? '[]') as readonly number[];

/** The same in Windows' node.exe under Wine. */
export function runUnderWine(version: number, name: string): unknown {
  return lastLineOf(process.execPath, [WINE_PROGRAM, String(version), inProject(name)], process.env);
}

function lastLineOf(command: string, args: readonly string[], env: NodeJS.ProcessEnv): unknown {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: PROJECT, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${status}\n${stdout}\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) as string);
}
