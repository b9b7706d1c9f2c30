// fetch, undici and node:http as the users of a real KDC: through squid, and to Apache.
import { once } from 'node:events';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { request as secureRequest } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { request as undiciRequest } from 'undici';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ProxyAgent } from '../../../lib/agent/proxy-agent.ts';
import type { CredentialAnswer } from '../../../lib/auth/auth-types.ts';
import { fetch } from '../../../lib/dispatcher/fetch.ts';
import { ProxyDispatcher } from '../../../lib/dispatcher/proxy-dispatcher.ts';
import type { NetworkOptions } from '../../../lib/tunnel/network-options.ts';
import { unknownIssuer } from '../../helpers/certificates.ts';
import {
  accountOf,
  loggedBy,
  logOff,
  logOn,
  type ProxyOffer,
  principalOf,
  realm,
  type TargetAnswer,
  type UserName,
} from '../../helpers/realm.ts';

const tls = { rejectUnauthorized: false };

interface Sent {
  readonly url: string;
  readonly body?: string | undefined;
}
interface Received {
  readonly status: number;
  readonly text: string;
}
/** Sends requests by one door, with the same connections for all. */
type Client = (sent: Sent) => Promise<Received>;

function dispatcherWith(options: NetworkOptions & { allowH2?: boolean }): ProxyDispatcher {
  const dispatcher = new ProxyDispatcher({ tls, ...options });
  onTestFinished(() => dispatcher.destroy());
  return dispatcher;
}

const fetching =
  (dispatcher: ProxyDispatcher): Client =>
  async ({ url, body }) => {
    // A stream: the hardest kind to send twice.
    const init = body === undefined ? {} : { method: 'POST', body: new Blob([body]).stream(), duplex: 'half' };
    const response = await fetch(url, { ...init, dispatcher } as RequestInit);
    return { status: response.status, text: await response.text() };
  };

const CLIENTS: Readonly<Record<string, (options: NetworkOptions) => Client>> = {
  fetch: (options) => fetching(dispatcherWith(options)),
  'request of undici': (options) => {
    const dispatcher = dispatcherWith(options);
    return async ({ url, body }) => {
      const init = body === undefined ? {} : { method: 'POST' as const, body };
      const response = await undiciRequest(url, { dispatcher, ...init });
      return { status: response.statusCode, text: await response.body.text() };
    };
  },
  'node:http with a ProxyAgent': (options) => {
    const agent = new ProxyAgent(options);
    onTestFinished(() => agent.destroy());
    return async ({ url, body }) => {
      const send = url.startsWith('https:') ? secureRequest : plainRequest;
      const request = send(url, { agent, method: body === undefined ? 'GET' : 'POST', ...tls });
      const [response] = (await once(request.end(body), 'response')) as [IncomingMessage];
      return { status: response.statusCode ?? 0, text: await text(response) };
    };
  },
};

const bySquid = (offer: ProxyOffer, proxyCredentials: NetworkOptions['proxyCredentials']): NetworkOptions => ({
  proxy: { proxy: `localhost:${realm.proxies[offer]}`, bypass: ['<-loopback>'] },
  proxyCredentials,
  schemes: ['Negotiate', 'NTLM', 'Digest', 'Basic'],
});

const byPassword = (user: UserName): CredentialAnswer => realm.users[user];
const inDomain = (user: UserName): CredentialAnswer => ({ ...realm.users[user], domain: realm.domain });

let last = 0;
const newTarget = () => `${realm.targets[0]}/door-${++last}`;

async function usersOf(target: string): Promise<string[]> {
  const entries = await loggedBy('squid', (entry) => entry.target === target && entry.status === 200, 1);
  return entries.map(({ user }) => user);
}

beforeEach(() => logOn('alice'));
afterAll(logOff);

const cases: readonly [ProxyOffer, string, NetworkOptions['proxyCredentials'], string][] = [
  ['negotiate', 'the logged-on user', 'default', principalOf('alice')],
  ['all', 'the logged-on user', 'default', principalOf('alice')],
  ['ntlm', 'bob with a password', inDomain('bob'), accountOf('bob')],
  ['digest', 'carol with a password', byPassword('carol'), 'carol'],
  ['basic', 'carol with a password', byPassword('carol'), 'carol'],
];

describe.each(Object.entries(CLIENTS))('%s', (_name, clientWith) => {
  describe.each(cases)('through the port %s as %s', (offer, _user, credentials, user) => {
    it('gets http by the absolute form; bodies arrive once', async () => {
      const send = clientWith(bySquid(offer, credentials));
      for (const body of [undefined, 'abcdef', 'abcdef']) {
        const url = newTarget();
        const { status, text: answer } = await send({ url, body });
        expect(status).toBe(200);
        const seen = JSON.parse(answer) as TargetAnswer;
        expect(seen.body.length).toBe(body?.length ?? 0);
        expect(Object.keys(seen.headers)).not.toContain('proxy-authorization');
        expect(await usersOf(url)).toEqual([user]);
      }
    });

    it('gets https by a tunnel', async () => {
      const send = clientWith(bySquid(offer, credentials));
      for (const body of [undefined, 'abcdef']) {
        const { status, text: answer } = await send({ url: `${realm.secureServer}/open/x`, body });
        expect(status).toBe(200);
        expect((JSON.parse(answer) as TargetAnswer).body.length).toBe(body?.length ?? 0);
      }
    });
  });

  it('fails for a proxy that rejects the password, after one try with it', async () => {
    const wrong = { username: 'carol', password: 'wrong' };
    const send = clientWith(bySquid('digest', wrong));
    const url = newTarget();
    const error = await send({ url }).catch((failure: Error) =>
      failure instanceof TypeError ? failure.cause : failure,
    );
    expect(error).toMatchObject({ code: 'ERR_WINWIRE_PROXY_AUTHENTICATION' });
    expect(String(error)).not.toContain('wrong');
  });

  it('serves 2 users × 20 requests at once with keep-alive; squid names who asked', async () => {
    const [alice, bob] = [clientWith(bySquid('ntlm', inDomain('alice'))), clientWith(bySquid('ntlm', inDomain('bob')))];
    const sent = Array.from({ length: 40 }, (_, index) => ({ url: newTarget(), isBob: index % 2 === 1 }));
    const answers = await Promise.all(sent.map(({ url, isBob }) => (isBob ? bob : alice)({ url })));
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
    for (const { url, isBob } of sent) expect(await usersOf(url)).toEqual([accountOf(isBob ? 'bob' : 'alice')]);
  });
});

describe.each(['fetch', 'request of undici'])('%s to a server of the map', (name) => {
  const folders: readonly [string, CredentialAnswer, string][] = [
    ['kerberos', 'default', principalOf('alice')],
    ['negotiate', 'default', principalOf('alice')],
    ['ntlm', inDomain('bob'), accountOf('bob')],
    ['digest', byPassword('carol'), 'carol'],
  ];

  it.each(folders)('authenticates in %s, directly and through a proxy that asks too', async (folder, answer, user) => {
    const { origin } = new URL(realm.secureServer);
    const options = { credentials: { [origin]: answer }, schemes: ['Negotiate', 'NTLM', 'Digest'] } as const;
    const ways = [{ proxy: 'direct' } as const, bySquid('ntlm', inDomain('alice'))];
    for (const way of ways) {
      const send = (CLIENTS[name] as (typeof CLIENTS)[string])({ ...way, ...options });
      for (const body of [undefined, 'abcdef']) {
        const { status, text: received } = await send({ url: `${realm.secureServer}/${folder}/x`, body });
        expect(status).toBe(200);
        expect(JSON.parse(received)).toMatchObject({ user, body: { length: body?.length ?? 0 } });
      }
    }
  });
});

/**
 * A server with HTTP/2 and HTTP/1.1 before Apache. Its HTTP/1.1 connections are Apache's, its HTTP/2 requests each go on
 * a further connection.
 */
async function startHttp2(): Promise<{ origin: string; versions: string[] }> {
  const versions: string[] = [];
  const apache = new URL(realm.server);
  const sockets = new Set<Socket>();
  const h2 = createHttp2Server((incoming, outgoing) => {
    versions.push('2.0');
    const { host, hostname, port } = apache;
    const headers = { ...withoutPseudo(incoming.headers), host };
    const upstream = plainRequest({
      hostname,
      port,
      path: incoming.url,
      method: incoming.method,
      headers,
      agent: false,
    });
    upstream.on('response', (answer) => {
      const { connection: _, 'transfer-encoding': __, 'keep-alive': ___, ...fields } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 500, fields);
      answer.pipe(outgoing.stream);
    });
    incoming.pipe(upstream);
  });
  const server = createTlsServer({ ...unknownIssuer(), ALPNProtocols: ['h2', 'http/1.1'] }, (socket: TLSSocket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (socket.alpnProtocol === 'h2') return void h2.emit('connection', socket);
    versions.push('1.1');
    const upstream = connect(Number(apache.port), apache.hostname);
    sockets.add(upstream);
    upstream.on('error', () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { origin: `https://localhost:${(server.address() as AddressInfo).port}`, versions };
}

const withoutPseudo = (headers: object) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')));

describe('a server with HTTP/2', () => {
  it.each<[string, CredentialAnswer, string]>([
    ['negotiate', 'default', principalOf('alice')],
    ['ntlm', inDomain('bob'), accountOf('bob')],
  ])('that asks for %s is sent HTTP/1.1 from then on', async (folder, answer, user) => {
    const { origin, versions } = await startHttp2();
    const send = fetching(
      dispatcherWith({
        proxy: 'direct',
        allowH2: true,
        credentials: { [origin]: answer },
        schemes: ['Negotiate', 'NTLM'],
      }),
    );
    const userOf = async (body?: string) => {
      const { status, text: received } = await send({ url: `${origin}/${folder}/x`, body });
      return status === 200 ? (JSON.parse(received) as TargetAnswer).user : status;
    };
    expect(await userOf()).toBe(user);
    expect(versions).toEqual(['2.0', '1.1']);
    const users = await Promise.all(Array.from({ length: 20 }, (_, index) => userOf(index % 2 ? 'abcdef' : undefined)));
    expect(users).toEqual(Array(20).fill(user));
    expect(versions.filter((version) => version === '2.0')).toHaveLength(1);
  });

  it('that does not ask keeps HTTP/2', async () => {
    const { origin, versions } = await startHttp2();
    const send = fetching(dispatcherWith({ proxy: 'direct', allowH2: true, credentials: { [origin]: 'default' } }));
    for (let count = 0; count < 3; count++) expect((await send({ url: `${origin}/open/x` })).status).toBe(200);
    expect(versions).toEqual(['2.0', '2.0', '2.0']);
  });
});
