// WebSockets through squid as the user that it authenticates, and with a server that asks for Negotiate.
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Credentials } from '../../../lib/auth/auth-types.ts';
import { UpgradeRefusedError, WebSocket, WebSocketConnection, WebSocketServer } from '../../../lib/index.ts';
import { Acceptor } from '../../helpers/acceptor.ts';
import { type Gate, guardedServer } from '../../helpers/guarded-server.ts';
import { accountOf, loggedBy, logOff, logOn, type ProxyOffer, principalOf, realm } from '../../helpers/realm.ts';

const backend = 'portable';
const AT_ONCE = 20;
const isWindows = process.platform === 'win32';

/** A server that echoes, by a name that only squid knows. */
async function echoServer() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (peer) => peer.on('message', (message) => void peer.send(message).catch(() => {})));
  await once(server, 'listening');
  const place = `${new URL(realm.targets[0]).hostname}:${(server.address() as AddressInfo).port}`;
  return { place, url: `ws://${place}/chat`, [Symbol.asyncDispose]: () => server.close() };
}

const proxyOf = (offer: ProxyOffer) => ({ proxy: `localhost:${realm.proxies[offer]}` });
const passwordOf = (user: 'alice' | 'bob' | 'carol', domain?: string): Credentials => ({
  ...realm.users[user],
  ...(domain !== undefined && { domain }),
});

/** The users of the tunnels to a place, after their number. */
async function usersOf(place: string, count: number): Promise<string[]> {
  const fits = ({ method, target, status }: { method: string; target: string; status: number }) =>
    method === 'CONNECT' && target === place && status === 200;
  return (await loggedBy('squid', fits, count)).map(({ user }) => user);
}

beforeAll(() => {
  // GSSAPI reads the process's variables; under Wine those of the system, which the realm has set.
  process.env.KRB5_KTNAME ??= `FILE:${realm.folder}/http.keytab`;
  process.env.KRB5RCACHEDIR ??= realm.folder;
});
beforeEach(() => logOn('alice'));
afterAll(logOff);

const cases: readonly [ProxyOffer, string, 'default' | Credentials, string][] = [
  ['negotiate', 'the logged-on user', 'default', principalOf('alice')],
  ['all', 'the logged-on user', 'default', principalOf('alice')],
  ['negotiate', 'the password of Kerberos', passwordOf('carol', realm.realm), principalOf('carol')],
  ['ntlm', 'the password of NTLM', passwordOf('bob', realm.domain), accountOf('bob')],
  ['digest', 'a password', passwordOf('carol'), 'carol'],
  ['basic', 'a password', passwordOf('carol'), 'carol'],
];

describe.each(cases)('through the port %s of squid with %s', (offer, _who, proxyCredentials, user) => {
  const options = { backend, proxy: proxyOf(offer), proxyCredentials } as const;

  it(`opens ${AT_ONCE} connections at once`, async () => {
    await using server = await echoServer();
    const numbers = Array.from({ length: AT_ONCE }, (_, i) => `number ${i}`);
    const connections = await Promise.all(numbers.map(() => WebSocketConnection.connect(server.url, options)));
    const answers = connections.map(async (connection, i) => {
      await connection.send(numbers[i] as string);
      return connection.receive();
    });
    expect(await Promise.all(answers)).toEqual(numbers);
    await Promise.all(connections.map((connection) => connection.close()));
    expect(await usersOf(server.place, AT_ONCE)).toEqual(numbers.map(() => user));
  });

  it('opens the WebSocket class', async () => {
    await using server = await echoServer();
    const socket = new WebSocket(server.url, options);
    await once(socket, 'open');
    socket.send('hello');
    expect((await once(socket, 'message'))[0]).toMatchObject({ data: 'hello' });
    socket.close();
    await once(socket, 'close');
    expect(await usersOf(server.place, 1)).toEqual([user]);
  });
});

describe('a proxy of an option', () => {
  it('does not learn of the logged-on user without being named', async () => {
    await using server = await echoServer();
    const attempt = WebSocketConnection.connect(server.url, { backend, proxy: proxyOf('negotiate') });
    await expect(attempt).rejects.toMatchObject({ code: 'ERR_WINWIRE_PROXY_AUTHENTICATION', status: 407, leg: 1 });
  });

  it.each([
    ['ntlm', { ...passwordOf('alice', realm.domain), password: 'wrong' }],
    ['digest', { ...passwordOf('carol'), password: 'wrong' }],
  ] as const)('on the port %s rejects a wrong password, which the error does not contain', async (offer, wrong) => {
    await using server = await echoServer();
    const options = { backend, proxy: proxyOf(offer), proxyCredentials: wrong } as const;
    const error = await WebSocketConnection.connect(server.url, options).catch((reason: Error) => reason);
    expect(error).toMatchObject({ code: 'ERR_WINWIRE_PROXY_AUTHENTICATION', status: 407 });
    expect(String((error as Error).stack)).not.toContain('wrong');
  });
});

/** Passes the users that a real acceptor accepts; `users` has their names. */
function negotiating(word: 'Negotiate' | 'NTLM', users: string[]): Gate {
  const acceptors = new WeakMap<Socket, Acceptor>();
  return (head, _count, socket) => {
    const [, token] = new RegExp(`^Authorization: ${word} (\\S+)\\r$`, 'im').exec(head) ?? [];
    if (token === undefined) return refusal(word);
    const acceptor = acceptors.get(socket) ?? new Acceptor(word);
    acceptors.set(socket, acceptor);
    const accepted = acceptor.accept(Buffer.from(token, 'base64'));
    if (!accepted.done) return refusal(`${word} ${accepted.token.toString('base64')}`);
    users.push(accepted.client);
    return undefined;
  };
}

const refusal = (challenge: string) =>
  `HTTP/1.1 401 Who\r\nWWW-Authenticate: ${challenge}\r\nContent-Length: 3\r\n\r\nwho`;

describe('a server that asks for Negotiate', () => {
  /** The same server by the name whose service the KDC knows. */
  const named = ({ url, port }: { url: string; port: number }) => ({
    url: url.replace('127.0.0.1', 'localhost'),
    origin: `http://localhost:${port}`,
  });

  it('is answered as the logged-on user, on the same connection', async () => {
    const users: string[] = [];
    await using server = await guardedServer(negotiating('Negotiate', users));
    const { url, origin } = named(server);
    await using connection = await WebSocketConnection.connect(url, { backend, credentials: { [origin]: 'default' } });
    await connection.send('hello');
    expect(await connection.receive()).toBe('hello');
    expect(server.connections).toBe(1);
    if (!isWindows) expect(users).toEqual([principalOf('alice')]);
  });

  it('is answered through squid, which asks for another user', async () => {
    const users: string[] = [];
    await using server = await guardedServer(negotiating('Negotiate', users));
    const { url, origin } = named(server);
    const proxy = { ...proxyOf('negotiate'), bypass: ['<-loopback>'] };
    const proxyCredentials = passwordOf('carol', realm.realm);
    const options = { backend, proxy, proxyCredentials, credentials: { [origin]: 'default' } } as const;
    await using connection = await WebSocketConnection.connect(url, options);
    await connection.send('hello');
    expect(await connection.receive()).toBe('hello');
    await connection.close();
    if (!isWindows) expect(users).toEqual([principalOf('alice')]);
    expect(await usersOf(new URL(origin).host, 1)).toEqual([principalOf('carol')]);
  });

  it('learns nothing if it is not in the map', async () => {
    await using server = await guardedServer(negotiating('Negotiate', []));
    const { url } = named(server);
    const credentials = { 'https://*.corp.example': 'default' } as const;
    const error = await WebSocketConnection.connect(url, { backend, credentials }).catch((reason) => reason);
    expect(error).toBeInstanceOf(UpgradeRefusedError);
    expect(server.heads.join('')).not.toMatch(/^authorization/im);
  });

  it('gets no NTLM, which Negotiate turns into where the KDC does not know the service', async () => {
    await using server = await guardedServer(negotiating('Negotiate', []));
    // 127.0.0.1 is such a service.
    const credentials = { [server.origin]: passwordOf('alice', realm.domain) };
    const attempt = WebSocketConnection.connect(server.url, { backend, credentials });
    await expect(attempt).rejects.toMatchObject({ name: expect.stringMatching(/Error$/) });
    for (const head of server.heads) expect(head).not.toMatch(/^authorization/im);
  });
});
