/** Runs the command of `winwire proxy -- COMMAND`. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Exit } from '../exit.ts';
import { windowsPlan } from './batch-file.ts';
import { proxyEnvironment } from './proxy-environment.ts';

/** As shells have them. */
const [NOT_FOUND, NOT_EXECUTABLE] = [127, 126];
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** A terminal sends these to the command too. */
const OF_TERMINAL: readonly string[] = ['SIGINT', 'SIGQUIT'];

/**
 * Runs a command with the variables of a proxy; resolves with its exit code, 128 and the number of the signal that ended
 * it.
 *
 * @throws {Exit} 127 or 126 if it cannot be started.
 */
export async function runCommand([command = '', ...args]: readonly string[], url: string): Promise<number> {
  const env = { ...process.env, ...proxyEnvironment(url) };
  const plan =
    process.platform === 'win32' ? windowsPlan(command, args, env) : { file: command, args, isVerbatim: false };
  const options: SpawnOptions = { stdio: 'inherit', env, windowsVerbatimArguments: plan.isVerbatim };
  const child = spawn(plan.file, plan.args, options);
  const stop = passSignalsTo(child);
  try {
    return await exitCodeOf(child, command);
  } finally {
    stop();
  }
}

function exitCodeOf(child: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT';
      const text = isMissing ? `${command}: command not found` : `${command}: ${error.message}`;
      reject(new Exit(isMissing ? NOT_FOUND : NOT_EXECUTABLE, text));
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

function passSignalsTo(child: ChildProcess): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.stdin.isTTY && OF_TERMINAL.includes(signal)) return;
    child.kill(signal);
  };
  for (const signal of PASSED_ON) process.on(signal, onSignal);
  return () => {
    for (const signal of PASSED_ON) process.off(signal, onSignal);
  };
}
