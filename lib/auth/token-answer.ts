/** Answers by Negotiate (RFC 4559) and NTLM, with tokens of SSPI or GSSAPI. */
import type { Credentials } from './auth-types.ts';
import { codeOfMechanism } from './authentication-error.ts';
import type { ParsedChallenge } from './challenges.ts';
import { hasNtlm } from './ntlm-token.ts';
import type { SchemeAnswer } from './scheme-answer.ts';
import type { TokenContext, TokenScheme, TokenSource } from './token-source.ts';

/** The maximum number of tokens sent in one authentication. */
const MAX_LEGS = 5;

const REJECTIONS: ReadonlySet<string> = new Set([
  'ERR_WINWIRE_AUTH_MECHANISM',
  'ERR_WINWIRE_AUTH_NO_MECHANISM',
  'ERR_WINWIRE_AUTH_REJECTED',
]);

/** Why the exchange of tokens ended. */
export class TokenFault extends Error {
  readonly fault: 'mechanism' | 'ntlm' | 'legs' | 'wrong-token';

  constructor(fault: TokenFault['fault'], cause?: unknown) {
    super(fault, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}

/** What a token is made for, and by what. */
export interface TokenSettings {
  readonly scheme: TokenScheme;
  readonly credentials: 'default' | Credentials;
  /** Returns `HTTP/host`. */
  readonly service: () => Promise<string>;
  /** Returns the binding to the current connection. */
  readonly channelBinding: () => Buffer | undefined;
  readonly source: TokenSource;
  readonly signal: AbortSignal | undefined;
  readonly onStep: (step: TokenStepSizes) => void;
}

/** A step without its bytes. */
export interface TokenStepSizes {
  readonly servicePrincipalName: string;
  /** The number of the step, from 1. */
  readonly leg: number;
  readonly received: number;
  readonly sent: number;
}

export class TokenAnswer implements SchemeAnswer {
  readonly scheme: TokenSettings['scheme'];
  readonly isConnectionBound = true;
  readonly #settings: TokenSettings;
  readonly #word: 'Negotiate' | 'NTLM';
  #context: TokenContext | undefined;
  #service = '';
  /** The token of the next header. */
  #token: Buffer | undefined;
  /** What the mechanism said of a token with which the peer rejected the last one. */
  rejection: unknown;
  #legs = 0;
  #steps = 0;
  #isDone = false;

  constructor(settings: TokenSettings) {
    this.scheme = settings.scheme;
    this.#settings = settings;
    this.#word = settings.scheme === 'NTLM' ? 'NTLM' : 'Negotiate';
  }

  /** The name of the user whose token was made, if the mechanism tells. */
  get user(): string | undefined {
    return this.#context?.identity;
  }

  get isMidLeg(): boolean {
    return this.#legs > 1 || (this.#legs === 1 && this.#token !== undefined);
  }

  /**
   * Makes the first token, unless it exists.
   *
   * @throws {TokenFault} mechanism, ntlm.
   */
  async prepare(): Promise<void> {
    if (this.#context) return;
    const { scheme, credentials, source, signal, channelBinding } = this.#settings;
    this.#service = await this.#settings.service();
    const request = {
      package: scheme,
      service: this.#service,
      credentials: credentials === 'default' ? undefined : splitName(credentials),
      channelBinding: channelBinding(),
    };
    try {
      this.#context = await source.open(request, { signal });
    } catch (error) {
      throw signal?.aborted ? error : new TokenFault('mechanism', error);
    }
    await this.#step(undefined, 'mechanism');
    if (this.#token === undefined) throw new TokenFault('mechanism', new Error('the mechanism made no token'));
  }

  /** @throws {TokenFault} */
  async header(): Promise<string | undefined> {
    await this.prepare();
    const token = this.#token;
    this.#token = undefined;
    if (token === undefined) return undefined;
    this.#legs++;
    return `${this.#word} ${token.toString('base64')}`;
  }

  /** @throws {TokenFault} for a token of the peer that the mechanism rejects, and for too many legs. */
  async next(challenges: readonly ParsedChallenge[]): Promise<boolean> {
    const token = this.#tokenIn(challenges);
    // A challenge without a token, or a token after the last one, is a rejection.
    if (token === undefined || !this.#context || this.#isDone) return false;
    if (this.#legs >= MAX_LEGS) throw new TokenFault('legs');
    try {
      await this.#step(token, 'mechanism');
    } catch (error) {
      if (!this.#isRejection(error)) throw error;
      this.rejection = (error as TokenFault).cause;
      return false;
    }
    return this.#token !== undefined;
  }

  /** A server rejects with a token too, at which the mechanism only says that it failed. */
  #isRejection(error: unknown): boolean {
    if (!(error instanceof TokenFault) || error.fault !== 'mechanism') return false;
    const code = codeOfMechanism(error.cause);
    return REJECTIONS.has(code) || (code === 'ERR_WINWIRE_AUTH_WRONG_TOKEN' && this.#legs > 1);
  }

  /** An absent final token is accepted: many proxies send none. @throws {TokenFault} for a wrong one. */
  async complete(challenges: readonly ParsedChallenge[]): Promise<void> {
    const token = this.#tokenIn(challenges);
    // A mechanism that is done cannot check a token, and needs none.
    if (!this.#context || this.#legs === 0 || this.#isDone) return;
    if (token === undefined) {
      if (challenges.some((challenge) => this.#isMine(challenge) && isNoToken(challenge)))
        throw new TokenFault('wrong-token');
      return;
    }
    await this.#step(token, 'wrong-token');
    if (!this.#isDone || this.#token !== undefined) throw new TokenFault('wrong-token');
  }

  close(): void {
    this.#context?.close();
    this.#context = undefined;
    this.#token = undefined;
    this.#legs = 0;
    this.#steps = 0;
    this.#isDone = false;
  }

  async #step(input: Buffer | undefined, fault: TokenFault['fault']): Promise<void> {
    const { scheme, signal, onStep } = this.#settings;
    const context = this.#context as TokenContext;
    let step: Awaited<ReturnType<TokenContext['step']>>;
    try {
      step = await context.step(input, { signal });
    } catch (error) {
      throw signal?.aborted ? error : new TokenFault(fault, error);
    }
    this.#isDone = step.done;
    this.#token = step.token.length > 0 ? step.token : undefined;
    const [sent, received] = [step.token.length, input?.length ?? 0];
    onStep({ servicePrincipalName: this.#service, leg: ++this.#steps, received, sent });
    if (scheme !== 'Kerberos' || !this.#token || !hasNtlm(this.#token)) return;
    this.close();
    throw new TokenFault('ntlm');
  }

  #tokenIn(challenges: readonly ParsedChallenge[]): Buffer | undefined {
    const token = challenges.find((challenge) => this.#isMine(challenge) && challenge.token !== undefined)?.token;
    return token === undefined ? undefined : Buffer.from(token, 'base64');
  }

  #isMine({ scheme }: ParsedChallenge): boolean {
    return scheme === this.#word.toLowerCase();
  }
}

/** Something stands in the place of a token. */
const isNoToken = ({ isMalformed, parameters }: ParsedChallenge): boolean => isMalformed || parameters.size > 0;

/** Splits `DOMAIN\user`; a name with `@` stays whole. */
function splitName(credentials: Credentials): Credentials {
  const { username, password, domain } = credentials;
  const [, before = '', after = ''] = /^([^\\@]+)\\(.*)$/s.exec(username) ?? [];
  return domain === undefined && before !== '' ? { username: after, password, domain: before } : credentials;
}
