import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { install } from '../../lib/install/installation.ts';
import { removeFolder } from '../helpers/folder.ts';
import { runProgram } from '../helpers/program.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = new URL('./programs/install.mjs', import.meta.url);
const major = Number(process.versions.node.split('.')[0]);

// biome-ignore lint/suspicious/noExplicitAny: the JSON of the program.
async function run(args: string[], environment: Record<string, string> = {}): Promise<any> {
  const { code, stdout, stderr } = await runProgram(program, args, { environment });
  expect(code, stderr).toBe(0);
  return { ...JSON.parse(stdout), stderr };
}

const OURS = { dispatchers: ['ProxyDispatcher', 'ProxyDispatcher'], agents: ['ProxyAgent', 'ProxyAgent'] };
const ALL = ['GET http://there/fetch', 'GET http://there/http', 'CONNECT there'];
const BY_PROXY = ['by proxy', 200, 'ERR_WINWIRE_PROXY_REFUSED'];
/** Importing node:http makes Node 22 set its own dispatcher. */
const NODES = {
  dispatchers: [expect.stringMatching(/^(?:undefined|Agent)$/), 'undefined'],
  agents: ['Agent', 'Agent'],
};
const ALONE = ['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED'];

describe.each([[], ['worker']])('install() in the thread %j', (...thread) => {
  it('before the first fetch replaces all places, and uninstall() puts them back', async () => {
    const seen = await run(['beforeFetch', ...thread]);
    expect(seen.installed).toEqual(OURS);
    expect(seen.outcomes).toEqual(BY_PROXY);
    expect(seen.requests).toEqual(ALL);
    expect(seen.after.dispatchers).not.toContain('ProxyDispatcher');
    expect(seen.after.agents).toEqual(['Agent', 'Agent']);
    expect(seen.later).toEqual(ALONE);
    expect(seen.sameImport).toBe(true);
  });

  it('after the first fetch does so too', async () => {
    const seen = await run(['afterFetch', ...thread]);
    expect(seen.outcomes).toEqual(BY_PROXY);
    expect(seen.after).toEqual(seen.before);
    expect(seen.later).toBe('ECONNREFUSED');
  });
});

it('install() of a worker leaves the main thread as it was', async () => {
  const { main } = await run(['beforeFetch', 'worker']);
  expect(main).toEqual(NODES);
});

it('installations end in any order', async () => {
  const seen = await run(['nested']);
  expect(seen.outcomes).toEqual(BY_PROXY);
  expect(seen.isOriginal).toEqual([true, true]);
});

it('requests with agent: false go by its options too', async () => {
  const seen = await run(['withoutAgent']);
  expect(seen.outcomes).toEqual([200, 'ERR_WINWIRE_PROXY_REFUSED']);
  expect(seen.requests).toEqual(['GET http://there/none', 'CONNECT there']);
  expect(seen.later).toBe('ECONNREFUSED');
});

it('uninstall() leaves what a program has put there since', async () => {
  const seen = await run(['others']);
  expect(seen.isTheirs).toEqual([true, true]);
  expect(seen.agents).toEqual(['Agent', 'Agent']);
});

it('install() replaces the dispatcher of a program only by name, and says so under NODE_DEBUG', async () => {
  const seen = await run(['foreign'], { NODE_DEBUG: 'winwire' });
  expect(seen.left).toMatchObject({ fetch: false, http: true, agents: OURS.agents });
  expect(seen.left.dispatchers[0]).toBe('Theirs');
  expect(seen.byName).toMatchObject({
    fetch: true,
    http: false,
    dispatchers: OURS.dispatchers,
    agents: ['Agent', 'Agent'],
  });
  expect(seen.stderr).toMatch(/install\(\) leaves fetch: another dispatcher \(Theirs\) is set/);
});

it('install() after an import of undici replaces the dispatcher that the import set', async () => {
  const seen = await run(['undici', 'imported']);
  expect(seen).toMatchObject({ fetch: true, ...OURS, outcomes: ['by proxy', 'by proxy'], isRestored: [true, true] });
});

it.each(['configured', 'composed', 'subclass'])('install() leaves a dispatcher of undici that is %s', async (kind) => {
  const seen = await run(['undici', kind]);
  expect(seen.fetch).toBe(false);
  expect(seen.outcomes[1]).toBe('ECONNREFUSED');
});

it('two copies of winwire install and end in any order', async () => {
  // In the project, whose packages it finds: Wine makes no links.
  const folder = join(root, `build/copy-${process.pid}`);
  onTestFinished(() => removeFolder(folder));
  for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(folder, name), { recursive: true });
  const seen = await run(['copies', pathToFileURL(join(folder, 'dist/index.js')).href]);
  expect(seen).toMatchObject({
    isOther: true,
    outcomes: [BY_PROXY, BY_PROXY],
    later: ALONE,
    isOriginal: [true, true],
  });
});

it('no export but install() changes a member of the global object or of node:http', async () => {
  const seen = await run(['exports']);
  expect(seen).toMatchObject({ used: [true, true], texts: ['by proxy', 'by proxy', 'by proxy', 'PROXY p:1'] });
  expect(seen.changed).toEqual([]);
});

it('install() leaves what NODE_USE_ENV_PROXY governs, except by name', async () => {
  const seen = await run(['environment'], { NODE_USE_ENV_PROXY: '1', NODE_DEBUG: 'winwire' });
  expect(seen.left).toEqual({ fetch: false, http: false });
  expect(seen.byName).toEqual({ fetch: false, http: true });
  expect(seen.stderr).toContain('NODE_USE_ENV_PROXY');
});

it.runIf(major >= 24)('install() leaves what --use-env-proxy in NODE_OPTIONS governs', async () => {
  const seen = await run(['environment'], { NODE_OPTIONS: '--use-env-proxy' });
  expect(seen.left).toEqual({ fetch: false, http: false });
});

it('importing the package and using its other exports leaves each place as it was', async () => {
  const seen = await run(['imported']);
  expect(seen.before).toEqual(NODES);
  expect(seen.after.dispatchers).not.toContain('ProxyDispatcher');
  expect(seen.after.agents).toEqual(['Agent', 'Agent']);
});

it.runIf(major >= 22)('the global WebSocket goes by a tunnel', async () => {
  expect((await run(['webSocket'])).requests).toEqual(['CONNECT there']);
});

it.each([
  [{ fetch: 1 }, 'ERR_INVALID_ARG_TYPE'],
  [{ proxy: 1 }, 'ERR_INVALID_ARG_TYPE'],
  [{ fetsh: true }, 'ERR_INVALID_ARG_VALUE'],
])('install(%j) throws and changes nothing', (options, code) => {
  expect(() => install(options as never)).toThrow(expect.objectContaining({ code }));
});

describe('winwire/register', () => {
  const registered = new URL('./programs/registered.mjs', import.meta.url);
  const nodeOptions = ['--import', 'winwire/register'];

  it('installs by the environment', async () => {
    const requests: string[] = [];
    const proxy = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.end('by proxy');
    });
    proxy.on('connect', (request, socket) => {
      requests.push(`CONNECT ${request.url}`);
      socket.end('HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n');
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const place = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const environment = {
      WINWIRE_PROXY: place,
      WINWIRE_PROXY_CREDENTIALS: 'none',
      WINWIRE_SCHEMES: 'negotiate, basic',
    };
    const { code, stdout, stderr } = await runProgram(registered, [], { nodeOptions, environment });
    await new Promise((resolve) => proxy.close(resolve));
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual(['by proxy', 'ERR_WINWIRE_PROXY_REFUSED']);
    expect(requests).toEqual(['GET http://fetch.invalid/', 'CONNECT https.invalid:443']);
  });

  it.each([
    ['WINWIRE_PROXY_CREDENTIALS', 'me'],
    ['WINWIRE_SCHEMES', 'Bearer'],
    ['WINWIRE_PROXY', 'ftp://x'],
  ])('ends the program for an invalid %s', async (name, value) => {
    const { code, stderr } = await runProgram(registered, [], { nodeOptions, environment: { [name]: value } });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(name === 'WINWIRE_PROXY' ? /proxy/ : name);
  });
});
