// Sessions of several legs. The mechanism is scripted where the test is about what winwire refuses.
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { servesOnly } from '../../lib/auth/authenticated-sockets.ts';
import { AuthenticationError } from '../../lib/auth/authentication-error.ts';
import { type AuthPeer, parseAuthPolicy } from '../../lib/auth/policy.ts';
import { AuthSession, type AuthSessionOptions } from '../../lib/auth/session.ts';
import type { TokenSource } from '../../lib/auth/token-source.ts';
import { ResponseHead } from '../../lib/http1/response-head.ts';

const REQUEST = { method: 'GET', target: '/' };
const USER = { username: 'Aladdin', password: 'open sesame' };
const BASIC = `Basic ${Buffer.from('Aladdin:open sesame').toString('base64')}`;
const NTLM_TOKEN = Buffer.from('TlRMTVNTUAABAAAA', 'base64');
const NTLM_IDENTIFIER = Buffer.from('6006060a2b06010401823702020a0000', 'hex');

let count = 0;
/** A server that no other test has. */
function serverPeer(more: Partial<AuthPeer> = {}): AuthPeer {
  const host = `s${++count}.example`;
  return { target: 'server', origin: `https://${host}`, host, port: 443, secure: true, ...more };
}

const challenge = (...values: string[]) =>
  new ResponseHead(401, 'Who', [...values.flatMap((value) => ['WWW-Authenticate', value]), 'Content-Length', '0']);
const closing = (value: string) => new ResponseHead(401, 'Who', ['WWW-Authenticate', value, 'Connection', 'close']);
const ok = (...values: string[]) => new ResponseHead(200, 'OK', values);

interface Script {
  /** The tokens of the steps, in order; an error fails its step. */
  readonly steps: readonly (string | Buffer | Error)[];
  /** The number of the step after which the mechanism is done. */
  readonly doneAfter?: number;
  user?: string;
}

/** A mechanism that answers by a script, and counts its contexts. */
class ScriptedTokens implements TokenSource {
  readonly packages: string[] = [];
  contexts = 0;
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  async open({ package: name }: Parameters<TokenSource['open']>[0]) {
    this.packages.push(name);
    this.contexts++;
    const { steps, doneAfter = Number.POSITIVE_INFINITY, user } = this.#script;
    let step = 0;
    let isOpen = true;
    return {
      identity: user,
      step: async () => {
        const token = steps[step++] ?? '';
        if (token instanceof Error) throw token;
        return { token: Buffer.from(token), done: step >= doneAfter };
      },
      close: () => {
        if (isOpen) this.contexts--;
        isOpen = false;
      },
    };
  }

  async identity() {
    return this.#script.user;
  }
}

function sessionFor(peer: AuthPeer, options: Record<string, unknown>, more?: AuthSessionOptions): AuthSession {
  const session = new AuthSession(peer, parseAuthPolicy(options), more);
  session.useConnection(new Socket());
  return session;
}

const withDefault = (peer: AuthPeer, tokens: TokenSource, schemes?: string[]) =>
  sessionFor(peer, { credentials: { [peer.origin]: 'default' }, schemes }, { tokens });

const withUser = (peer: AuthPeer, schemes?: string[]) =>
  sessionFor(peer, { credentials: { [peer.origin]: USER }, schemes });

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: AuthenticationError) => (error instanceof AuthenticationError ? error.code : String(error)),
  );

describe('passwords', () => {
  test('nothing is sent before a challenge; one success goes ahead of the next request of that user only', async () => {
    const peer = serverPeer();
    const first = withUser(peer);
    expect(await first.header(REQUEST)).toBeUndefined();
    expect(await first.accept(challenge('Basic realm="r"'))).toBe('again');
    expect(await first.header(REQUEST)).toBe(BASIC);
    await first.complete(ok());
    expect(await withUser(peer).header(REQUEST)).toBe(BASIC);
    const other = { ...USER, password: 'another' };
    expect(await sessionFor(peer, { credentials: { [peer.origin]: other } }).header(REQUEST)).toBeUndefined();
    expect(await withUser(peer, ['Digest']).header(REQUEST)).toBeUndefined();
    expect(await withUser(serverPeer()).header(REQUEST)).toBeUndefined();
  });

  test('wrong credentials are sent once, and the error names the peer and what it offers', async () => {
    const peer = serverPeer();
    const session = withUser(peer);
    await session.accept(challenge('Basic realm="r"', 'Bearer'));
    await session.header(REQUEST);
    expect(await session.accept(challenge('Basic realm="r"', 'Bearer'))).toBe('final');
    expect(session.failure).toMatchObject({ code: 'ERR_WINWIRE_AUTH_REJECTED', schemes: ['Basic', 'Bearer'] });
    expect(session.failure?.message).toContain(`The server ${peer.host}:443 rejects the credentials.`);
    expect(`${session.failure?.message} ${JSON.stringify(session.failure)}`).not.toMatch(/Aladdin|sesame/);
  });

  test('a server that offers Basic after Digest was rejected gets no password', async () => {
    const session = withUser(serverPeer());
    await session.accept(challenge('Digest realm="r", nonce="n"'));
    expect(await session.header(REQUEST)).toMatch(/^Digest /);
    expect(await session.accept(challenge('Basic realm="r"'))).toBe('final');
  });

  test('a function is asked again after a rejection, once, and not for the same answer', async () => {
    const attempts: number[] = [];
    const credentials = ({ attempt }: { attempt: number }) => {
      attempts.push(attempt);
      return { username: 'u', password: String(attempt) };
    };
    const session = sessionFor(serverPeer(), { credentials });
    expect(await session.identity()).toBe('');
    for (const outcome of ['again', 'again', 'final']) {
      await session.header(REQUEST);
      expect(await session.accept(challenge('Basic realm="r"'))).toBe(outcome);
    }
    expect(attempts).toEqual([1, 2]);
    const stubborn = sessionFor(serverPeer(), { credentials: () => USER });
    await stubborn.accept(challenge('Basic realm="r"'));
    await stubborn.header(REQUEST);
    expect(await stubborn.accept(challenge('Basic realm="r"'))).toBe('final');
    expect(stubborn.failure?.code).toBe('ERR_WINWIRE_AUTH_REJECTED');
  });

  test.each([
    [{}, 'ERR_WINWIRE_AUTH_NO_CREDENTIALS'],
    [{ schemes: ['Digest'], credentials: () => USER }, 'ERR_WINWIRE_AUTH_NO_SCHEME'],
  ])('what cannot be answered ends with its reason: %j', async (options, code) => {
    const session = sessionFor(serverPeer(), options);
    expect(await session.accept(challenge('Basic realm="r"'))).toBe('final');
    expect(session.failure?.code).toBe(code);
  });

  test('a connection that the peer closes is replaced', async () => {
    const session = withUser(serverPeer());
    expect(await session.accept(closing('Basic realm="r"'))).toBe('again on a new connection');
    session.useConnection(new Socket());
    expect(await session.header(REQUEST)).toBe(BASIC);
    expect(session.closed()).toBe('again on a new connection');
    await session.header(REQUEST);
    expect(session.closed()).toBe('final');
  });
});

describe('tokens', () => {
  test.each([
    ['a message of NTLM', NTLM_TOKEN],
    ['NTLM inside another token', Buffer.concat([Buffer.from('6020', 'hex'), NTLM_TOKEN, Buffer.alloc(4)])],
    ['an offer of NTLM', NTLM_IDENTIFIER],
  ])('%s is not sent to a server, unless NTLM is named', async (_, token) => {
    const tokens = new ScriptedTokens({ steps: [token], user: 'u' });
    const session = withDefault(serverPeer(), tokens);
    expect(await session.accept(challenge('Negotiate'))).toBe('final');
    expect(session.failure?.code).toBe('ERR_WINWIRE_AUTH_NTLM_NOT_ALLOWED');
    expect(await session.header(REQUEST)).toBeUndefined();
    expect([tokens.packages, tokens.contexts]).toEqual([['Kerberos'], 0]);
    const named = withDefault(serverPeer(), tokens, ['Negotiate', 'NTLM']);
    expect(await named.accept(challenge('Negotiate'))).toBe('again');
    expect(await named.header(REQUEST)).toBe(`Negotiate ${token.toString('base64')}`);
  });

  test('NTLM in a later token is not sent either', async () => {
    const tokens = new ScriptedTokens({ steps: ['kerberos', NTLM_TOKEN], user: 'u' });
    const session = withDefault(serverPeer(), tokens);
    await session.accept(challenge('Negotiate'));
    await session.header(REQUEST);
    expect(await codeOf(session.accept(challenge('Negotiate aaaa')))).toBe('ERR_WINWIRE_AUTH_NTLM_NOT_ALLOWED');
    expect(tokens.contexts).toBe(0);
  });

  test('a challenge of NTLM alone is not answered for a server', async () => {
    const tokens = new ScriptedTokens({ steps: [NTLM_TOKEN], user: 'u' });
    const session = withDefault(serverPeer(), tokens);
    expect(await session.accept(challenge('NTLM', 'Basic realm="r"'))).toBe('final');
    expect([session.failure?.code, tokens.packages]).toEqual(['ERR_WINWIRE_AUTH_NO_SCHEME', []]);
  });

  test('legs without end are ended after five', async () => {
    const tokens = new ScriptedTokens({ steps: Array.from({ length: 9 }, () => 't'), user: 'u' });
    const session = withDefault(serverPeer(), tokens);
    let legs = 0;
    const run = async () => {
      for (let head = challenge('Negotiate'); (await session.accept(head)) === 'again'; legs++) {
        await session.header(REQUEST);
        head = challenge('Negotiate aaaa');
      }
    };
    expect(await codeOf(run())).toBe('ERR_WINWIRE_AUTH_TOO_MANY_LEGS');
    expect(legs).toBe(5);
  });

  test('a final token is checked; an absent one is accepted', async () => {
    const wrong = Object.assign(new Error('bad signature'), { code: 'ERR_WINWIRE_AUTH_WRONG_TOKEN' });
    const answered = async (steps: Script['steps'], doneAfter: number | undefined, head: ResponseHead) => {
      const tokens = new ScriptedTokens({ steps, user: 'u', ...(doneAfter && { doneAfter }) });
      const session = withDefault(serverPeer(), tokens);
      await session.accept(challenge('Negotiate'));
      await session.header(REQUEST);
      const code = await codeOf(session.complete(head));
      session.close();
      return [code, tokens.contexts];
    };
    const token = ok('WWW-Authenticate', 'Negotiate YWJj');
    expect(await answered(['t', ''], 2, token)).toEqual(['no error', 0]);
    expect(await answered(['t', ''], 2, ok())).toEqual(['no error', 0]);
    expect(await answered(['t', ''], 2, ok('WWW-Authenticate', 'Negotiate'))).toEqual(['no error', 0]);
    expect(await answered(['t', ''], 2, ok('WWW-Authenticate', 'Basic @, Negotiate'))).toEqual(['no error', 0]);
    for (const value of ['Negotiate @', 'Negotiate "YWJj"', 'Negotiate a=b', 'Basic realm="x", Negotiate YWJj YWJj']) {
      expect(await answered(['t', ''], 2, ok('WWW-Authenticate', value))).toEqual(['ERR_WINWIRE_AUTH_WRONG_TOKEN', 0]);
    }
    expect(await answered(['t', wrong], 2, token)).toEqual(['ERR_WINWIRE_AUTH_WRONG_TOKEN', 0]);
    expect(await answered(['t', ''], undefined, token)).toEqual(['ERR_WINWIRE_AUTH_WRONG_TOKEN', 0]);
    expect(await answered(['t', 'more'], undefined, token)).toEqual(['ERR_WINWIRE_AUTH_WRONG_TOKEN', 0]);
  });

  test('a connection that closes between two legs is an error, after the first leg it is replaced', async () => {
    const session = withDefault(serverPeer(), new ScriptedTokens({ steps: ['one', 'two'], user: 'u' }));
    await session.accept(challenge('Negotiate'));
    await session.header(REQUEST);
    expect(session.closed()).toBe('again on a new connection');
    session.useConnection(new Socket());
    expect(await session.header(REQUEST)).toBe(`Negotiate ${btoa('one')}`);
    expect(await session.accept(challenge('Negotiate aaaa'))).toBe('again');
    expect(() => session.closed()).toThrow(expect.objectContaining({ code: 'ERR_WINWIRE_AUTH_CLOSED' }));
    const announced = withDefault(serverPeer(), new ScriptedTokens({ steps: ['one', 'two'], user: 'u' }));
    await announced.accept(challenge('Negotiate'));
    await announced.header(REQUEST);
    expect(await codeOf(announced.accept(closing('Negotiate aaaa')))).toBe('ERR_WINWIRE_AUTH_CLOSED');
  });

  test('the failure of a mechanism keeps its kind, and other schemes are tried', async () => {
    const noTicket = Object.assign(new Error('no ticket'), { code: 'ERR_WINWIRE_AUTH_NO_TICKET' });
    const peer = serverPeer();
    const session = withDefault(peer, new ScriptedTokens({ steps: [noTicket] }));
    expect(await session.accept(challenge('Negotiate'))).toBe('final');
    expect(session.failure).toMatchObject({
      code: 'ERR_WINWIRE_AUTH_NO_TICKET',
      cause: noTicket,
      servicePrincipalName: `HTTP/${peer.host}`,
    });
    const tokens = new ScriptedTokens({ steps: [noTicket] });
    const withPassword = sessionFor(peer, { credentials: { [peer.origin]: USER } }, { tokens });
    expect(await withPassword.accept(challenge('Negotiate', 'Basic realm="r"'))).toBe('again');
    expect(await withPassword.header(REQUEST)).toBe(BASIC);
  });

  test('an authenticated connection needs no token, a new one gets it at once, and a change of user is seen', async () => {
    const script: Script = { steps: ['token'], doneAfter: 1, user: 'alice' };
    const tokens = new ScriptedTokens(script);
    const peer = serverPeer();
    const socket = new Socket();
    const request = async (on: Socket, head = ok()) => {
      const session = withDefault(peer, tokens);
      session.useConnection(on);
      const header = await session.header(REQUEST);
      if (header !== undefined) await session.complete(head);
      return [await session.identity(), header];
    };
    const first = withDefault(peer, tokens);
    first.useConnection(socket);
    await first.accept(challenge('Negotiate'));
    await first.header(REQUEST);
    await first.complete(ok());
    const header = `Negotiate ${btoa('token')}`;
    expect(await request(socket)).toEqual(['default alice', undefined]);
    expect(await request(new Socket())).toEqual(['default alice', header]);
    script.user = 'bob';
    await expect(request(socket)).rejects.toThrow('another identity');
    expect(await request(new Socket())).toEqual(['default bob', undefined]);
    expect(tokens.contexts).toBe(0);
  });

  test('a connection serves one request if the mechanism does not name the user', async () => {
    const tokens = new ScriptedTokens({ steps: ['one', 'two'], doneAfter: 2 });
    const peer = serverPeer();
    const socket = new Socket();
    const first = withDefault(peer, tokens);
    first.useConnection(socket);
    await first.accept(challenge('Negotiate'));
    await first.header(REQUEST);
    expect(await first.accept(challenge('Negotiate aaaa'))).toBe('again');
    expect(await first.header(REQUEST)).toBe(`Negotiate ${btoa('two')}`);
    await first.complete(ok());
    expect(first.isChosen).toBe(true);
    // The next request of the same session, as behind an OPTIONS.
    expect(servesOnly(socket, [await first.identity()])).toBe(true);
    expect(await first.header(REQUEST)).toBeUndefined();
    const next = withDefault(peer, tokens);
    expect(servesOnly(socket, [await next.identity()])).toBe(false);
    next.useConnection(socket);
    await expect(next.header(REQUEST)).rejects.toThrow('another identity');
    // The scheme that succeeded goes ahead on a new one.
    next.useConnection(new Socket());
    expect(await next.header(REQUEST)).toBe(`Negotiate ${btoa('one')}`);
    next.close();
  });

  test('behind a proxy that does not keep users apart, a server gets a token only by a tunnel', async () => {
    const peer = serverPeer({ isProxied: true, secure: false, port: 80 });
    const named = { ...peer, origin: `http://${peer.host}` };
    const session = withDefault(named, new ScriptedTokens({ steps: ['t', 't'], user: 'u' }));
    await session.header(REQUEST);
    expect([await session.accept(challenge('Negotiate')), session.needsTunnel]).toEqual([
      'again on a new connection',
      true,
    ]);
    session.useConnection(new Socket());
    expect(await session.header(REQUEST)).toBeUndefined();
    expect(await session.accept(challenge('Negotiate'))).toBe('again');
    const other = withDefault(named, new ScriptedTokens({ steps: ['t'], user: 'u' }));
    const supported = ['WWW-Authenticate', 'Negotiate', 'Proxy-Support', 'Session-Based-Authentication'];
    expect(await other.accept(new ResponseHead(401, 'Who', supported))).toBe('again');
    expect(other.needsTunnel).toBe(false);
  });

  test('a token with which the peer rejects is a rejection, whatever the mechanism says of it', async () => {
    const failed = Object.assign(new Error('bad mech'), { code: 'ERR_WINWIRE_AUTH_MECHANISM' });
    const session = withDefault(serverPeer(), new ScriptedTokens({ steps: ['one', failed], user: 'u' }));
    await session.accept(challenge('Negotiate'));
    await session.header(REQUEST);
    expect(await session.accept(challenge('Negotiate aaaa'))).toBe('final');
    expect(session.failure).toMatchObject({ code: 'ERR_WINWIRE_AUTH_REJECTED', cause: failed });
  });
});
