// Runs a program to its end without blocking this process; the kernel ends it with this process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Stop } from '../../scripts/lib/run.mjs';

/**
 * Resolves to the output; a failure has it in its message.
 *
 * @param {{ env: NodeJS.ProcessEnv, input?: string, folder?: string, user?: string[] }} options `user`: options of setpriv.
 */
export async function runProgram(command, args, { env, input = '', folder, user = [] }) {
  const options = { env, cwd: folder, stdio: 'pipe' };
  const child = spawn('setpriv', ['--pdeathsig=KILL', ...user, '--', command, ...args], options);
  // A program may end without reading its input.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Stop(`${command} ${args[0] ?? ''}: exit code ${code}: ${output}${errors}`.trim());
  return output;
}
