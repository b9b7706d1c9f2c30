/** `winwire ws URL`: sends lines as messages, and prints messages. */

import { createInterface, type Interface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { CloseInfo } from '../../close-codes.ts';
import { validUrl } from '../../valid-url.ts';
import type { ConnectOptions } from '../../websocket/connection/connect.ts';
import { WebSocketConnection } from '../../websocket/connection/websocket-connection.ts';
import { CERTIFICATE_HINT, errorText, isCertificateError } from '../error-text.ts';
import { Exit, ExitCode, usage } from '../exit.ts';
import { formatMilliseconds } from '../format.ts';
import { interruptible } from '../interrupt.ts';
import { proxySourceOf } from '../proxy-options.ts';
import { readSecret } from '../secret-input.ts';
import { withScheme } from '../typed-url.ts';
import { proxyCredentialsOf } from '../upstream-options.ts';
import { HELP, type Line, parseLine } from './line.ts';
import { Screen } from './screen.ts';
import type { WsOptions } from './ws-options.ts';

/** How long to wait for a pong before the close, in milliseconds. */
const PONG_LIMIT = 2_000;

/** Resolves when the connection was closed without an error. */
export async function runClient(typed: string, options: WsOptions): Promise<void> {
  const url = withScheme(typed, 'ws');
  // Checked here, so that a password in the URL is not printed.
  if (!validUrl(url) || /^\w+:\/{3}/.test(url))
    throw usage('the URL is invalid: ws takes one such as ws://127.0.0.1:8080/ or localhost:8080');
  const screen = new Screen(process.stdin.isTTY === true && process.stdout.isTTY === true);
  const logOn = await logOnOf(url, options);
  await interruptible(async (signal) => {
    try {
      await new Conversation(await open(url, options, logOn, signal), options, screen).run(signal);
    } catch (error) {
      if (!signal.aborted) throw isCertificateError(error) ? new Exit(ExitCode.FAILURE, hinted(error)) : error;
      throw new Exit((signal.reason as Exit).exitCode, 'interrupted: the connection was aborted');
    }
  });
}

const hinted = (error: unknown): string => `${errorText(error)}\n${CERTIFICATE_HINT}`;

/** Asks for the passwords. */
async function logOnOf(url: string, options: WsOptions): Promise<LogOn> {
  const { user, passwordFile } = options;
  const proxyCredentials = await proxyCredentialsOf(options);
  if (user === undefined && passwordFile !== undefined) throw usage('--password-file goes with --user');
  if (user?.includes(':')) throw usage('--user takes a name without a password, which other users could see');
  const logOn = proxyCredentials === undefined ? {} : { proxyCredentials };
  if (user === undefined) return logOn;
  const password = await readSecret(`Password of ${user} at the server`, passwordFile, '--password-file');
  return { ...logOn, credentials: { [originOf(url)]: { username: user, password } } };
}

type LogOn = Pick<ConnectOptions, 'proxyCredentials' | 'credentials'>;

const originOf = (url: string): string => new URL(url.replace(/^ws/i, 'http')).origin;

async function open(url: string, options: WsOptions, logOn: LogOn, signal: AbortSignal): Promise<WebSocketConnection> {
  const { backend, subprotocol, header = [], insecure, connectTimeout } = options;
  const proxy = proxySourceOf(options);
  const headers: Record<string, string[]> = {};
  for (const [name, value] of header) headers[name] = [...(headers[name] ?? []), value];
  return WebSocketConnection.connect(url, {
    backend,
    signal,
    headers,
    subprotocols: subprotocol,
    rejectUnauthorized: !insecure,
    ...logOn,
    ...(proxy && { proxy }),
    ...(connectTimeout === undefined ? {} : { limits: { handshakeTimeout: connectTimeout } }),
  });
}

class Conversation {
  readonly #connection: WebSocketConnection;
  readonly #options: WsOptions;
  readonly #screen: Screen;
  #isAborted = false;
  #mistakes = 0;

  constructor(connection: WebSocketConnection, options: WsOptions, screen: Screen) {
    this.#connection = connection;
    this.#options = options;
    this.#screen = screen;
  }

  async run(signal: AbortSignal): Promise<void> {
    const connection = this.#connection;
    signal.addEventListener('abort', () => connection.abort(signal.reason));
    this.#greet();
    const lines = this.#openInput();
    let failure: unknown;
    const receiving = this.#receive().catch((error) => {
      failure = error;
    });
    void connection.closed.then(() => lines.close());
    await this.#sendLines(lines);
    const info = await connection.closed;
    await receiving;
    process.stdin.destroy();
    signal.throwIfAborted();
    this.#tellEnd(info, failure);
  }

  #greet(): void {
    const { backend, subprotocol } = this.#connection;
    const spoken = subprotocol === '' ? '' : `, sub-protocol ${subprotocol}`;
    const hint = this.#screen.isInteractive ? '; /help lists the commands' : '';
    this.#screen.note(`connected (backend ${backend}${spoken})${hint}`);
  }

  #openInput(): Interface {
    const output = this.#screen.isInteractive ? process.stdout : undefined;
    const lines = createInterface({ input: process.stdin, output, prompt: '> ', crlfDelay: Infinity });
    // In a terminal, readline reports Ctrl-C, not the process.
    lines.on('SIGINT', () => {
      process.stdout.write('\n');
      process.emit('SIGINT', 'SIGINT');
    });
    this.#screen.usePrompt(lines);
    if (this.#screen.isInteractive) lines.prompt();
    return lines;
  }

  async #receive(): Promise<void> {
    for await (const message of this.#connection) await this.#screen.message(message);
  }

  /**
   * Sends every line. At the end of the input waits for a pong, so that the peer has all messages and its immediate
   * answers have arrived, then closes the connection.
   */
  async #sendLines(lines: Interface): Promise<void> {
    const { raw, wait } = this.#options;
    for await (const line of lines) {
      if (this.#connection.state === 'closed') return;
      await this.#do(raw ? { kind: 'text', text: line } : parseLine(line));
      if (this.#screen.isInteractive && this.#connection.state === 'open') lines.prompt();
    }
    if (this.#connection.state !== 'open') return;
    await this.#connection.ping({ signal: AbortSignal.timeout(PONG_LIMIT) }).catch(() => {});
    if (wait !== undefined) await this.#waitForMore(wait);
    await this.#attempt(() => this.#connection.close(1000));
  }

  async #waitForMore(milliseconds: number): Promise<void> {
    const end = new AbortController();
    void this.#connection.closed.then(() => end.abort());
    await delay(milliseconds, undefined, { signal: end.signal }).catch(() => {});
  }

  async #do(line: Line): Promise<void> {
    const connection = this.#connection;
    if (line.kind === 'text') await this.#attempt(() => connection.send(line.text));
    else if (line.kind === 'binary') await this.#attempt(() => connection.send(line.bytes));
    else if (line.kind === 'close') await this.#attempt(() => connection.close(line.code, line.reason));
    else if (line.kind === 'ping') await this.#attempt(() => this.#ping());
    else if (line.kind === 'help') this.#screen.help(HELP);
    else if (line.kind === 'invalid') this.#invalid(line.message);
    else {
      this.#isAborted = true;
      connection.abort();
    }
  }

  async #ping(): Promise<void> {
    const milliseconds = await this.#connection.ping();
    this.#screen.note(`pong after ${formatMilliseconds(milliseconds)}`);
  }

  /** Reports a rejected line; an error of the connection is reported at its end. */
  async #attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (this.#connection.state === 'open') this.#invalid((error as Error).message);
    }
  }

  #invalid(message: string): void {
    this.#mistakes++;
    this.#screen.note(message);
  }

  #tellEnd({ code, reason, wasClean }: CloseInfo, failure: unknown): void {
    if (this.#isAborted) {
      this.#screen.note('aborted');
      return;
    }
    if (!wasClean) {
      const message = failure instanceof Error ? failure.message : 'there was no close handshake';
      throw new Exit(ExitCode.FAILURE, `the connection ended with ${code}: ${message}`);
    }
    this.#screen.note(`closed with ${code}${reason === '' ? '' : ` ${JSON.stringify(reason)}`}`);
    if (this.#mistakes > 0 && !this.#screen.isInteractive) throw new Exit(ExitCode.FAILURE);
  }
}
