// Starts the servers of the realm, and ends each by its process group.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { announce } from '../../scripts/lib/project.mjs';
import { Stop } from '../../scripts/lib/run.mjs';
import { runProgram } from './program.mjs';

// The servers never run as root: Debian's user and group without rights.
const isRoot = process.getuid?.() === 0;
const UNPRIVILEGED = 65534;
const asUnprivileged = isRoot ? [`--reuid=${UNPRIVILEGED}`, `--regid=${UNPRIVILEGED}`, '--clear-groups'] : [];

// Far above what any server needs.
const START_LIMIT_MS = 20_000;
const END_LIMIT_MS = 3000;
const POLL_MS = 10;

/** Creates a folder that the servers can write. */
export function makeServerFolder(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (isRoot) chownSync(folder, UNPRIVILEGED, UNPRIVILEGED);
}

/** Writes a file that the servers, and no other users, can read. */
export function writeServerFile(file, text) {
  writeFileSync(file, text, { mode: 0o600 });
  if (isRoot) chownSync(file, UNPRIVILEGED, UNPRIVILEGED);
}

/** Runs a program as the servers' user, and resolves to its output. */
export const runAsServer = (command, args, { folder, env, input }) =>
  runProgram(command, args, { folder, env, input, user: asUnprivileged });

/** Returns free ports of 127.0.0.1, for servers that cannot choose theirs. */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/**
 * Starts a server and resolves when its ports accept connections.
 *
 * @param {{ name: string, command: string, args: string[], ports: number[], folder: string, env: Record<string, string> }} server
 * @param {AbortSignal} signal Ends the wait, not the server.
 * @param {(running: RunningServer) => void} onStart Receives the process at once, so that it can be ended at any time.
 */
export async function startServer({ name, command, args, ports, folder, env }, signal, onStart) {
  const outputFile = path.join(folder, `${name}.out`);
  const output = openSync(outputFile, 'a');
  // The kernel ends the server with this process, even if SIGKILL ends it. Its process group is separate: the server
  // does not get the Ctrl+C of a terminal, and its helpers can be ended with it.
  const child = spawn('setpriv', ['--pdeathsig=TERM', ...asUnprivileged, '--', command, ...args], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const running = new RunningServer(name, child, outputFile);
  onStart(running);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT_MS)]);
  for (const port of ports) await untilListening(running, port, limit);
}

async function untilListening(running, port, limit) {
  for (;;) {
    if (running.ended) throw new Stop(`${running.name} ended at start: ${running.output()}`);
    if (await accepts(port)) return;
    if (limit.aborted) throw new Stop(`${running.name} does not listen on port ${port}: ${running.output()}`);
    await delay(POLL_MS);
  }
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A server process with its helpers. */
class RunningServer {
  #child;
  #outputFile;
  #closed;
  #isWanted = true;
  ended = false;

  constructor(name, child, outputFile) {
    this.name = name;
    this.#child = child;
    this.#outputFile = outputFile;
    this.#closed = new Promise((resolve) => {
      child.once('error', resolve);
      child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    }).then((how) => {
      this.ended = true;
      // Its tests would only report refused connections.
      if (this.#isWanted) announce(`${name} has ended: ${how}\n${this.output()}`);
    });
  }

  get pid() {
    return this.#child.pid;
  }

  output() {
    return readFileSync(this.#outputFile, 'utf8').slice(-2000).trim() || 'no output';
  }

  /** Ends the server and its helpers; by SIGKILL what is left at the limit. */
  async end() {
    this.#isWanted = false;
    if (this.pid === undefined) return;
    if (!this.ended) this.#child.kill('SIGTERM');
    const limit = setTimeout(() => this.#killGroup(), END_LIMIT_MS);
    await this.#closed;
    clearTimeout(limit);
    this.#killGroup();
  }

  #killGroup() {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}
