// fetch and WebSockets against Apache, and against servers that want more than they may have. Tokens are those of real
// mechanisms.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { hasNtlm } from '../../../lib/auth/ntlm-token.ts';
import {
  type AuthScheme,
  type CredentialAnswer,
  ProxyDispatcher,
  fetch as proxiedFetch,
  WebSocketConnection,
} from '../../../lib/index.ts';
import { accountOf, logOff, logOn, principalOf, realm, type TargetAnswer, type UserName } from '../../helpers/realm.ts';
import { asking, Rogue } from '../../helpers/rogue-server.ts';
import { exchangeTokens } from '../../helpers/token-exchange.ts';

interface Ask {
  readonly credentials: CredentialAnswer;
  readonly schemes?: readonly AuthScheme[];
}

type Door = (url: string, ask: Ask) => Promise<number>;

/** Both go direct, and send credentials to the origin of the URL. */
const optionsOf = (url: string, { credentials, schemes }: Ask) => ({
  proxy: 'direct' as const,
  credentials: { [new URL(url).origin]: credentials },
  ...(schemes && { schemes }),
});

async function fetchWith(url: string, ask: Ask): Promise<Response> {
  const dispatcher = new ProxyDispatcher(optionsOf(url, ask));
  try {
    const response = await proxiedFetch(url, { dispatcher } as never);
    return new Response(response.status === 200 ? await response.text() : null, response);
  } finally {
    await dispatcher.destroy();
  }
}

/** Resolves to the status, or rejects. */
const doors: Readonly<Record<string, Door>> = {
  fetch: async (url, ask) => (await fetchWith(url, ask)).status,
  WebSocket: async (url, ask) => {
    const connection = await WebSocketConnection.connect(url.replace(/^http/, 'ws'), optionsOf(url, ask));
    connection.abort();
    return 101;
  },
};

/** Returns the status, or the code of the AuthenticationError, of which the error's message speaks. */
async function outcomeOf(door: Door, url: string, ask: Ask): Promise<string | number> {
  const failed = await door(url, ask).catch((error: unknown) => error);
  if (typeof failed === 'number') return failed;
  for (let error = failed as Error | undefined; error; error = error.cause as Error | undefined) {
    const { code } = error as { code?: string };
    if (code?.startsWith('ERR_WINWIRE_AUTH_')) return code;
  }
  return (failed as { status?: number }).status ?? String(failed);
}

const inRealm = (user: UserName) => ({ ...realm.users[user], domain: realm.realm });
const inDomain = (user: UserName) => ({ ...realm.users[user], domain: realm.domain });

/** The last token of the service to another client. */
async function foreignToken(): Promise<string> {
  const options = { package: 'Kerberos', service: 'HTTP/localhost' } as const;
  const { answers } = await exchangeTokens(`${realm.server}/kerberos/x`, options);
  return answers.at(-1)?.toString('base64') ?? '';
}

/** A challenge of NTLM that Apache sent to another client. */
async function ntlmChallenge(): Promise<Buffer> {
  const options = { package: 'NTLM', service: 'HTTP/localhost', credentials: inDomain('carol') } as const;
  const { answers } = await exchangeTokens(`${realm.server}/ntlm/x`, options);
  return answers[0] as Buffer;
}

const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};

/** The answer of SPNEGO that goes on with NTLM (RFC 4178 section 4.2.2). */
function choosingNtlm(challenge: Buffer): string {
  const mechanism = Buffer.from('060a2b06010401823702020a', 'hex');
  const fields = [der(0xa0, Buffer.from([0x0a, 1, 1])), der(0xa1, mechanism), der(0xa2, der(0x04, challenge))];
  return der(0xa1, der(0x30, ...fields)).toString('base64');
}

beforeEach(() => logOn('alice'));
afterAll(logOff);

describe.each(Object.entries(doors))('%s', (name, door) => {
  /** How a refusal shows: fetch gives the response to the caller. */
  const refused = (code: string) => (name === 'fetch' ? 401 : code);

  it('does not send a password by Basic after a token was rejected', async () => {
    await using rogue = await Rogue.start((authorization, response) => {
      asking(...(authorization === '' ? ['Negotiate', 'Basic realm="x"'] : ['Basic realm="x"']))(response);
    });
    const outcome = await outcomeOf(door, rogue.url, { credentials: inRealm('carol') });
    expect(outcome).toBe(refused('ERR_WINWIRE_AUTH_REJECTED'));
    expect(rogue.schemes).toEqual(['', 'Negotiate']);
  });

  it.each([['NTLM'], ['Basic realm="x"'], ['Digest realm="x", nonce="1"'], ['Bearer']])(
    'sends nothing of the logged-on user to a server that offers %s',
    async (challenge) => {
      await using rogue = await Rogue.start((_, response) => asking(challenge)(response));
      const outcome = await outcomeOf(door, rogue.url, { credentials: 'default' });
      expect(outcome).toBe(refused('ERR_WINWIRE_AUTH_NO_SCHEME'));
      expect(rogue.seen).toEqual(['']);
    },
  );

  it('sends no NTLM to a server whose service the KDC does not know', async () => {
    await using rogue = await Rogue.start((_, response) => asking('Negotiate', 'NTLM')(response));
    const url = rogue.url.replace('localhost', '127.0.0.1');
    await outcomeOf(door, url, { credentials: 'default' });
    await outcomeOf(door, url, { credentials: inRealm('carol') });
    expect(rogue.tokens.filter(hasNtlm)).toEqual([]);
    expect(rogue.schemes).toEqual(['', '']);
  });

  it('sends no NTLM to a server that answers with a challenge of NTLM', async () => {
    const challenge = await ntlmChallenge();
    for (const token of [challenge.toString('base64'), choosingNtlm(challenge)]) {
      await using rogue = await Rogue.start((authorization, response) =>
        asking(authorization === '' ? 'Negotiate' : `Negotiate ${token}`)(response),
      );
      const outcome = await outcomeOf(door, rogue.url, { credentials: 'default' });
      expect([refused('ERR_WINWIRE_AUTH_REJECTED'), 'ERR_WINWIRE_AUTH_WRONG_TOKEN']).toContain(outcome);
      expect(rogue.schemes).toEqual(['', 'Negotiate']);
      expect(rogue.tokens.filter(hasNtlm)).toEqual([]);
    }
  });

  it('ends after a few tokens if the server asks without end', async () => {
    const token = await foreignToken();
    await using rogue = await Rogue.start((authorization, response) =>
      asking(authorization === '' ? 'Negotiate' : `Negotiate ${token}`, 'Negotiate')(response),
    );
    const outcome = await outcomeOf(door, rogue.url, { credentials: 'default' });
    expect([refused('ERR_WINWIRE_AUTH_REJECTED'), 'ERR_WINWIRE_AUTH_WRONG_TOKEN']).toContain(outcome);
    expect(rogue.seen.length).toBeLessThanOrEqual(3);
  });

  // A WebSocket is opened once.
  const tokens = name === 'fetch' ? 2 : 1;
  it(`sends ${tokens} tokens at most to a server that closes after each`, async () => {
    await using rogue = await Rogue.start((authorization, response, request) => {
      if (authorization === '') asking('Negotiate')(response);
      else request.socket.destroy();
    });
    expect(await outcomeOf(door, rogue.url, { credentials: 'default' })).not.toBe(200);
    expect(rogue.schemes).toEqual(['', ...Array.from({ length: tokens }, () => 'Negotiate')]);
    expect(rogue.connections).toBe(tokens);
  });
});

describe('fetch', () => {
  it('reports a server that closes between two legs of NTLM', async () => {
    const challenge = (await ntlmChallenge()).toString('base64');
    await using rogue = await Rogue.start((authorization, response, request) => {
      if (rogue.seen.length < 3) asking(authorization === '' ? 'NTLM' : `NTLM ${challenge}`)(response);
      else request.socket.destroy();
    });
    const ask: Ask = { credentials: inDomain('carol'), schemes: ['NTLM'] };
    expect(await outcomeOf(doors.fetch as Door, rogue.url, ask)).toBe('ERR_WINWIRE_AUTH_CLOSED');
    expect(rogue.schemes).toEqual(['', 'NTLM', 'NTLM']);
  });

  const userAt = async (url: string, ask: Ask) => ((await (await fetchWith(url, ask)).json()) as TargetAnswer).user;

  it.each<[string, string, Ask, string]>([
    ['the ticket', 'kerberos', { credentials: 'default' }, principalOf('alice')],
    ['a password of Kerberos', 'negotiate', { credentials: inRealm('carol') }, principalOf('carol')],
    ['a password of NTLM', 'ntlm', { credentials: inDomain('carol'), schemes: ['NTLM'] }, accountOf('carol')],
    ['Digest', 'digest', { credentials: realm.users.carol }, 'carol'],
  ])('is authenticated by %s', async (_title, folder, ask, user) => {
    expect(await userAt(`${realm.server}/${folder}/x`, ask)).toBe(user);
  });

  it.each([
    ['of another exchange', foreignToken],
    ['that is not base64', async () => '@'],
    ['with other bytes', async () => Buffer.from('no token').toString('base64')],
    ['in quotes', async () => '"YWJj"'],
  ])('rejects a response with a final token %s', async (_title, make) => {
    const wrong = await make();
    await using rogue = await Rogue.start((authorization, response) => {
      if (authorization === '') return asking('Negotiate')(response);
      response.writeHead(200, { 'WWW-Authenticate': `Negotiate ${wrong}` }).end('{}');
    });
    const outcome = await outcomeOf(doors.fetch as Door, rogue.url, { credentials: 'default' });
    expect(outcome).toBe('ERR_WINWIRE_AUTH_WRONG_TOKEN');
  });

  it.each(['the question', 'the refusal'])('does not read the body of %s without end', async (which) => {
    await using rogue = await Rogue.start((authorization, response) => {
      const isEndless = (authorization === '') === (which === 'the question');
      if (authorization !== '' && !isEndless) return void response.end('{}');
      response.writeHead(401, { 'WWW-Authenticate': 'Negotiate' });
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) {}
      };
      if (isEndless) more();
      else response.end();
      response.on('drain', more);
    });
    const status = await (doors.fetch as Door)(rogue.url, { credentials: 'default' });
    expect(status).toBe(which === 'the question' ? 200 : 401);
  });

  it('is authenticated as the user who has logged on since', async () => {
    const url = `${realm.server}/negotiate/x`;
    const dispatcher = new ProxyDispatcher(optionsOf(url, { credentials: 'default' }));
    const users = async () => {
      const ask = async () => {
        const response = await proxiedFetch(url, { dispatcher } as never);
        return ((await response.json()) as TargetAnswer).user;
      };
      return new Set(await Promise.all(Array.from({ length: 20 }, ask)));
    };
    try {
      for (const user of ['alice', 'bob', 'carol', 'alice'] as const) {
        await logOn(user);
        expect(await users()).toEqual(new Set([principalOf(user)]));
      }
      await logOff();
      expect((await proxiedFetch(url, { dispatcher } as never)).status).toBe(401);
    } finally {
      await dispatcher.destroy();
    }
  });

  it('takes no credentials along to the target of a redirect', async () => {
    const ask: Ask = { credentials: 'default' };
    await userAt(`${realm.server}/kerberos/x`, ask);
    const response = await fetchWith(`${realm.server}/redirect/y`, ask);
    const { url, user, headers } = (await response.json()) as TargetAnswer;
    expect([url, user, headers.authorization]).toEqual(['/y', '', undefined]);
  });

  it('has a user for each of 50 requests at once by three dispatchers', async () => {
    const url = `${realm.server}/negotiate/x`;
    const asks: readonly [Ask, string | number][] = [
      [{ credentials: inRealm('bob') }, principalOf('bob')],
      [{ credentials: inDomain('carol'), schemes: ['NTLM'] }, accountOf('carol')],
      [{ credentials: 'none' }, 401],
    ];
    const requests = asks.map(async ([ask, expected]) => {
      const dispatcher = new ProxyDispatcher(optionsOf(url, ask));
      const send = async () => {
        const response = await proxiedFetch(url, { dispatcher } as never);
        const body = await response.text();
        return response.status === 200 ? (JSON.parse(body) as TargetAnswer).user : response.status;
      };
      const users = await Promise.all(Array.from({ length: 50 }, send));
      await dispatcher.destroy();
      expect(new Set(users)).toEqual(new Set([expected]));
    });
    await Promise.all(requests);
  });
});
