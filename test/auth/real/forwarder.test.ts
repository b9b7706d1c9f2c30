// Other programs through the forwarder, which authenticates them at squid: by Kerberos, and by NTLM with a password.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createForwarder } from '../../../lib/forwarder/create-forwarder.ts';
import type { ForwardedRequest, ForwarderInit } from '../../../lib/forwarder/forwarder-types.ts';
import { authorizationOf, RawClient } from '../../forwarder/raw-client.ts';
import { winwire } from '../../helpers/command-line.ts';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';
import {
  accountOf,
  loggedBy,
  logOff,
  logOn,
  type ProxyOffer,
  principalOf,
  realm,
  type TargetAnswer,
} from '../../helpers/realm.ts';

const AT_ONCE = 20;
const [target] = realm.targets;

/** Starts a forwarder whose proxy is squid. */
async function start(offer: ProxyOffer, init: ForwarderInit = { proxyCredentials: 'default' }) {
  const log: ForwardedRequest[] = [];
  const forwarder = await createForwarder({
    backend: 'portable',
    proxy: { proxy: `localhost:${realm.proxies[offer]}`, bypass: ['<-loopback>'] },
    onRequest: (request) => log.push(request),
    ...init,
  });
  return { forwarder, log, [Symbol.asyncDispose]: () => forwarder.close() };
}

/** By NTLM one of the users whose password squid's helper knows. */
const byPassword = (offer: 'ntlm' | 'digest' | 'basic'): ForwarderInit => {
  const { username, password } = offer === 'ntlm' ? realm.users.alice : realm.users.carol;
  return {
    proxyCredentials: offer === 'ntlm' ? { username, password, domain: realm.domain } : { username, password },
  };
};

/** squid's users of the tunnels to a place, after their number. */
async function usersOf(place: string, count: number): Promise<string[]> {
  const entries = await loggedBy(
    'squid',
    (e) => e.method === 'CONNECT' && e.target === place && e.status === 200,
    count,
  );
  return entries.map(({ user }) => user);
}

/** A server of files, by a name that only squid knows. */
async function serveFiles(folder: string) {
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(path.join(folder, new URL(request.url ?? '/', 'http://a').pathname)));
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const place = `${new URL(target).hostname}:${(server.address() as AddressInfo).port}`;
  return {
    place,
    url: `http://${place}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

const run = promisify(execFile);

beforeAll(() => logOn('alice'));
afterAll(() => logOff());

describe('tunnels through squid', () => {
  it.each([
    ['negotiate', { proxyCredentials: 'default' }, principalOf('alice')],
    ['ntlm', byPassword('ntlm'), accountOf('alice')],
  ] as const)(`are ${AT_ONCE} at once, on the port %s`, async (offer, init, user) => {
    await using files = await serveFiles(path.dirname(process.execPath));
    await using squid = await start(offer, init);
    const { forwarder } = squid;
    const open = async () => {
      const client = await RawClient.open(forwarder.port);
      client.write(
        `CONNECT ${files.place} HTTP/1.1\r\nHost: ${files.place}\r\nProxy-Authorization: ${authorizationOf(forwarder.url)}\r\n\r\n`,
      );
      await client.receives(/^HTTP\/1\.1 200 Connection established\r\n\r\n/);
      return client;
    };
    const clients = await Promise.all(Array.from({ length: AT_ONCE }, open));
    expect(forwarder.statistics).toMatchObject({ tunnels: AT_ONCE, failures: 0 });
    for (const client of clients) client.write('GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await Promise.all(clients.map((client) => client.receives(/\r\n\r\nHTTP\/1\.1 404 /)));
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
    expect(await usersOf(files.place, AT_ONCE)).toEqual(clients.map(() => user));
    await expect.poll(() => forwarder.statistics.connections).toBe(0);
  });
});

// Under Wine there are none of these programs.
describe.runIf(process.platform === 'linux')('through squid, curl', () => {
  async function curl(url: string, ...args: readonly string[]): Promise<TargetAnswer> {
    const { stdout } = await run('curl', ['-sS', '--max-time', '20', '--noproxy', '', ...args, url]);
    return JSON.parse(stdout);
  }

  it('sends requests in absolute form as the logged-on user', async () => {
    await using squid = await start('negotiate');
    const answer = await curl(`${target}/one`, '-x', squid.forwarder.url, '-H', 'X-Request: fw-get', '-d', 'abc');
    expect(answer).toMatchObject({ method: 'POST', url: '/one', body: { length: 3 } });
    expect(Object.keys(answer.headers)).not.toContain('proxy-authorization');
    const entries = await loggedBy('squid', ({ request, status }) => request === 'fw-get' && status === 200, 1);
    expect(entries).toMatchObject([{ user: principalOf('alice'), method: 'POST' }]);
    expect(squid.log).toMatchObject([{ status: 200, route: `PROXY localhost:${realm.proxies.negotiate}` }]);
  });

  it.each(['ntlm', 'digest', 'basic'] as const)('has a user and a password on the port %s', async (offer) => {
    await using squid = await start(offer, byPassword(offer));
    const name = `fw-${offer}`;
    const body = 'x'.repeat(100_000);
    const answer = await curl(`${target}/x`, '-x', squid.forwarder.url, '-H', `X-Request: ${name}`, '-d', body);
    expect(answer.body.length).toBe(body.length);
    const entries = await loggedBy('squid', ({ request, status }) => request === name && status === 200, 1);
    expect(entries[0]?.user).toBe(offer === 'ntlm' ? accountOf('alice') : 'carol');
    expect(await curl(`${target}/y`, '-p', '-x', squid.forwarder.url)).toMatchObject({ url: '/y' });
  });

  it('gets 502 and the reason for a wrong password', async () => {
    const proxyCredentials = { ...realm.users.carol, password: 'never-right' };
    await using squid = await start('digest', { proxyCredentials });
    for (const more of [[], ['-p']]) {
      const args = ['-sS', '--noproxy', '', ...more, '-x', squid.forwarder.url, '-D', '-', `${target}/no`];
      const outcome = await run('curl', args).catch((error: { stdout: string }) => error);
      expect(outcome.stdout).toMatch(/^HTTP\/1\.1 502 /);
      expect(outcome.stdout).not.toMatch(/proxy-authenticate|never-right/i);
    }
  });

  it('gets 502 and the reason without the right to send the identity', async () => {
    await using squid = await start('negotiate', {});
    const args = ['-sS', '--noproxy', '', '-x', squid.forwarder.url, '-D', '-', `${target}/no`];
    const { stdout } = await run('curl', args);
    expect(stdout).toMatch(/^HTTP\/1\.1 502 [\s\S]*no credentials may be sent to it/);
    expect(stdout).not.toMatch(/proxy-authenticate/i);
  });
});

describe.runIf(process.platform === 'linux')('winwire proxy -- COMMAND, with squid as the logged-on user', () => {
  const proxy = ['--proxy', `localhost:${realm.proxies.negotiate}`, '--proxy-credentials', 'default'];
  const through = (...command: readonly string[]) =>
    winwire(['proxy', '--backend', 'portable', ...proxy, '--json', '--', ...command], {
      env: { GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' },
    });
  let folder: string;

  beforeAll(() => {
    folder = makeFolder('programs');
  });
  afterAll(() => removeFolder(folder));

  const usersOfRequests = async (prefix: string) => {
    const entries = await loggedBy('squid', ({ target: url, status }) => url.startsWith(prefix) && status === 200, 1);
    return [...new Set(entries.map(({ user }) => user))];
  };

  it('serves curl', async () => {
    const { code, stdout, stderr } = await through('curl', '-sS', '--max-time', '20', `${target}/by-curl`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('"failures":0') });
    expect(JSON.parse(stdout)).toMatchObject({ url: '/by-curl' });
    expect(await usersOfRequests(`${target}/by-curl`)).toEqual([principalOf('alice')]);
  });

  it('serves git, which clones', async () => {
    const [work, bare, clone] = ['work', 'files/project.git', 'clone'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    mkdirSync(work);
    writeFileSync(path.join(work, 'README'), 'from afar');
    const git = (...args: readonly string[]) =>
      run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.example', ...args]);
    await git('-C', work, 'init', '--quiet');
    await git('-C', work, 'add', '.');
    await git('-C', work, 'commit', '--quiet', '--message', 'first');
    await git('clone', '--quiet', '--bare', work, bare);
    await git('-C', bare, 'update-server-info');
    await using files = await serveFiles(path.dirname(bare));
    const { code, stderr } = await through('git', 'clone', '--quiet', `${files.url}/project.git`, clone);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    expect(readFileSync(path.join(clone, 'README'), 'utf8')).toBe('from afar');
    expect(await usersOfRequests(files.url)).toEqual([principalOf('alice')]);
    // git's first request has no password of the forwarder: it learns from the 407 that one is asked for.
    expect(stderr).toContain('"status":407');
  });

  it('serves a program of Bun', async () => {
    const bun = process.env.WINWIRE_AUTH_BUN ?? 'bun';
    const script = `const answer = await fetch(${JSON.stringify(`${target}/by-bun`)});
      console.log(JSON.stringify(await answer.json()))`;
    const { code, stdout, stderr } = await through(bun, '-e', script);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('"failures":') });
    expect(JSON.parse(stdout)).toMatchObject({ url: '/by-bun' });
    expect(await usersOfRequests(`${target}/by-bun`)).toEqual([principalOf('alice')]);
  });
});
