import { cpSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CLIENTS, INSTALLED, RUNTIMES, runFile } from './project.ts';

const certificates = fileURLToPath(new URL('../fixtures/certificates', import.meta.url));
const UNDICI = '/fetch,hello,/request,/composed,true,/retried,piped';

const nodes = RUNTIMES.filter(({ name }) => name.startsWith('Node')).map((runtime) => [runtime.name, runtime] as const);

describe.each(nodes)('through a proxy, in %s', (name, { command, args }) => {
  const major = Number(/\d+/.exec(name)?.[0]);

  it('each client reaches servers that only the proxy knows', () => {
    const program = join(CLIENTS, 'clients.mjs');
    cpSync(fileURLToPath(new URL('programs/clients.mjs', import.meta.url)), program);
    const link = join(CLIENTS, 'node_modules', 'winwire');
    // That of an earlier run leads to a folder that is gone.
    rmSync(link, { force: true });
    symlinkSync(INSTALLED, link, 'junction');
    expect(runFile(command, [...args, program, certificates])).toEqual({
      'https get': '/x',
      got: '/x',
      axios: 'hello',
      'node-fetch': '/x',
      'follow-redirects': '/x',
      ws: 'hello',
      undici6: UNDICI,
      undici7: UNDICI,
      ...(major >= 22 ? { undici8: UNDICI, WebSocket: 'hello' } : {}),
      fetch: '/x',
      ky: 'hello',
      openai: 'hi',
      'axios installed': '/x',
      msw: 'mocked,mocked,/x,/x',
    });
  }, 60_000);
});
