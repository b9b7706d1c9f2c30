// The output of `npm start`, as text and as JSON.
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { websocketFunctions } from 'winwire/sys';
import type { DemoEvent } from '../../examples/demo/events.ts';
import { COMMAND, main } from '../../examples/demo/main.ts';
import type { CallEvent } from '../../examples/demo/recorder.ts';
import { runCommand } from '../../examples/lib/command-line.ts';
import { availableBackends } from '../helpers/backends.ts';

interface Run {
  code: number;
  lines: string[];
  errors: string;
}

async function run(args: string[], screen: { isTTY?: boolean; columns?: number } = {}): Promise<Run> {
  const output = { stdout: '', stderr: '' };
  const streamOf = (name: keyof typeof output) => ({
    ...screen,
    write: (text: string) => {
      output[name] += text;
    },
  });
  const code = await runCommand(COMMAND, main, args, { stdout: streamOf('stdout'), stderr: streamOf('stderr') });
  return { code, lines: output.stdout.split('\n').slice(0, -1), errors: output.stderr };
}

describe.each(availableBackends)('the demo on %s', (backend) => {
  describe('with --json', () => {
    let code: number;
    let errors: string;
    let events: DemoEvent[];
    let chapters: Map<string, DemoEvent[]>;

    beforeAll(async () => {
      const { lines, ...result } = await run(['--backend', backend, '--json']);
      ({ code, errors } = result);
      events = lines.map((line) => JSON.parse(line) as DemoEvent);
      chapters = chaptersOf(events);
    });

    const callsOf = (title: string, name: string) =>
      (chapters.get(title) ?? []).filter(
        (event): event is CallEvent => event.event === 'call' && event.function === name,
      );

    it('succeeds', () => {
      expect(errors).toBe('');
      expect(code).toBe(0);
    });

    it('names the backend', () => {
      expect(events[0]).toMatchObject({ event: 'start', backend });
    });

    it('shows its chapters in order', () => {
      expect([...chapters.keys()]).toEqual([
        'The opening handshake',
        'A text message, call by call',
        'A binary message',
        'A message in three fragments',
        'An empty message',
        'One mebibyte, and back',
        'Ping and pong',
        'The client closes',
        'The server closes',
        'WebSocketAbortHandle, during operations',
        'The drain',
        'After the abort',
      ]);
    });

    it('verifies every chapter', () => {
      const checks = events.filter((event) => event.event === 'check');
      expect(checks.length).toBeGreaterThanOrEqual(16);
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    });

    it('uses the functions for both handshakes', () => {
      const calls = (chapters.get('The opening handshake') ?? []).filter((event) => event.event === 'call');
      const handshake = calls.map((call) => call.function).filter((name) => /Create|Handshake/.test(name));
      expect(handshake).toEqual([
        'WebSocketCreateClientHandle',
        'WebSocketBeginClientHandshake',
        'WebSocketCreateServerHandle',
        'WebSocketBeginServerHandshake',
        'WebSocketEndServerHandshake',
        'WebSocketEndClientHandshake',
      ]);
      expect(callsOf('The opening handshake', 'WebSocketBeginClientHandshake')[0]?.headers).toContainEqual({
        name: 'Sec-WebSocket-Version',
        value: '13',
      });
    });

    it('sends the text and indicates it at the other end', () => {
      const title = 'A text message, call by call';
      expect(callsOf(title, 'WebSocketSend')).toMatchObject([
        { side: 'client', bufferType: 'UTF8_MESSAGE', bytes: 15 },
      ]);
      expect(callsOf(title, 'WebSocketGetAction')).toContainEqual(
        expect.objectContaining({
          side: 'server',
          action: 'INDICATE_RECEIVE_COMPLETE',
          bufferType: 'UTF8_MESSAGE',
          text: 'Grüße, 世界',
        }),
      );
    });

    it('sends three fragments', () => {
      expect(callsOf('A message in three fragments', 'WebSocketSend').map(({ bufferType }) => bufferType)).toEqual([
        'UTF8_FRAGMENT',
        'UTF8_FRAGMENT',
        'UTF8_MESSAGE',
      ]);
    });

    it('moves a mebibyte in both directions', () => {
      const sends = callsOf('One mebibyte, and back', 'WebSocketSend');
      expect(sends).toMatchObject([
        { side: 'client', bytes: 1_048_576 },
        { side: 'server', bytes: 1_048_576 },
      ]);
    });

    it('answers pings on the receive queue', () => {
      const answers = callsOf('Ping and pong', 'WebSocketGetAction').filter(
        ({ action, bufferType }) => action === 'SEND_TO_NETWORK' && bufferType === 'PING_PONG',
      );
      // Each ping and each pong.
      expect(answers.map(({ side }) => side).sort()).toEqual(['client', 'client', 'server', 'server']);
    });

    it('closes from either side, with code and reason', () => {
      const closed = events.filter((event) => event.event === 'closed');
      expect(closed).toContainEqual(
        expect.objectContaining({ side: 'server', status: 1000, reason: 'all is said', clean: true }),
      );
      expect(closed).toContainEqual(
        expect.objectContaining({ side: 'client', status: 4001, reason: 'come back tomorrow', clean: true }),
      );
      expect(closed.at(-1)).toMatchObject({ side: 'server', status: 1006, clean: false });
    });

    it('drains every operation, action by action', () => {
      const drained = callsOf('The drain', 'WebSocketGetAction').map(({ action, context }) => [action, context]);
      expect(drained.filter(([action]) => action === 'INDICATE_SEND_COMPLETE').map(([, context]) => context)).toEqual([
        'letter 1',
        'letter 2',
        'letter 3',
      ]);
      expect(
        drained.filter(([action]) => action === 'INDICATE_RECEIVE_COMPLETE').map(([, context]) => context),
      ).toEqual(['mailbox A', 'mailbox B']);
    });

    it('gets an error for the next send, with its code', () => {
      expect(callsOf('After the abort', 'WebSocketSend')).toMatchObject([
        { error: { name: 'WinwireError', code: 'E_INVALID_PROTOCOL_OPERATION' } },
      ]);
    });

    it('ends with a summary', () => {
      const summary = events.at(-1);
      expect(summary).toMatchObject({ event: 'summary', ok: true, connections: 3, failed: [] });
      const { calls } = summary as Extract<DemoEvent, { event: 'summary' }>;
      expect(Object.keys(calls).sort()).toEqual(Object.keys(websocketFunctions).sort());
    });
  });
});

// The layout does not depend on the backend.
describe('the demo on a terminal', () => {
  it.each([0, 3])('works with a reported width of %i columns', async (columns) => {
    const { code, lines } = await run(['--backend', 'portable'], { isTTY: true, columns });
    expect(code).toBe(0);
    expect(stripVTControlCharacters(lines.at(-1) as string)).toMatch(/checks hold$/);
  });

  it.each([100, 80, 60, 40])('fits %i columns', async (columns) => {
    const { code, lines } = await run(['--backend', 'portable'], { isTTY: true, columns });
    expect(code).toBe(0);
    const tooLong = lines.filter((line) => stripVTControlCharacters(line).length > columns);
    expect(tooLong).toEqual([]);
  });

  it('has no colours if they are disabled', async () => {
    for (const [env, screen] of [
      [{}, {}],
      [{ NO_COLOR: '1' }, { isTTY: true }],
    ] as const) {
      const { lines } = await withEnvironment({ FORCE_COLOR: undefined, NO_COLOR: undefined, ...env }, () =>
        run(['--backend', 'portable'], screen),
      );
      expect(lines.filter((line) => line !== stripVTControlCharacters(line))).toEqual([]);
    }
  });

  it('has colours on a terminal', async () => {
    const { lines } = await withEnvironment({ FORCE_COLOR: undefined, NO_COLOR: undefined, TERM: 'xterm' }, () =>
      run(['--backend', 'portable'], { isTTY: true }),
    );
    expect(lines.filter((line) => line !== stripVTControlCharacters(line)).length).toBeGreaterThan(50);
  });
});

describe('the command line of the demo', () => {
  it.each([['--nonsense'], ['--backend', 'neither'], ['surplus']])('rejects %s', async (...args) => {
    const { code, lines, errors } = await run(args);
    expect(code).toBe(2);
    expect(lines).toEqual([]);
    expect(errors).toContain('--help');
  });

  it('prints its help', async () => {
    const { code, lines } = await run(['--help']);
    expect(code).toBe(0);
    for (const option of ['--backend', '--json', '--help']) expect(lines.join('\n')).toContain(option);
  });

  it.runIf(availableBackends.length === 1)('says why a backend is not available', async () => {
    const { code, errors } = await run(['--backend', 'system']);
    expect(code).toBe(1);
    expect(errors).toContain("the backend 'system' is not available: ");
  });
});

function chaptersOf(events: readonly DemoEvent[]): Map<string, DemoEvent[]> {
  const chapters = new Map<string, DemoEvent[]>();
  let current: DemoEvent[] = [];
  for (const event of events) {
    if (event.event === 'chapter') {
      current = [];
      chapters.set(event.title, current);
    } else current.push(event);
  }
  return chapters;
}

async function withEnvironment<T>(values: Record<string, string | undefined>, body: () => Promise<T>): Promise<T> {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  const set = (name: string, value: string | undefined) => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  try {
    for (const [name, value] of Object.entries(values)) set(name, value);
    return await body();
  } finally {
    for (const [name, value] of Object.entries(before)) set(name, value);
  }
}
