// The programs of examples/, run as their users run them, but in this process.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DemoEvent } from '../../examples/demo/events.ts';
import { Stage } from '../../examples/demo/stage.ts';
import * as echoClient from '../../examples/echo-client.ts';
import * as echoServer from '../../examples/echo-server.ts';
import {
  type CommandLine,
  helpOf,
  type Main,
  parseCommandLine,
  runCommand,
  UsageError,
} from '../../examples/lib/command-line.ts';
import * as parityUndici from '../../examples/parity-undici.ts';
import * as parityWs from '../../examples/parity-ws.ts';
import * as rawActions from '../../examples/raw-actions.ts';
import { availableBackends } from '../helpers/backends.ts';

/** A terminal that keeps what is written to it, and tells of each line. */
function terminal() {
  const lines: string[] = [];
  let onLine: (line: string) => void = () => {};
  const write = (text: string) => {
    lines.push(...text.split('\n').slice(0, -1));
    onLine(text);
  };
  const next = () =>
    new Promise<string>((resolve) => {
      onLine = resolve;
    });
  return { lines, next, stdout: { write }, stderr: { write } };
}

const run = <C extends CommandLine>(program: { COMMAND: C; main: Main<C> }, args: string[], on = terminal()) =>
  runCommand(program.COMMAND, program.main, args, on);

describe.each(availableBackends)('on %s', (backend) => {
  it('echo-client talks to an echo server', async () => {
    const server = echoServer.createEchoServer({ backend }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (const kind of [[], ['--binary']]) {
      const screen = terminal();
      const args = ['--backend', backend, '--url', `ws://127.0.0.1:${port}/`, ...kind, 'one', 'zwölf'];
      expect(await run(echoClient, args, screen)).toBe(0);
      expect(screen.lines).toEqual([
        'sent      one',
        'received  one',
        'sent      zwölf',
        'received  zwölf',
        'closed    1000  cleanly',
      ]);
    }
    server.close();
  });

  it('echo-client fails where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const screen = terminal();
    expect(await run(echoClient, ['--backend', backend, '--url', `ws://127.0.0.1:${port}/`], screen)).toBe(1);
    expect(screen.lines.join()).toContain('ECONNREFUSED');
  });

  it('echo-server says where it listens', async () => {
    const screen = terminal();
    const told = screen.next();
    // It runs until its process ends.
    void run(echoServer, ['--backend', backend, '--port', '0', '--receive-buffer', '256'], screen);
    const [, url = ''] = /^echo server on (ws:\S+)/.exec(await told) ?? [];
    const client = terminal();
    expect(await run(echoClient, ['--backend', backend, '--url', url, 'hello'], client)).toBe(0);
    expect(client.lines).toContain('received  hello');
  });

  it('raw-actions shows every kind of action', async () => {
    const screen = terminal();
    expect(await run(rawActions, ['--backend', backend], screen)).toBe(0);
    const output = screen.lines.join('\n');
    for (const words of ['send to network', 'send complete', 'receive from network', 'receive complete', 'drained']) {
      expect(output).toContain(words);
    }
    expect(output).toContain("UTF8_MESSAGE 'Hello': the first receive");
    expect(screen.lines.slice(-2).sort()).toEqual([
      'client  drained              a ping that stays',
      'client  drained              a receive without a future',
    ]);
  });
});

describe('the comparisons', () => {
  it('of ws with an engine says how many scenarios differ, and writes a page', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'winwire-parity-ws-'));
    try {
      const screen = terminal();
      const page = path.join(folder, 'ws.html');
      expect(await run(parityWs, ['--html', page], screen)).toBe(0);
      expect(screen.lines.at(-1)).toMatch(/^✗ \d+ different {3}✓ \d+ equal$/);
      expect(readFileSync(page, 'utf8')).toContain('<!doctype html>');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of undici refuses who is no backend', async () => {
    const screen = terminal();
    expect(await run(parityUndici, ['--left', 'nobody'], screen)).toBe(2);
    expect(screen.lines[0]).toContain('--left is one of portable, system');
  });
});

describe('a demo that finds something wrong', () => {
  it('says so in its summary', () => {
    const events: DemoEvent[] = [];
    const stage = new Stage('portable', (event) => events.push(event));
    stage.check('this holds', true);
    stage.check('this does not', false);
    expect(stage.summary()).toBe(false);
    expect(events.at(-1)).toMatchObject({ event: 'summary', ok: false, checks: 2, failed: ['this does not'] });
  });
});

describe('a command line', () => {
  const COMMAND = {
    usage: 'program [options]',
    about: 'What it does.',
    options: {
      count: { type: 'number', default: 3, help: 'how many' },
      name: { type: 'string', help: 'who' },
      kind: { type: 'string', choices: ['a', 'b'], default: 'a', help: 'which' },
      quick: { type: 'boolean', help: 'no rest' },
    },
  } as const satisfies CommandLine;

  it('has defaults', () => {
    const values = { count: 3, name: undefined, kind: 'a', quick: undefined };
    expect(parseCommandLine(COMMAND, [])).toEqual({ values, positionals: [] });
  });

  it('takes values', () => {
    const parsed = parseCommandLine(COMMAND, ['--count', '12', '--name=x', '--kind', 'b', '--quick']);
    expect(parsed?.values).toEqual({ count: 12, name: 'x', kind: 'b', quick: true });
  });

  it.each(['--unknown', '--count many', '--count -1', '--kind c', '--name', '--quick=yes', 'surplus'])(
    'refuses %s',
    (args) => {
      expect(() => parseCommandLine(COMMAND, args.split(' '))).toThrow(UsageError);
    },
  );

  it('has help that fits a terminal', () => {
    const help = helpOf(COMMAND);
    expect(parseCommandLine(COMMAND, ['--help'])).toBeUndefined();
    for (const words of ['program [options]', 'What it does.', '--count N', 'how many (3)', '--kind a|b', '--quick']) {
      expect(help).toContain(words);
    }
    for (const { COMMAND: command } of [echoServer, echoClient, rawActions, parityWs, parityUndici]) {
      expect(
        Math.max(
          ...helpOf(command)
            .split('\n')
            .map((line) => line.length),
        ),
      ).toBeLessThanOrEqual(100);
    }
  });

  it('ends with 1 when the program fails, and with what it returns otherwise', async () => {
    const fails = () => {
      throw new Error('it broke');
    };
    const screen = terminal();
    expect(await runCommand(COMMAND, fails, [], screen)).toBe(1);
    expect(screen.lines).toEqual(['program: it broke']);
    expect(await runCommand(COMMAND, () => 7, [], screen)).toBe(7);
    expect(await runCommand(COMMAND, () => undefined, [], screen)).toBe(0);
  });
});
