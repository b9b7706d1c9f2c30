// The end of the environment: RQ-236.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hello } from '../../../lib/parity/http-server.ts';
import { deferred, within } from '../../../lib/parity/waiting.ts';
import type { RequestContext } from './context.ts';

const BUILT = fileURLToPath(new URL('../../../dist/index.js', import.meta.url));
const PROGRAM = fileURLToPath(new URL('exit-program.mjs', import.meta.url));

/** How a process can end. */
export const WAYS = ['exit', 'worker exit', 'worker terminated', 'uncaught exception'] as const;

/**
 * A program that runs the test program, with its arguments: for example valgrind
 * (test/winhttp/request/winhttp-process-end.test.ts).
 */
export const CHECKER = process.env.WINWIRE_CHECKER?.split(' ') ?? [];
const LIMIT = CHECKER.length > 0 ? 600_000 : 20_000;

/** Runs a program that ends in this way with pending requests; fails unless its exit code is 0. */
export async function endsWell(t: RequestContext, way: string): Promise<void> {
  assert.ok(existsSync(BUILT), 'dist is not built: npm run build');
  const arrived = { '/pending': deferred(), '/half': deferred() };
  const server = await t.serve(async (request, reply) => {
    const pending = arrived[request.target as keyof typeof arrived];
    if (request.target === '/half') reply.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart');
    pending?.resolve();
    if (pending) await new Promise<void>(() => {});
    await Promise.all(Object.values(arrived).map(({ promise }) => promise));
    hello(request, reply);
  });
  // Without pipes, which Node cannot use under Wine.
  const [command = '', ...args] = [...CHECKER, process.execPath, PROGRAM, t.lane.backend, server.url(), way];
  const child = spawn(command, args, { stdio: 'ignore' });
  const [code, signal] = await within(once(child, 'exit'), `the program ends by ${way}`, LIMIT);
  assert.deepEqual({ way, code, signal }, { way, code: 0, signal: null });
  await server.closed();
}
