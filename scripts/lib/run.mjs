// Runs programs, and ends a command with a message.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './project.mjs';

/** A failure that is reported by its message, without a stack. */
export class Stop extends Error {
  /** The exit code of the failed command, if there was one. */
  exitCode = 1;
}

/**
 * Runs a command; a failure ends the script, whose end ends the command. Unless `stdio` says otherwise, its output goes
 * to stderr: stdout is for the result of the script.
 */
export function run(command, args, options = {}) {
  const result = spawnGuarded(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
    stdio: options.stdio ?? ['ignore', 2, 2],
  });
  if (result.error?.code === 'ENOENT') throw new Stop(`${command}: not found`);
  if (result.error) throw result.error;
  if (result.status !== 0) {
    const said = [result.stdout, result.stderr].filter(Boolean).join('\n').trim();
    const how = result.signal ? `was ended by ${result.signal}` : `failed with exit code ${result.status}`;
    const stop = new Stop(`${said ? `${said}\n` : ''}${path.basename(command)} ${args.slice(0, 6).join(' ')}: ${how}`);
    stop.exitCode = result.status ?? 1;
    throw stop;
  }
  return result.stdout;
}

const guard = fileURLToPath(new URL('guard.mjs', import.meta.url));

function spawnGuarded(command, args, { stdio, env, ...options }) {
  // Windows has no signals, and Node under Wine cannot open pipes.
  if (process.platform === 'win32') return spawnSync(command, args, { ...options, env, stdio });
  const streams = typeof stdio === 'string' ? [stdio, stdio, stdio] : stdio;
  // The program's, not those of the guard: under Wine they name a file by Windows' path.
  const { NODE_OPTIONS: WINWIRE_NODE_OPTIONS, ...others } = env ?? process.env;
  const guardEnv = WINWIRE_NODE_OPTIONS === undefined ? others : { ...others, WINWIRE_NODE_OPTIONS };
  const result = spawnSync(process.execPath, [guard, command, ...args], {
    ...options,
    env: guardEnv,
    stdio: [...streams, 'pipe'],
  });
  const failure = result.output?.[3];
  return failure ? { ...result, error: Object.assign(new Error(`${command}: ${failure}`), { code: failure }) } : result;
}

/** Runs a command whose output matters only if it fails. */
export const runQuietly = (command, args, options) =>
  run(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });

export const runNode = (args, options) => run(process.execPath, args, options);

/** Runs npm by the path that npm itself provides, without a shell or npm.cmd. */
export function runNpm(args, options) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return runNode([cli, ...args], options);
  if (process.platform !== 'win32') return run('npm', args, options);
  return run(process.env.ComSpec ?? 'cmd.exe', ['/d', '/s', '/c', 'npm', ...args], options);
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const running = new Set();
let endedBy;

function passOn(signal) {
  endedBy = signal;
  // A terminal sends Ctrl-C to all processes.
  if (signal === 'SIGINT' && process.stdin.isTTY) return;
  for (const child of running) child.kill(signal);
}

/**
 * Starts a program and resolves, when it has ended, to [exit code, signal]. Passes on signals to this process, because
 * the program would continue without its parent. After a signal no further program is started.
 */
export async function endOf(command, args, options, onStart = () => {}) {
  if (endedBy) throw new Stop(`ended by ${endedBy}`);
  const child = spawn(command, args, options);
  onStart(child);
  if (running.size === 0) for (const signal of SIGNALS) process.on(signal, passOn);
  running.add(child);
  try {
    return await once(child, 'close');
  } finally {
    running.delete(child);
    if (running.size === 0) for (const signal of SIGNALS) process.off(signal, passOn);
  }
}

/** Runs a program and resolves to its exit code. Passes on signals to this process. */
export async function exitCodeOf(
  command,
  args,
  { cwd = root, env = process.env, stdio = ['ignore', 'inherit', 'inherit'] } = {},
) {
  try {
    const [code, signal] = await endOf(command, args, { cwd, env, stdio });
    return code ?? 128 + constants.signals[signal];
  } catch (error) {
    throw error.code === 'ENOENT' ? new Stop(`${command}: not found`) : error;
  }
}

/** Returns true if a program with this name can be started. */
export function hasProgram(name) {
  const finder = process.platform === 'win32' ? 'where.exe' : 'which';
  return spawnSync(finder, [name], { stdio: 'ignore' }).status === 0;
}

/** Runs a script's main function: prints a Stop by its message, other errors with their stack. */
export async function main(body) {
  try {
    process.exitCode = (await body(process.argv.slice(2))) ?? 0;
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    process.exitCode = 1;
  }
}
