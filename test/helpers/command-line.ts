// Runs the command line as users do: the built program in a separate process.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder, removeFolder } from './folder.ts';

export const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The bytes of stdout. */
  readonly bytes: Buffer;
}

export interface CommandSettings {
  /** The contents of stdin; default empty. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

// Wine's WinHTTP differs from Windows', so under Wine a test must select it explicitly.
const isUnderWine = process.env.WINWIRE_LANE === 'wine';
const defaults = isUnderWine ? { WINWIRE_BACKEND: 'portable' } : {};

/** The default backend of a command. */
export const defaultBackend = process.platform === 'win32' && !isUnderWine ? 'system' : 'portable';

/** Returns the environment without variables that change the outcome. */
function environment(own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const cleared = /^(?:https?_proxy|no_proxy|no_color|force_color|clicolor_force|winwire_backend|ci)$/i;
  const rest = Object.entries(process.env).filter(([name]) => !cleared.test(name));
  return { ...Object.fromEntries(rest), ...defaults, ...own };
}

/** Runs `winwire` with arguments to its end. */
export async function winwire(args: readonly string[], settings: CommandSettings = {}): Promise<CommandResult> {
  const folder = makeFolder('cli');
  const file = (name: string) => join(folder, name);
  // Files instead of pipes, which Node cannot open under Wine.
  writeFileSync(file('stdin'), settings.input ?? '');
  const stdio = [openSync(file('stdin'), 'r'), openSync(file('stdout'), 'w'), openSync(file('stderr'), 'w')];
  try {
    const { cwd } = settings;
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio, cwd, env: environment(settings.env) });
    const [code] = (await once(child, 'exit')) as [number | null];
    const bytes = readFileSync(file('stdout'));
    return { code, bytes, stdout: bytes.toString(), stderr: readFileSync(file('stderr'), 'utf8') };
  } finally {
    for (const descriptor of stdio) closeSync(descriptor);
    removeFolder(folder);
  }
}

/** A running `winwire` with pipes. Not on Windows, where Ctrl-C cannot be sent. */
export class RunningCommand {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #ended: Promise<unknown[]>;

  constructor(args: readonly string[], settings: Omit<CommandSettings, 'input'> = {}) {
    const { cwd } = settings;
    this.child = spawn(process.execPath, [PROGRAM, ...args], { stdio: 'pipe', cwd, env: environment(settings.env) });
    this.child.stdout?.setEncoding('utf8').on('data', (text) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    this.#ended = once(this.child, 'close');
  }

  /** Resolves with the match when the output of a stream matches. */
  async says(pattern: RegExp, stream: 'stdout' | 'stderr' = 'stderr'): Promise<RegExpExecArray> {
    const source = this.child[stream];
    if (!source) throw new Error('there is no pipe');
    for (;;) {
      const match = pattern.exec(this[stream]);
      if (match) return match;
      if (source.closed || source.destroyed)
        throw new Error(`${pattern} was not said: ${JSON.stringify(this[stream])}`);
      await Promise.race([once(source, 'data'), once(source, 'close')]);
    }
  }

  write(text: string): void {
    this.child.stdin?.write(text);
  }

  endInput(): void {
    this.child.stdin?.end();
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }

  /** Resolves with the exit code. */
  async end(): Promise<number | null> {
    const [code] = (await this.#ended) as [number | null];
    return code;
  }

  /** Ends the process, even after a failed test. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#ended;
  }
}
