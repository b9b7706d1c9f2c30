// Runs programs, and ends a command with a message.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { root } from './project.mjs';

/** A failure whose message says all there is to say: no stack is printed. */
export class Stop extends Error {
  /** That of the command that failed, where there was one. */
  exitCode = 1;
}

/** Runs a command with the terminal's stdio (or the one given); a failure stops the script. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
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

/** Runs a command whose output matters only if it fails. */
export const runQuietly = (command, args, options) =>
  run(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });

export const runNode = (args, options) => run(process.execPath, args, options);

/** npm by the path that npm itself tells, so that no shell and no npm.cmd is needed. */
export function runNpm(args, options) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return runNode([cli, ...args], options);
  if (process.platform !== 'win32') return run('npm', args, options);
  return run(process.env.ComSpec ?? 'cmd.exe', ['/d', '/s', '/c', 'npm', ...args], options);
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program and resolves to its exit code. Signals to this process go to the program, which decides what they do:
 * it would go on without a parent otherwise.
 */
export function exitCodeOf(
  command,
  args,
  { cwd = root, env = process.env, stdio = ['ignore', 'inherit', 'inherit'] } = {},
) {
  const child = spawn(command, args, { cwd, env, stdio });
  const pass = (signal) => {
    // A terminal sends Ctrl-C to both.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(error.code === 'ENOENT' ? new Stop(`${command}: not found`) : error));
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  }).finally(() => {
    for (const signal of SIGNALS) process.off(signal, pass);
  });
}

/** True when a program of that name can be started. */
export function hasProgram(name) {
  const finder = process.platform === 'win32' ? 'where.exe' : 'which';
  return spawnSync(finder, [name], { stdio: 'ignore' }).status === 0;
}

/** Every script's frame: a Stop is printed as it is, anything else with its stack. */
export async function main(body) {
  try {
    process.exitCode = (await body(process.argv.slice(2))) ?? 0;
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    process.exitCode = 1;
  }
}
