/** The authentication of one request with one peer, over the connections that it needs. */
import type { Socket } from 'node:net';
import { isPersistent } from '../http1/body-reader.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { AuthScheme, Challenge } from './auth-types.ts';
import { claimSocket, identityOn } from './authenticated-sockets.ts';
import { AuthenticationError, type AuthenticationErrorCode, codeOfMechanism } from './authentication-error.ts';
import { challengesIn, knownSchemes, type ParsedChallenge } from './challenges.ts';
import { channelBindingOf } from './channel-binding.ts';
import { isSameAnswer } from './credential-answers.ts';
import type { AuthRequest } from './digest.ts';
import { defaultIdentity, identityOf, isUnnamed, unnamedIdentity } from './identity.ts';
import { DigestAnswer } from './password-answer.ts';
import { type AuthPeer, type AuthPolicy, isAskedLater, type Permission, permissionFor } from './policy.ts';
import { forgetSuccess, lastChallengeOf, rememberChallenge, rememberSuccess, successFor } from './remembered.ts';
import type { SchemeAnswer } from './scheme-answer.ts';
import {
  type AnswerContext,
  bestScheme,
  bindsConnection,
  chooseAnswer,
  earlyAnswer,
  faultOf,
} from './scheme-choice.ts';
import { servicePrincipalNameOf } from './service-name.ts';
import { systemTokens } from './system-tokens.ts';
import { TokenAnswer, TokenFault } from './token-answer.ts';
import type { TokenSource } from './token-source.ts';

/**
 * What follows a challenge: the request again on the same connection, the request again on a new one, or nothing; then
 * the response is the result.
 */
export type AuthOutcome = 'again' | 'again on a new connection' | 'final';

/** Settings of an {@link AuthSession}. */
export interface AuthSessionOptions {
  /** Ends a step of the mechanism. */
  readonly signal?: AbortSignal | undefined;
  /** Schemes that are sent with the first request after an earlier success; default: all. */
  readonly early?: readonly AuthScheme[];
  /** Default: SSPI or GSSAPI. */
  readonly tokens?: TokenSource;
}

/** How often a function is asked for credentials: it may correct a wrong answer once. */
const MAX_ATTEMPTS = 2;

/**
 * Answers the challenges of one peer for one request. In order: `useConnection` for each connection; `header` for each
 * request on it; then `accept` for a challenge (401 of a server, 407 of a proxy), `complete` for any other response,
 * `closed` for none. `close` at the end.
 */
export class AuthSession {
  readonly #peer: AuthPeer;
  readonly #policy: AuthPolicy;
  readonly #options: AuthSessionOptions;
  readonly #tokens: TokenSource;
  #socket: Socket | undefined;
  #permission: Permission | undefined;
  /** The last challenge that a function was called with. */
  #asked: { readonly text: string; readonly permission: Promise<Permission | undefined> } | undefined;
  #identity = '';
  /** That of the current connection, if the mechanism does not name the user. */
  #unnamed: string | undefined;
  #answer: SchemeAnswer | undefined;
  /** The last request had the answer in its header. */
  #isSent = false;
  /** The answer was not asked for: it repeats an earlier success. */
  #isEarly = false;
  #isPerRequest = false;
  #attempt = 1;
  #reconnects = 0;
  #offered: readonly string[] = [];
  #service: string | undefined;
  #failure: AuthenticationError | undefined;
  #needsTunnel = false;

  constructor(peer: AuthPeer, policy: AuthPolicy, options: AuthSessionOptions = {}) {
    this.#peer = peer;
    this.#policy = policy;
    this.#options = options;
    this.#tokens = options.tokens ?? systemTokens;
  }

  /**
   * Returns the identity that the peer may learn, `''` for none; read anew. Connections of different identities must
   * not be shared. A function that chooses the credentials is called with the last challenge of a proxy; it is `''` while
   * there is none, and for a server until it asks.
   */
  async identity(): Promise<string> {
    const known = this.#isAskedLater ? this.#unanswered : [];
    if (known) this.#permission = await this.#permissionFor(known);
    await this.#identify();
    return this.#identity;
  }

  /** The identity that the peer was last sent the credentials of, or would be. */
  get lastIdentity(): string {
    return this.#identity;
  }

  /** Whether the next request may be another user's: a function has chosen this one, or the mechanism does not name it. */
  get isChosen(): boolean {
    return (this.#isAskedLater && this.#identity !== '') || isUnnamed(this.#owner);
  }

  /** Why the last outcome was `'final'`; undefined if there was no challenge. */
  get failure(): AuthenticationError | undefined {
    return this.#failure;
  }

  /** The server needs a tunnel through the proxy, because the proxy does not keep connections of users apart. */
  get needsTunnel(): boolean {
    return this.#needsTunnel;
  }

  /** Whether the answer to the last challenge authenticates the connection, and not a request. */
  get bindsConnection(): boolean {
    return this.#answer?.isConnectionBound === true;
  }

  /** Whether an earlier success has authenticated its connection: a new one needs a token too, of one leg or more. */
  async needsToken(): Promise<boolean> {
    const identity = await this.identity();
    const success = identity === '' ? undefined : successFor(this.#peer, identity);
    return success !== undefined && bindsConnection(success.scheme);
  }

  /** Whether the peer may ask for credentials: no, if it is a proxy that did not when it was last used without them. */
  get mayAsk(): boolean {
    return lastChallengeOf(this.#peer)?.length !== 0;
  }

  /** The last request had an answer that the response has to confirm. */
  get isPending(): boolean {
    return this.#isSent;
  }

  /** A token of the peer has been answered: the connection must stay the same. */
  get isMidLeg(): boolean {
    return this.#answer?.isMidLeg === true;
  }

  /** The next request uses this connection. Tokens of an earlier connection are dropped. */
  useConnection(socket: Socket): void {
    if (socket === this.#socket) return;
    if (this.#socket) this.#answer?.close();
    this.#socket = socket;
    this.#isSent = false;
  }

  /**
   * Returns the value of the Authorization or Proxy-Authorization header; undefined for none.
   *
   * @throws {AuthenticationError} if a token cannot be made; {AbortError}
   */
  async header(request: AuthRequest): Promise<string | undefined> {
    this.#isSent = false;
    if (!this.#answer) await this.#answerEarly();
    const answer = this.#answer;
    if (this.#owner !== undefined && this.#owner !== this.#identity) throw new Error(FOREIGN);
    if (!answer) return undefined;
    const value = await this.#catching(() => answer.header(request));
    this.#isSent = value !== undefined;
    if (answer.isConnectionBound) this.#claim(answer);
    return value;
  }

  /**
   * Processes a challenge.
   *
   * @throws {AuthenticationError} if the peer breaks off or does not end the exchange; {AbortError}
   */
  async accept(head: ResponseHead): Promise<AuthOutcome> {
    const challenges = challengesIn(head, this.#peer.target);
    this.#offered = challenges.map(({ name }) => name);
    this.#failure = undefined;
    rememberChallenge(this.#peer, challenges);
    const stays = isPersistent(head);
    if (this.#isSent) {
      const outcome = await this.#continue(challenges, stays);
      if (outcome) return outcome;
    } else if (this.#owner !== undefined) {
      // The peer asks on an authenticated connection again.
      this.#isPerRequest = true;
    }
    const permission = await this.#allow(challenges);
    if (!permission) return 'final';
    if (this.#mustTunnel(permission, challenges, head)) {
      this.#needsTunnel = true;
      return 'again on a new connection';
    }
    if (!(await this.#choose(permission, challenges))) return 'final';
    const isForeign = this.#owner !== undefined && this.#owner !== this.#identity;
    return stays && !isForeign ? 'again' : 'again on a new connection';
  }

  /**
   * Processes a response that is not a challenge of this peer.
   *
   * @throws {AuthenticationError} ERR_WINWIRE_AUTH_WRONG_TOKEN: close the connection, and do not use the response
   */
  async complete(head: ResponseHead): Promise<void> {
    const answer = this.#answer;
    if (!this.#isSent && this.#owner === undefined) rememberChallenge(this.#peer, []);
    if (!answer || !this.#isSent) return;
    await this.#catching(() => answer.complete(challengesIn(head, this.#peer.target)));
    this.#isSent = false;
    const digest = answer instanceof DigestAnswer ? { digest: answer.state } : {};
    const success = { scheme: answer.scheme, isPerRequest: this.#isPerRequest, ...digest };
    if (this.#identity !== '') rememberSuccess(this.#peer, this.#identity, success);
    if (!answer.isConnectionBound) return;
    answer.close();
    this.#answer = undefined;
  }

  /**
   * The connection was closed before the response.
   *
   * @throws {AuthenticationError} ERR_WINWIRE_AUTH_CLOSED between two legs
   */
  closed(cause?: unknown): AuthOutcome {
    if (this.#answer?.isMidLeg) throw this.#error('ERR_WINWIRE_AUTH_CLOSED', cause);
    if (!this.#answer || !this.#isSent) return 'final';
    return this.#reconnects++ === 0 ? 'again on a new connection' : 'final';
  }

  /** Frees the context of the mechanism. */
  close(): void {
    this.#answer?.close();
    this.#answer = undefined;
    this.#isSent = false;
  }

  /** Processes a challenge after an answer; undefined if another answer may be tried. */
  async #continue(challenges: readonly ParsedChallenge[], stays: boolean): Promise<AuthOutcome | undefined> {
    const answer = this.#answer as SchemeAnswer;
    if (await this.#catching(() => answer.next(challenges))) {
      if (stays) return 'again';
      if (answer.isConnectionBound) throw this.#error('ERR_WINWIRE_AUTH_CLOSED');
      return 'again on a new connection';
    }
    // What succeeded before may be outdated: the challenge gets one more answer.
    const mayAnswer = this.#isEarly;
    const cause = answer instanceof TokenAnswer ? answer.rejection : undefined;
    if (!mayAnswer) this.#failure = this.#error('ERR_WINWIRE_AUTH_REJECTED', cause);
    if (!mayAnswer) this.#attempt++;
    this.#isEarly = false;
    answer.close();
    this.#answer = undefined;
    forgetSuccess(this.#peer, this.#identity);
    const mayAsk = this.#isAskedLater && this.#attempt <= MAX_ATTEMPTS;
    return mayAnswer || mayAsk ? undefined : 'final';
  }

  /** Returns what may be sent as an answer, unless it was rejected before. */
  async #allow(challenges: readonly ParsedChallenge[]): Promise<Permission | undefined> {
    const rejected = this.#failure && this.#permission?.credentials;
    const permission = await this.#permissionFor(challenges);
    if (!permission) this.#failure ??= this.#error('ERR_WINWIRE_AUTH_NO_CREDENTIALS');
    if (!permission || (rejected && isSameAnswer(rejected, permission.credentials))) return undefined;
    this.#permission = permission;
    await this.#identify();
    return permission;
  }

  async #identify(): Promise<void> {
    const identity = await identityOf(this.#permission, this.#tokens);
    this.#identity = isUnnamed(identity) ? (this.#unnamed ?? identity) : identity;
  }

  /** Chooses an answer; false if there is none. */
  async #choose(permission: Permission, challenges: readonly ParsedChallenge[]): Promise<boolean> {
    const { answer, fault } = await chooseAnswer(this.#context(permission), challenges);
    this.#answer = answer;
    this.#failure = answer ? undefined : fault ? this.#errorOf(fault) : this.#error('ERR_WINWIRE_AUTH_NO_SCHEME');
    return answer !== undefined;
  }

  /** Repeats an earlier success of the identity. */
  async #answerEarly(): Promise<void> {
    const identity = await this.identity();
    const success = identity === '' ? undefined : successFor(this.#peer, identity);
    const { early } = this.#options;
    if (!success || !this.#permission || (early && !early.includes(success.scheme))) return;
    this.#isPerRequest = success.isPerRequest === true;
    // An authenticated connection needs no further token.
    if (this.#owner !== undefined && bindsConnection(success.scheme) && !this.#isPerRequest) return;
    const answer = earlyAnswer(this.#context(this.#permission), success);
    if (!answer || (answer instanceof TokenAnswer && (await faultOf(answer)))) return;
    this.#answer = answer;
    this.#isEarly = true;
  }

  /** RFC 4559 section 6: without this field the proxy may use the connection for other users. */
  #mustTunnel(permission: Permission, challenges: readonly ParsedChallenge[], head: ResponseHead): boolean {
    if (!this.#peer.isProxied || this.#needsTunnel) return false;
    if (head.list('proxy-support').includes('session-based-authentication')) return false;
    return bindsConnection(bestScheme(permission, challenges));
  }

  /** The identity that has authenticated the current connection. */
  get #owner(): string | undefined {
    return this.#socket && identityOn(this.#socket, this.#peer);
  }

  get #isAskedLater(): boolean {
    return isAskedLater(this.#peer, this.#policy);
  }

  /** The proxy's last challenge, unless a function was asked about one for this request. */
  get #unanswered(): readonly ParsedChallenge[] | undefined {
    const last = this.#asked ? undefined : lastChallengeOf(this.#peer);
    return last?.length === 0 ? undefined : last;
  }

  /** Calls a function once for each challenge of the request. */
  #permissionFor(challenges: readonly ParsedChallenge[]): Promise<Permission | undefined> {
    const challenge = this.#challenge(challenges);
    if (!this.#isAskedLater) return permissionFor(this.#peer, this.#policy, challenge);
    const text = JSON.stringify(challenge);
    if (this.#asked?.text !== text) {
      this.#asked = { text, permission: permissionFor(this.#peer, this.#policy, challenge) };
    }
    return this.#asked.permission;
  }

  #challenge(challenges: readonly ParsedChallenge[]): Challenge {
    const { target, origin, host, port, secure, source } = this.#peer;
    const realm = challenges.find(({ parameters }) => parameters.has('realm'))?.parameters.get('realm');
    return Object.freeze({
      target,
      origin,
      host,
      port,
      secure,
      schemes: Object.freeze(knownSchemes(challenges)),
      ...(realm !== undefined && { realm }),
      attempt: this.#attempt,
      ...(source !== undefined && { source }),
    });
  }

  #context(permission: Permission): AnswerContext {
    const { servicePrincipalName } = this.#policy;
    return {
      peer: this.#peer,
      permission,
      tokens: this.#tokens,
      signal: this.#options.signal,
      service: async () => {
        this.#service ??= await servicePrincipalNameOf(this.#challenge([]), servicePrincipalName);
        return this.#service;
      },
      channelBinding: () => channelBindingOf(this.#socket),
    };
  }

  /** The connection belongs to the user whose token is sent, who may have logged on after the identity was read. */
  #claim(answer: SchemeAnswer): void {
    if (this.#permission?.credentials === 'default') {
      const user = answer instanceof TokenAnswer ? answer.user : undefined;
      if (user !== undefined) this.#identity = defaultIdentity(user);
      else if (!isUnnamed(this.#owner)) this.#identity = this.#unnamed = unnamedIdentity();
    }
    if (this.#socket) claimSocket(this.#socket, this.#peer, this.#identity);
  }

  async #catching<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof TokenFault)) throw error;
      forgetSuccess(this.#peer, this.#identity);
      throw this.#errorOf(error);
    }
  }

  #errorOf({ fault, cause }: TokenFault): AuthenticationError {
    const codes = {
      ntlm: 'ERR_WINWIRE_AUTH_NTLM_NOT_ALLOWED',
      legs: 'ERR_WINWIRE_AUTH_TOO_MANY_LEGS',
      'wrong-token': 'ERR_WINWIRE_AUTH_WRONG_TOKEN',
      mechanism: codeOfMechanism(cause),
    } as const;
    return this.#error(codes[fault], cause);
  }

  #error(code: AuthenticationErrorCode, cause?: unknown): AuthenticationError {
    const { target, host, port } = this.#peer;
    const isNamed = bindsConnection(this.#answer?.scheme) || cause !== undefined;
    const servicePrincipalName = isNamed ? this.#service : undefined;
    return new AuthenticationError(code, { target, host, port, schemes: this.#offered, servicePrincipalName, cause });
  }
}

const FOREIGN = 'a connection that another identity has authenticated cannot be used';
