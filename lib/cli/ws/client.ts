/** `winwire ws URL`: lines go out as messages, messages are printed. */

import { createInterface, type Interface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { CloseInfo } from '../../close-codes.ts';
import { WebSocketConnection } from '../../websocket/connection/websocket-connection.ts';
import { Exit, ExitCode, usage } from '../exit.ts';
import { formatMilliseconds } from '../format.ts';
import { interruptible } from '../interrupt.ts';
import { HELP, type Line, readLine } from './line.ts';
import { Screen } from './screen.ts';
import type { WsOptions } from './ws-options.ts';

/** How long the pong before the close is waited for, in milliseconds: a peer may answer late, or never. */
const PONG_LIMIT = 2_000;

/** Resolves when the connection has ended as it should. */
export async function talk(url: string, options: WsOptions): Promise<void> {
  // Said here, where a password in it is not repeated.
  if (!URL.canParse(url)) throw usage('ws takes an absolute URL, such as ws://127.0.0.1:8080/');
  const screen = new Screen(process.stdin.isTTY === true && process.stdout.isTTY === true);
  await interruptible(async (signal) => {
    try {
      await new Conversation(await open(url, options, signal), options, screen).run(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new Exit((signal.reason as Exit).exitCode, 'interrupted: the connection was aborted');
    }
  });
}

async function open(url: string, options: WsOptions, signal: AbortSignal): Promise<WebSocketConnection> {
  const { backend, subprotocol, header = [], insecure, connectTimeout } = options;
  const headers: Record<string, string[]> = {};
  for (const [name, value] of header) headers[name] = [...(headers[name] ?? []), value];
  return WebSocketConnection.connect(url, {
    backend,
    signal,
    headers,
    subprotocols: subprotocol,
    rejectUnauthorized: !insecure,
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
    // With a terminal, Ctrl-C comes here and is no signal.
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
   * Every line, then the end of the input, which closes the connection. Not before a pong has come: then the peer has had
   * all messages, and what it answered at once is here.
   */
  async #sendLines(lines: Interface): Promise<void> {
    const { raw, wait } = this.#options;
    for await (const line of lines) {
      if (this.#connection.state === 'closed') return;
      await this.#do(raw ? { kind: 'text', text: line } : readLine(line));
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
    else if (line.kind === 'mistake') this.#mistake(line.why);
    else {
      this.#isAborted = true;
      connection.abort();
    }
  }

  async #ping(): Promise<void> {
    const milliseconds = await this.#connection.ping();
    this.#screen.note(`pong after ${formatMilliseconds(milliseconds)}`);
  }

  /** What the component refuses is told; what ends with the connection is told by its end. */
  async #attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (this.#connection.state === 'open') this.#mistake((error as Error).message);
    }
  }

  #mistake(why: string): void {
    this.#mistakes++;
    this.#screen.note(why);
  }

  #tellEnd({ code, reason, wasClean }: CloseInfo, failure: unknown): void {
    if (this.#isAborted) {
      this.#screen.note('aborted');
      return;
    }
    if (!wasClean) {
      const why = failure instanceof Error ? failure.message : 'there was no close handshake';
      throw new Exit(ExitCode.FAILURE, `the connection ended with ${code}: ${why}`);
    }
    this.#screen.note(`closed with ${code}${reason === '' ? '' : ` ${JSON.stringify(reason)}`}`);
    if (this.#mistakes > 0 && !this.#screen.isInteractive) throw new Exit(ExitCode.FAILURE);
  }
}
