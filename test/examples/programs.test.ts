// The programs of examples/ as users run them, but in this process.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DemoEvent } from '../../examples/demo/events.ts';
import { Stage } from '../../examples/demo/stage.ts';
import * as echoClient from '../../examples/echo-client.ts';
import * as echoServer from '../../examples/echo-server.ts';
import * as forwarder from '../../examples/forwarder.ts';
import * as installedFetch from '../../examples/installed-fetch.ts';
import {
  type CommandLine,
  helpOf,
  type Main,
  parseCommandLine,
  runCommand,
  UsageError,
} from '../../examples/lib/command-line.ts';
import * as loggedOnUser from '../../examples/logged-on-user.ts';
import * as parityUndici from '../../examples/parity-undici.ts';
import * as parityWs from '../../examples/parity-ws.ts';
import * as rawActions from '../../examples/raw-actions.ts';
import * as resolveProxy from '../../examples/resolve-proxy.ts';
import { availableBackends } from '../helpers/backends.ts';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { ForwardProxy } from '../helpers/forward-proxy.ts';
import { HttpServer } from '../helpers/http-server.ts';

/** A terminal that records its output, and reports each line. */
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

  it('echo-client fails without a server', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const screen = terminal();
    expect(await run(echoClient, ['--backend', backend, '--url', `ws://127.0.0.1:${port}/`], screen)).toBe(1);
    expect(screen.lines.join()).toContain('ECONNREFUSED');
  });

  it('echo-server prints its address', async () => {
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

describe('resolve-proxy', () => {
  it('prints the answer of a script, and its warnings', async () => {
    const screen = terminal();
    const pac = 'data:,function FindProxyForURL(url, host) { return "nonsense; PROXY " + host + ":3128" }';
    expect(await run(resolveProxy, ['--backend', 'portable', '--pac', pac, 'https://a.example/x'], screen)).toBe(0);
    expect(screen.lines).toEqual([
      'https://a.example/x  PROXY a.example:3128  (option, pac)',
      expect.stringContaining('"nonsense", which names no proxy'),
    ]);
  });
});

describe('logged-on-user', () => {
  it('prints the status and the size of a page without authentication', async () => {
    await using server = await HttpServer.start();
    const screen = terminal();
    expect(await run(loggedOnUser, ['--backend', 'portable', server.url('/status?code=203')], screen)).toBe(0);
    expect(screen.lines).toEqual(['203 Non-Authoritative Information, 0 bytes']);
  });
});

describe('installed-fetch', () => {
  it('fetches by the global fetch through a proxy, and leaves the globals as they were', async () => {
    await using server = await HttpServer.start();
    await using proxy = await ForwardProxy.start();
    const screen = terminal();
    const url = server.url('/x').replace('127.0.0.1', 'server.example');
    expect(await run(installedFetch, ['--proxy', proxy.place, url, url], screen)).toBe(0);
    const fetched = `200 ${url}  5 bytes`;
    // The proxy of this test connects without one.
    const lines = screen.lines.filter((line) => !line.endsWith('no proxy'));
    expect(lines).toEqual([`connected to 127.0.0.1, ${proxy.place}`, fetched, fetched]);
    expect(proxy.requests).toEqual([`GET ${url}`, `GET ${url}`]);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });
});

describe('forwarder', () => {
  it('fetches through a local proxy, and prints its log', async () => {
    await using server = await HttpServer.start();
    const screen = terminal();
    const args = ['--backend', 'portable', '--proxy', 'direct', server.url('/x?secret')];
    expect(await run(forwarder, args, screen)).toBe(0);
    const origin = `http://127.0.0.1:${server.port}`;
    expect(screen.lines).toEqual([`GET ${origin}  200  DIRECT`, '1 requests, 0 failed']);
  });
});

describe('the comparisons', () => {
  it('of ws with an engine prints how many scenarios differ, and writes a page', async () => {
    const folder = makeFolder('parity-ws');
    try {
      const screen = terminal();
      const page = path.join(folder, 'ws.html');
      expect(await run(parityWs, ['--html', page], screen)).toBe(0);
      expect(screen.lines.at(-1)).toMatch(/^✗ \d+ different {3}✓ \d+ equal$/);
      expect(readFileSync(page, 'utf8')).toContain('<!doctype html>');
    } finally {
      removeFolder(folder);
    }
  });

  it('of undici rejects an unknown backend', async () => {
    const screen = terminal();
    expect(await run(parityUndici, ['--left', 'unknown'], screen)).toBe(2);
    expect(screen.lines[0]).toContain('--left is one of portable, system');
  });
});

describe('a demo with a failed check', () => {
  it('reports it in its summary', () => {
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

  it('accepts values', () => {
    const parsed = parseCommandLine(COMMAND, ['--count', '12', '--name=x', '--kind', 'b', '--quick']);
    expect(parsed?.values).toEqual({ count: 12, name: 'x', kind: 'b', quick: true });
  });

  it.each(['--unknown', '--count many', '--count -1', '--kind c', '--name', '--quick=yes', 'surplus'])(
    'rejects %s',
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

  it('ends with 1 when the program fails, and with its return value otherwise', async () => {
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
