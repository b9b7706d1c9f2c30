// Output for terminals only, in a pseudo-terminal of the program `script` (util-linux).
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from '../../lib/websocket/server/websocket-server.ts';
import { PROGRAM } from '../helpers/command-line.ts';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { HttpServer } from '../helpers/http-server.ts';

const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
const ESCAPE = '\u001b';

/** A program in a terminal: its output and its typed input. */
class Terminal implements AsyncDisposable {
  screen = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;

  constructor(args: readonly string[]) {
    const command = [process.execPath, PROGRAM, ...args].map((word) => `'${word}'`).join(' ');
    const { NO_COLOR, FORCE_COLOR, CI, ...env } = process.env;
    const options = { env: { ...env, TERM: 'xterm', SHELL: '/bin/sh' } };
    this.#child = spawn('script', ['-qefc', command, '/dev/null'], options);
    this.#child.stdout?.setEncoding('utf8').on('data', (text) => (this.screen += text));
    this.#ended = once(this.#child, 'close');
  }

  async shows(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.screen)) await once(this.#child.stdout as NodeJS.ReadableStream, 'data');
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  async end(): Promise<number> {
    const [code] = (await this.#ended) as [number];
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

describe.runIf(hasScript)('on a terminal', () => {
  it('get draws a bar, and restores the cursor', async () => {
    await using server = await HttpServer.start();
    const folder = makeFolder('terminal');
    const file = join(folder, 'body');
    await using terminal = new Terminal(['get', '-o', file, server.url('/large?size=30000000')]);
    expect(await terminal.end()).toBe(0);
    expect(terminal.screen).toMatch(/100 % {2}28\.6 MiB of 28\.6 MiB .*\/s {2}in \d\d:\d\d/);
    expect(terminal.screen.lastIndexOf(`${ESCAPE}[?25h`)).toBeGreaterThan(
      terminal.screen.lastIndexOf(`${ESCAPE}[?25l`),
    );
    expect(readFileSync(file).length).toBe(30_000_000);
    removeFolder(folder);
  });

  it('get draws no bar with --silent, or if it shows the body', async () => {
    await using server = await HttpServer.start();
    await using terminal = new Terminal(['get', server.url()]);
    expect(await terminal.end()).toBe(0);
    expect(terminal.screen).toBe('hello');
    await using silent = new Terminal(['get', '-s', '-o', '/dev/null', server.url()]);
    expect(await silent.end()).toBe(0);
    expect(silent.screen).toBe('');
  });

  it('get shows no binary body unless asked to', async () => {
    await using server = await HttpServer.start();
    const url = server.url('/charset?type=image/png&hex=8900ff');
    await using terminal = new Terminal(['get', url]);
    expect(await terminal.end()).toBe(23);
    expect(terminal.screen).toMatch(/the body is binary.*-o -/);
    await using told = new Terminal(['get', '-o', '-', url]);
    expect(await told.end()).toBe(0);
  });

  it('get ends its line after Ctrl-C', async () => {
    await using server = await HttpServer.start();
    await using terminal = new Terminal(['get', '-o', '/dev/null', server.url('/head-only')]);
    await terminal.shows(/4 B of 10 B/);
    terminal.type('\u0003');
    expect(await terminal.end()).toBe(130);
    expect(stripVTControlCharacters(terminal.screen)).toMatch(/\nwinwire: interrupted: the request was aborted\r\n/);
  });

  it('ws prompts, shows messages above the typed line, and ends with Ctrl-C', async () => {
    const server = new WebSocketServer({ port: 0 });
    await once(server, 'listening');
    const arrival = once(server, 'connection');
    await using terminal = new Terminal(['ws', `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`]);
    const [connection] = await arrival;
    await terminal.shows(/> /);
    terminal.type('hello\r');
    expect(await connection.receive()).toBe('hello');
    terminal.type('half a li');
    await terminal.shows(/half a li/);
    await connection.send(`an${ESCAPE}[2Jswer`);
    await terminal.shows(/an\\x1b\[2Jswer.*> half a li/s);
    expect(terminal.screen).not.toContain(`${ESCAPE}[2J`);
    terminal.type('\u0003');
    expect(await terminal.end()).toBe(130);
    expect(terminal.screen).toMatch(/\r\n[^\r\n]*winwire: interrupted: the connection was aborted\r\n/);
    await server.close();
  });
});
