/** Answers by Basic (RFC 7617) and Digest (RFC 7616). */
import type { Credentials } from './auth-types.ts';
import type { ParsedChallenge } from './challenges.ts';
import { fullName } from './credential-answers.ts';
import { type AuthRequest, digestAnswer } from './digest.ts';
import type { SchemeAnswer } from './scheme-answer.ts';

/** The challenge of Digest that is answered, and how often it was. */
export interface DigestState {
  readonly parameters: ReadonlyMap<string, string>;
  count: number;
}

/** Limits the retries with a server that declares every nonce stale. */
const MAX_STALE = 3;

export class BasicAnswer implements SchemeAnswer {
  readonly scheme = 'Basic';
  readonly isConnectionBound = false;
  readonly isMidLeg = false;
  readonly #credentials: Credentials;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  async header(): Promise<string> {
    return `Basic ${Buffer.from(`${fullName(this.#credentials)}:${this.#credentials.password}`).toString('base64')}`;
  }

  async next(): Promise<boolean> {
    return false;
  }

  async complete(): Promise<void> {}

  close(): void {}
}

export class DigestAnswer implements SchemeAnswer {
  readonly scheme = 'Digest';
  readonly isConnectionBound = false;
  readonly isMidLeg = false;
  readonly #credentials: Credentials;
  #state: DigestState;
  #staleCount = 0;

  constructor(credentials: Credentials, state: DigestState) {
    this.#credentials = credentials;
    this.#state = state;
  }

  /** Other connections of the same user may continue to count with it. */
  get state(): DigestState {
    return this.#state;
  }

  async header(request: AuthRequest): Promise<string | undefined> {
    this.#state.count++;
    return digestAnswer(this.#state.parameters, this.#credentials, request, this.#state.count);
  }

  /** A stale nonce is not a rejection. */
  async next(challenges: readonly ParsedChallenge[]): Promise<boolean> {
    const parameters = answerableDigest(challenges, this.#credentials);
    const isStale = parameters?.get('stale')?.toLowerCase() === 'true';
    if (!parameters || !isStale || ++this.#staleCount > MAX_STALE) return false;
    this.#state = { parameters, count: 0 };
    return true;
  }

  async complete(): Promise<void> {}

  close(): void {}
}

/** Returns the parameters of the first challenge of Digest whose algorithm and quality of protection are known. */
export function answerableDigest(
  challenges: readonly ParsedChallenge[],
  credentials: Credentials,
): ReadonlyMap<string, string> | undefined {
  const request = { method: '', target: '' };
  const found = challenges.find(
    ({ scheme, parameters }) => scheme === 'digest' && digestAnswer(parameters, credentials, request, 1) !== undefined,
  );
  return found?.parameters;
}
