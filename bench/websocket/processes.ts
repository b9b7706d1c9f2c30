// The processes of the benchmark, as objects.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BurstRequest, LoadRequest, LoadResult, ServerRequest, Usage } from './protocol.ts';

export type Library = 'winwire' | 'ws';

class Process {
  readonly #child: ChildProcess;

  constructor(module: string, args: string[]) {
    const file = fileURLToPath(new URL(module, import.meta.url));
    this.#child = fork(file, args, { execArgv: ['--expose-gc'] });
  }

  /** Resolves with the next message. */
  async says<T>(): Promise<T> {
    const [answer] = (await Promise.race([
      once(this.#child, 'message'),
      once(this.#child, 'exit').then(() => {
        throw new Error('a process of the benchmark ended early');
      }),
    ])) as [T];
    return answer;
  }

  async ask<T>(request: ServerRequest | LoadRequest | 'sink'): Promise<T> {
    this.#child.send(request);
    return this.says<T>();
  }

  stop(): void {
    this.#child.removeAllListeners('exit');
    this.#child.kill();
  }
}

export class ServerProcess extends Process {
  /** 0 until it listens. */
  port = 0;

  static async start(library: Library): Promise<ServerProcess> {
    const server = new ServerProcess('./server-process.js', [library]);
    server.port = (await server.says<{ port: number }>()).port;
    return server;
  }

  usage(): Promise<Usage> {
    return this.ask<Usage>('usage');
  }

  burst(request: BurstRequest): Promise<{ sent: number; cpu: number }> {
    return this.ask(request);
  }

  connect(port: number): Promise<unknown> {
    return this.ask({ connect: port });
  }
}

export class LoadProcess extends Process {
  constructor() {
    super('./load-process.js', []);
  }

  load(request: LoadRequest): Promise<LoadResult> {
    return this.ask<LoadResult>(request);
  }

  async sink(): Promise<number> {
    return (await this.ask<{ port: number }>('sink')).port;
  }
}
