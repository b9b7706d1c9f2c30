// Many requests of several users at once, through every door: each response names the user that the proxy opened its
// connection for.
import { once } from 'node:events';
import { createSecureServer, type Http2Session } from 'node:http2';
import { get as getSecure } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CredentialTarget, ProxyAgent, ProxyDispatcher, ProxySetting, WinHttpRequest } from '../../lib/index.ts';
import { resolveProxy } from '../../lib/proxy/resolve-proxy.ts';
import type { NetworkOptions } from '../../lib/tunnel/network-options.ts';
import { unknownIssuer } from '../helpers/certificates.ts';

/** A proxy that asks for Basic, and knows the user of each of its connections to the server. */
async function startProxy() {
  const users = new Map<number, string>();
  const sockets = new Set<Socket>();
  let tunnels = 0;
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    let text = '';
    const onData = (bytes: Buffer) => {
      text += bytes.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const [, port] = /^CONNECT \S+:(\d+) /.exec(text) ?? [];
      const [, token] = /^Proxy-Authorization: Basic (\S+)/im.exec(text) ?? [];
      text = '';
      if (token === undefined) {
        return void socket.write(
          'HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm="a"\r\nContent-Length: 0\r\n\r\n',
        );
      }
      socket.off('data', onData);
      tunnels++;
      const target = connect(Number(port), '127.0.0.1', () => {
        users.set(target.localPort as number, String(Buffer.from(token, 'base64')).split(':')[0] as string);
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(target).pipe(socket);
      });
      target.on('error', () => socket.destroy());
      socket.on('close', () => target.destroy());
    };
    socket.on('data', onData);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    users,
    place: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get tunnels() {
      return tunnels;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** A server of HTTP/2 and 1.1 that answers with the user of the connection, and its protocol. */
async function startServer(users: ReadonlyMap<number, string>) {
  const sessions = new Set<Http2Session | TLSSocket>();
  const server = createSecureServer({ ...unknownIssuer(), allowHTTP1: true }, (request, response) => {
    response.end(`${users.get(request.socket.remotePort as number)} ${request.httpVersion}`);
  });
  server.on('session', (session) => sessions.add(session.on('error', () => {})));
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {});
    if (socket.alpnProtocol !== 'h2') sessions.add(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://server.example:${(server.address() as AddressInfo).port}/`,
    close() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

let proxy: Awaited<ReturnType<typeof startProxy>>;
let server: Awaited<ReturnType<typeof startServer>>;
const doors: (() => unknown)[] = [];
beforeEach(async () => {
  proxy = await startProxy();
  server = await startServer(proxy.users);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(doors.splice(0).map((close) => close()));
  server.close();
  proxy.close();
});

const COMMON = { backend: 'portable', tls: { rejectUnauthorized: false } } as const;
const passwordOf = (username: string) => ({ username, password: `of ${username}` });
const withUser = (name: string): NetworkOptions => ({
  proxy: { proxy: `http://${name}:of-${name}@${proxy.place}` },
});
const withOption = (name: string): NetworkOptions => ({
  proxy: { proxy: proxy.place },
  proxyCredentials: passwordOf(name),
});
const withFunction = (name: string): NetworkOptions => ({
  proxy: { proxy: proxy.place },
  proxyCredentials: async () => passwordOf(name),
});

function byDispatcher(options: NetworkOptions, allowH2: boolean) {
  const dispatcher = new ProxyDispatcher({ ...COMMON, schemes: ['Basic'], ...options, allowH2 });
  doors.push(() => dispatcher.destroy());
  return async (): Promise<string> => {
    const { body } = await dispatcher.request({ origin: server.url.slice(0, -1), path: '/', method: 'GET' });
    return body.text();
  };
}

function byAgent(options: NetworkOptions) {
  const agent = new ProxyAgent({ ...COMMON, schemes: ['Basic'], ...options, keepAlive: true, maxSockets: 5 });
  doors.push(() => agent.destroy());
  return async (): Promise<string> => {
    const [response] = await once(getSecure(server.url, { agent, rejectUnauthorized: false }), 'response');
    let text = '';
    for await (const chunk of response) text += chunk;
    return text;
  };
}

function byWinHttp(name: string) {
  return async (): Promise<string> => {
    const request = await WinHttpRequest.create({ backend: 'portable' });
    await request.setProxy(ProxySetting.PROXY, proxy.place);
    await request.open('GET', server.url);
    await request.setCredentials(name, `of ${name}`, CredentialTarget.PROXY);
    await request.setOption(4, 0x3300);
    await request.send();
    const text = await request.responseText;
    await request[Symbol.asyncDispose]();
    return `${text}`;
  };
}

type Door = (name: string) => () => Promise<string>;
const doorsByName: readonly (readonly [string, '1.1' | '2.0', Door])[] = [
  ['ProxyDispatcher, user of the URL', '2.0', (name) => byDispatcher(withUser(name), true)],
  ['ProxyDispatcher, option', '2.0', (name) => byDispatcher(withOption(name), true)],
  ['ProxyDispatcher, function', '2.0', (name) => byDispatcher(withFunction(name), true)],
  ['ProxyDispatcher, option', '1.1', (name) => byDispatcher(withOption(name), false)],
  ['ProxyDispatcher, function', '1.1', (name) => byDispatcher(withFunction(name), false)],
  ['ProxyAgent, user of the URL', '1.1', (name) => byAgent(withUser(name))],
  ['ProxyAgent, option', '1.1', (name) => byAgent(withOption(name))],
  ['ProxyAgent, function', '1.1', (name) => byAgent(withFunction(name))],
  ['WinHttpRequest', '1.1', byWinHttp],
];

it.each(doorsByName)('%s, HTTP/%s: 50 requests each of two users at once, twice', async (_name, version, open) => {
  const names = ['alice', 'bob'];
  const users = names.map((name) => ({ name, send: open(name) }));
  for (const _ of [1, 2]) {
    const all = Array.from({ length: 50 }, () => users).flat();
    const answers = await Promise.all(all.map(({ send }) => send()));
    expect(answers).toEqual(all.map(({ name }) => `${name} ${version}`));
  }
});

it('all doors at once, each with its own user', async () => {
  const all = doorsByName.flatMap(([, version, open], i) => {
    const name = `user${i}`;
    const send = open(name);
    return Array.from({ length: 10 }, () => ({ send, expected: `${name} ${version}` }));
  });
  const answers = await Promise.all(all.map(({ send }) => send()));
  expect(answers).toEqual(all.map(({ expected }) => expected));
});

it('one dispatcher: the user changes from request to request, and each has one connection of HTTP/2', async () => {
  let name = '';
  const from = () => ({ proxy: `http://${name}:of-${name}@${proxy.place}` });
  const sends = [
    byDispatcher({ proxy: (url) => resolveProxy(url, { from: from(), backend: 'portable' }) }, true),
    byDispatcher({ proxy: { proxy: proxy.place }, proxyCredentials: () => passwordOf(name) }, true),
  ];
  for (const send of sends) {
    const before = proxy.tunnels;
    for (name of ['alice', 'bob', 'alice', 'bob', 'carol', 'alice']) expect(await send()).toBe(`${name} 2.0`);
    expect(proxy.tunnels - before).toBe(3);
  }
});

it('one dispatcher: the environment gives the proxy another user', async () => {
  const send = byDispatcher({ proxy: 'environment' }, true);
  for (const name of ['alice', 'bob', 'alice']) {
    vi.stubEnv('https_proxy', `http://${name}:of-${name}@${proxy.place}`);
    vi.stubEnv('no_proxy', undefined);
    vi.stubEnv('NO_PROXY', undefined);
    expect(await send()).toBe(`${name} 2.0`);
  }
});

it('one agent: the environment gives the proxy another user', async () => {
  const send = byAgent({ proxy: 'environment' });
  for (const name of ['alice', 'bob', 'alice']) {
    vi.stubEnv('https_proxy', `http://${name}:of-${name}@${proxy.place}`);
    vi.stubEnv('no_proxy', undefined);
    vi.stubEnv('NO_PROXY', undefined);
    expect(await send()).toBe(`${name} 1.1`);
  }
});
