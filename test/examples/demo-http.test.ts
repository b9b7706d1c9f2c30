// The second act of `npm start`, and `npm start -- get`.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DemoEvent } from '../../examples/demo/events.ts';
import { playHttp } from '../../examples/demo/http.ts';
import { COMMAND, main } from '../../examples/demo/main.ts';
import { runCommand } from '../../examples/lib/command-line.ts';
import { backends } from '../../lib/backends.ts';
import { closedPort } from '../../lib/parity/http-server.ts';
import { HttpServer } from '../helpers/http-server.ts';

describe.each(['portable', 'system'] as const)('the second act on %s', (backend) => {
  const { available, reason } = backends().winhttp[backend];
  const events: DemoEvent[] = [];
  const checks: boolean[] = [];

  beforeAll(() => playHttp(backend, { tell: (event) => events.push(event), check: (_what, ok) => checks.push(ok) }));

  it.runIf(!available)('says why it is omitted', () => {
    expect(events).toMatchObject([{ event: 'act', text: `left out: ${reason}` }]);
  });

  it.runIf(available)('shows five scenes, and every check holds', () => {
    const titles = events.flatMap((event) => (event.event === 'scene' ? [event.title] : []));
    expect(titles).toEqual([
      'A download',
      'A server that never answers',
      'A time-out',
      'A redirect',
      'An authentication',
    ]);
    expect(checks.length).toBeGreaterThanOrEqual(6);
    expect(checks).not.toContain(false);
  });

  it.runIf(available)('reports the progress of the download to its end', () => {
    const steps = events.flatMap((event) => (event.event === 'progress' ? [event.received] : []));
    expect(steps.length).toBeGreaterThan(0);
    expect(steps).toEqual(steps.toSorted((one, other) => one - other));
    expect(steps.at(-1)).toBe(8 * 1024 * 1024);
  });
});

describe('npm start -- get', () => {
  async function run(...args: string[]) {
    const output = { stdout: '', stderr: '' };
    const write = (name: 'stdout' | 'stderr') => (text: string) => {
      output[name] += text;
    };
    const terminal = { stdout: { write: write('stdout') }, stderr: { write: write('stderr') } };
    return { code: await runCommand(COMMAND, main, ['--backend', 'portable', ...args], terminal), ...output };
  }

  it('shows status, headers and text', async () => {
    await using server = await HttpServer.start();
    const { code, stdout } = await run('get', server.url());
    expect(code).toBe(0);
    expect(stdout).toMatch(/^200 OK, 5 bytes in \d+ ms\n/);
    expect(stdout).toContain('Content-Type: text/plain; charset=utf-8\n');
    expect(stdout).toMatch(/\nhello\n$/);
  });

  it.each([
    ['text of a type that says so', 'application/problem+json; charset=utf-8', '{"a":"ü"}', '{"a":"ü"}'],
    ['text without a type', undefined, 'grün', 'grün'],
    ['nothing of bytes', 'image/png', 'PNG', '(not shown: it is not text)'],
    ['nothing of bytes without a type', undefined, Buffer.from([0xff, 0]), '(not shown: it is not text)'],
    ['nothing of nothing', 'image/png', '', ''],
  ])('shows %s', async (_, type, body, shown) => {
    await using server = createServer((__, response) => {
      if (type !== undefined) response.setHeader('Content-Type', type);
      response.end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { stdout } = await run('get', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(stdout.split('\n\n').at(-1)).toBe(`${shown}\n`);
  });

  it('writes JSON', async () => {
    await using server = await HttpServer.start();
    const { code, stdout } = await run('get', '--json', server.url('/status?code=404'));
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ event: 'response', status: 404, bytes: 0 });
  });

  it('fails with the error, and rejects an invalid URL', async () => {
    const refused = await run('get', `http://127.0.0.1:${await closedPort()}/`);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('ERROR_WINHTTP_CANNOT_CONNECT')]);
    expect(await run('get', 'nothing')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('UNRECOGNIZED_SCHEME'),
    });
    expect(await run('get')).toMatchObject({ code: 2, stderr: expect.stringContaining('one URL') });
  });
});
