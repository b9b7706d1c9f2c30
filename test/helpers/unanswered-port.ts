// A port of this machine at which connections are never established: the queue of a stopped process is full. Linux only.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

const SERVER = `const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));`;
/** More than the queue of `backlog` takes. */
const FILLERS = 4;
// Source: Linux, include/net/tcp_states.h.
const SYN_SENT = '02';

export class UnansweredPort implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #fillers: readonly Socket[];
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
    this.#fillers = Array.from({ length: FILLERS }, () => connect(port, '127.0.0.1').on('error', () => {}));
  }

  static async start(): Promise<UnansweredPort> {
    const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout, 'data');
    child.kill('SIGSTOP');
    const unanswered = new UnansweredPort(child, Number(line));
    await unanswered.#fill();
    return unanswered;
  }

  get place(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The number of connections that are being opened. */
  get attempts(): number {
    const to = new RegExp(
      `^ *\\d+: \\S+ 0100007F:${this.port.toString(16).toUpperCase().padStart(4, '0')} ${SYN_SENT} `,
      'gm',
    );
    return readFileSync('/proc/net/tcp', 'latin1').match(to)?.length ?? 0;
  }

  /** Resolves when the queue is full, and none of the own connections is being opened. */
  async #fill(): Promise<void> {
    const isPending = ({ connecting }: Socket) => connecting;
    while (this.attempts === 0 || this.#fillers.filter(isPending).length !== this.attempts) await turn();
    for (const filler of this.#fillers.filter(isPending)) filler.destroy();
    while (this.attempts > 0) await turn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const filler of this.#fillers) filler.destroy();
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
