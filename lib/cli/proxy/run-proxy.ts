/** `winwire proxy`. */
import type { BackendName } from '../../backend.ts';
import { createForwarder } from '../../forwarder/create-forwarder.ts';
import type { Forwarder, ForwarderInit } from '../../forwarder/forwarder-types.ts';
import { Exit, usage } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import { type ProxyOptions, proxySourceOf } from '../proxy-options.ts';
import { proxyCredentialsOf, type UpstreamOptions } from '../upstream-options.ts';
import { runCommand } from './child-command.ts';
import { passwordOf } from './password-file.ts';
import { shellLines } from './proxy-environment.ts';
import { RequestLog } from './request-log.ts';

/** The parsed options. */
export interface ProxyCommandOptions extends ProxyOptions, UpstreamOptions {
  readonly port?: number;
  readonly listen?: readonly string[];
  readonly allow?: readonly string[];
  readonly passwordFile?: string;
  /** False with `--no-password`. */
  readonly password?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly backend?: BackendName;
}

/** Time for open tunnels after Ctrl-C, in milliseconds. */
const GRACE = 5_000;

/** Serves until a signal, or until the command has ended. */
export async function runProxy(command: readonly string[], options: ProxyCommandOptions): Promise<void> {
  checkOptions(command, options);
  const isForCommand = command.length > 0;
  const stream = options.json && !isForCommand ? process.stdout : process.stderr;
  const write = (line: string) => void stream.write(`${line}\n`);
  const log = new RequestLog({ json: options.json === true, quiet: options.quiet === true, write });
  const forwarder = await createForwarder({ ...(await initOf(options)), onRequest: log.onRequest });
  try {
    if (isForCommand) await serveCommand(forwarder, command);
    else await serveUntilSignal(forwarder, options);
  } finally {
    await forwarder.close();
    log.writeTotals(forwarder.statistics);
  }
}

function checkOptions(command: readonly string[], { password, passwordFile, proxyPasswordFile }: ProxyCommandOptions) {
  if (password === false && passwordFile !== undefined) throw usage('--no-password does not go with --password-file');
  if (command.length > 0 && proxyPasswordFile === '-') {
    throw usage("--proxy-password-file '-' does not go with a command, which has stdin");
  }
}

async function initOf(options: ProxyCommandOptions): Promise<ForwarderInit> {
  const { port, listen, allow, passwordFile, password, backend } = options;
  const proxy = proxySourceOf(options);
  const proxyCredentials = await proxyCredentialsOf(options);
  if (password === false) {
    const who = allow === undefined ? 'every user and program of this machine' : 'every client that --allow names';
    process.stderr.write(`winwire: without a password, ${who} can use the proxy, and your identity at the next one\n`);
  }
  return {
    ...{ port, listen, allow, backend },
    ...(proxy !== undefined && { proxy }),
    ...(proxyCredentials !== undefined && { proxyCredentials }),
    ...(password === false && { password: false }),
    ...(passwordFile !== undefined && { password: passwordOf(passwordFile) }),
  };
}

async function serveCommand(forwarder: Forwarder, command: readonly string[]): Promise<void> {
  const code = await runCommand(command, forwarder.url);
  if (code !== 0) throw new Exit(code);
}

function serveUntilSignal(forwarder: Forwarder, options: ProxyCommandOptions): Promise<void> {
  return interruptible(async (signal) => {
    // A signal may follow at once: the lines say that the proxy is ready.
    writeLines(forwarder, options);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    if (!options.quiet) process.stderr.write(`winwire: closing; open tunnels have ${GRACE / 1_000} s\n`);
    await forwarder.close({ grace: GRACE });
  });
}

function writeLines({ url, port, addresses }: Forwarder, { json, quiet }: ProxyCommandOptions): void {
  if (json) return void process.stdout.write(`${JSON.stringify({ url, port, addresses })}\n`);
  const places = addresses.map((address) => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`));
  const where = quiet ? '' : `The proxy listens on ${places.join(' and ')}.\n\n`;
  process.stdout.write(`${where}${shellLines(url)}`);
}
