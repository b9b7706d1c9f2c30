// Servers that want more than they may have, against tokens of real mechanisms.
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { AuthenticationError } from '../../../lib/auth/authentication-error.ts';
import { fetch, ProxyDispatcher, type ProxyDispatcherOptions, WinwireError } from '../../../lib/index.ts';
import { logOff, logOn, realm } from '../../helpers/realm.ts';
import { byAccount, byPrincipal, type Requester, requestFromRealm } from '../../helpers/realm-request.ts';
import { asking, Rogue } from '../../helpers/rogue-server.ts';
import { exchangeTokens } from '../../helpers/token-exchange.ts';

/** Performs a request that fails, and returns the reason. */
async function reasonOf(url: string, as: Requester): Promise<AuthenticationError> {
  const error = await requestFromRealm({ backend: 'portable', url, as }).then(
    ({ status }) => status,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WinwireError);
  return (error as WinwireError).cause as AuthenticationError;
}

beforeEach(() => logOn('alice'));
afterAll(logOff);

it('a server that wants Basic after a token does not get the password', async () => {
  await using rogue = await Rogue.start((authorization, response) => {
    asking(...(authorization === '' ? ['Negotiate', 'Basic realm="x"'] : ['Basic realm="x"']))(response);
  });
  const { status } = await requestFromRealm({ backend: 'portable', url: rogue.url, as: byPrincipal('carol') });
  expect(status).toBe(401);
  expect(rogue.schemes).toEqual(['', 'Negotiate']);
});

it('a server that offers Basic alone does not learn of the logged-on user', async () => {
  await using rogue = await Rogue.start((_, response) => asking('Basic realm="x"')(response));
  const { status } = await requestFromRealm({ backend: 'portable', url: rogue.url, as: 'logged-on' });
  expect(status).toBe(401);
  expect(rogue.schemes).toEqual(['']);
});

describe('a challenge of NTLM', () => {
  it('that comes again and again gets no third password', async () => {
    const { challenge } = await ntlmChallenge();
    await using rogue = await Rogue.start((authorization, response) => {
      asking(authorization === '' ? 'NTLM' : `NTLM ${challenge}`)(response);
    });
    const request = requestFromRealm({ backend: 'portable', url: rogue.url, as: byAccount('carol') });
    const outcome = await request.then(
      ({ status }) => status,
      (error: WinwireError) => (error.cause as AuthenticationError).code,
    );
    expect([401, 'ERR_WINWIRE_AUTH_WRONG_TOKEN', 'ERR_WINWIRE_AUTH_TOO_MANY_LEGS']).toContain(outcome);
    expect(rogue.seen.filter((value) => messageOf(value) === 3).length).toBe(1);
  });

  it('is followed by a close: the error says so', async () => {
    const { challenge } = await ntlmChallenge();
    await using rogue = await Rogue.start((authorization, response, request) => {
      if (messageOf(authorization) === 3) request.socket.destroy();
      else asking(authorization === '' ? 'NTLM' : `NTLM ${challenge}`)(response);
    });
    expect((await reasonOf(rogue.url, byAccount('carol'))).code).toBe('ERR_WINWIRE_AUTH_CLOSED');
    expect(rogue.seen.filter((value) => messageOf(value) === 3).length).toBe(1);
  });
});

it('a server that answers with the token of another exchange has not proved its identity', async () => {
  const url = `${realm.server}/kerberos/x`;
  const { answers } = await exchangeTokens(url, { package: 'Kerberos', service: 'HTTP/localhost' });
  const replayed = answers.at(-1)?.toString('base64');
  await using rogue = await Rogue.start((authorization, response) => {
    if (authorization === '') return asking('Negotiate')(response);
    response.writeHead(200, { 'WWW-Authenticate': `Negotiate ${replayed}` }).end('{}');
  });
  expect((await reasonOf(rogue.url, 'logged-on')).code).toBe('ERR_WINWIRE_AUTH_WRONG_TOKEN');
});

describe('a redirect between two legs', () => {
  it.each(['WinHttpRequest', 'fetch'])('does not take the authentication of %s to another origin', async (client) => {
    const { challenge } = await ntlmChallenge();
    await using other = await Rogue.start((_, response) => asking(`NTLM ${challenge}`, 'NTLM')(response));
    await using rogue = await Rogue.start((authorization, response) => {
      if (authorization === '') return asking('NTLM')(response);
      response.writeHead(302, { Location: other.url }).end();
    });
    expect(await statusBy(client, rogue.url)).toBe(401);
    expect(rogue.seen.map(messageOf)).toEqual([0, 1]);
    expect(other.seen).toEqual(['']);
  });
});

describe('a challenge of NTLM that is not one', () => {
  it.each<[string, (challenge: string) => string]>([
    ['has blanks in its token', (challenge) => `${challenge.slice(0, 20)} ${challenge.slice(20)}`],
    ['is cut', (challenge) => challenge.slice(0, 40)],
    ['is a single character', () => 'A'],
    ['has no bytes', () => '='],
    ['is the first message', () => Buffer.from('NTLMSSP\0\x01\0\0\0').toString('base64')],
    ['has 64 KiB', (challenge) => challenge + 'A'.repeat(64 * 1024)],
    [
      'has 8 KiB',
      (challenge) => Buffer.concat([Buffer.from(challenge, 'base64'), Buffer.alloc(6000)]).toString('base64'),
    ],
  ])('%s: the request ends, without a password after it unless it is valid', async (_title, change) => {
    const { challenge } = await ntlmChallenge();
    for (const client of ['WinHttpRequest', 'fetch']) {
      await using rogue = await Rogue.start((authorization, response) => {
        asking(authorization === '' ? 'NTLM' : `NTLM ${change(challenge)}`)(response);
      });
      expect(String(await statusBy(client, rogue.url))).toMatch(/^401$|^ERR_WINWIRE_AUTH_|OVERFLOW|^ERROR_WINHTTP_/);
      const isValid = change(challenge).startsWith(challenge);
      expect(rogue.seen.map(messageOf).slice(0, 2)).toEqual([0, 1]);
      expect(rogue.seen.length).toBeLessThanOrEqual(isValid ? 3 : 2);
    }
  });
});

describe('a server that asks again on a connection that it has authenticated', () => {
  it('learns of the same user there, and of another one on another connection', async () => {
    const { challenge } = await ntlmChallenge();
    const users = new Map<number, Set<string>>();
    await using rogue = await Rogue.start((authorization, response, request) => {
      const user = String(request.headers['x-request']);
      const port = request.socket.remotePort as number;
      if (authorization !== '') users.set(port, (users.get(port) ?? new Set()).add(user));
      if (messageOf(authorization) === 3) return void response.end('{}');
      asking(authorization === '' ? 'NTLM' : `NTLM ${challenge}`)(response);
    });
    for (const user of ['carol', 'alice', 'carol', 'alice'] as const) {
      const spec = { backend: 'portable', url: rogue.url, as: byAccount(user), id: user } as const;
      expect((await requestFromRealm(spec)).status).toBe(200);
    }
    expect([...users.values()].map((names) => [...names].join())).toEqual(['carol', 'alice']);
  });
});

function dispatcherWith(options: ProxyDispatcherOptions): ProxyDispatcher {
  const dispatcher = new ProxyDispatcher(options);
  onTestFinished(() => dispatcher.destroy());
  return dispatcher;
}

/** Sends a request as carol, with NTLM allowed; returns the status or the code of the error. */
async function statusBy(client: string, url: string): Promise<unknown> {
  const codeOf = (error: WinwireError) => (error.cause as { code?: string } | undefined)?.code ?? error.code;
  if (client === 'WinHttpRequest') {
    const request = requestFromRealm({ backend: 'portable', url, as: byAccount('carol') });
    return request.then(({ status }) => status, codeOf);
  }
  const { username, password } = realm.users.carol;
  const dispatcher = dispatcherWith({
    proxy: 'direct',
    schemes: ['NTLM'],
    credentials: { [new URL(url).origin]: { username, password, domain: realm.domain } },
  });
  return fetch(url, { dispatcher }).then(async (response) => {
    await response.text();
    return response.status;
  }, codeOf);
}

/** The number of a message of NTLM, after its signature; 0 for other tokens. */
function messageOf(authorization: string): number {
  const token = Buffer.from(authorization.split(' ')[1] ?? '', 'base64');
  return token.subarray(0, 8).equals(Buffer.from('NTLMSSP\0')) ? token.readUInt32LE(8) : 0;
}

/** A challenge that Apache sent to another client. */
async function ntlmChallenge(): Promise<{ challenge: string }> {
  const { username, password } = realm.users.alice;
  const credentials = { username, password, domain: realm.domain };
  const options = { package: 'NTLM', service: 'HTTP/localhost', credentials } as const;
  const { answers } = await exchangeTokens(`${realm.server}/ntlm/x`, options);
  return { challenge: answers[0]?.toString('base64') ?? '' };
}
