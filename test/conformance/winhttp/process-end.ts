// The end of the environment: RQ-236.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hello } from '../../../lib/parity/http-server.ts';
import { deferred, within } from '../../../lib/parity/waiting.ts';
import type { RequestContext } from './context.ts';

const BUILT = fileURLToPath(new URL('../../../dist/sys/index.js', import.meta.url));
const PROGRAM = fileURLToPath(new URL('exit-program.mjs', import.meta.url));

/** Runs a program that ends in this way with a request pending, and fails unless it ends well. */
export async function endsWell(t: RequestContext, way: string): Promise<void> {
  assert.ok(existsSync(BUILT), 'dist is not built: npm run build');
  const arrived = deferred();
  const server = await t.serve(async (request, reply) => {
    if (request.target === '/pending') {
      arrived.resolve();
      await new Promise<void>(() => {});
    }
    await arrived.promise;
    hello(request, reply);
  });
  // Without pipes: Node under Wine cannot use them.
  const child = spawn(process.execPath, [PROGRAM, t.lane.backend, server.url(), way], { stdio: 'ignore' });
  const [code, signal] = await within(once(child, 'exit'), `the program ends by ${way}`, 20_000);
  assert.deepEqual({ way, code, signal }, { way, code: 0, signal: null });
  await server.closed();
}
