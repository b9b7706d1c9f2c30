// Runs a program and ends it when the script that waits for it is gone: `run` blocks, so a signal ends the script without
// a word to the program. The script holds the other end of descriptor 3, where it is also told of a failed start.
//   node guard.mjs COMMAND [ARGUMENT …]
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

const [command, ...args] = process.argv.slice(2);
const script = new Socket({ fd: 3 });
const { WINWIRE_NODE_OPTIONS: NODE_OPTIONS, ...env } = process.env;
const child = spawn(command, args, {
  stdio: 'inherit',
  env: NODE_OPTIONS === undefined ? env : { ...env, NODE_OPTIONS },
});

script.resume();
for (const event of ['end', 'error']) script.on(event, () => child.kill('SIGTERM'));
// A terminal sends Ctrl-C to the program too, which decides what it does.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));

child.once('error', ({ code }) => script.end(code, () => process.exit(127)));
child.once('exit', (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
