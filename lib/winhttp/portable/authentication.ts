/** Answers to the challenges of servers and proxies: Basic (RFC 7617) and Digest (RFC 7616). */
import type { AuthenticatedRequest, Credentials } from './credentials.ts';
import { digestAnswer } from './digest.ts';

/** One challenge of a WWW-Authenticate or Proxy-Authenticate header; names in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const SCHEME = /\s*,?\s*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?=$|[\s,])/y;
const PARAMETER = /\s*,?\s*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/y;
const TOKEN_68 = /\s+([A-Za-z0-9\-._~+/]+=*)(?=\s*(?:,|$))/y;

/** The challenges of all headers of that kind, in their order. What cannot be read ends a header. */
export function parseChallenges(values: readonly string[]): Challenge[] {
  return values.flatMap((value) => [...challengesOf(value)]);
}

function* challengesOf(text: string): Generator<Challenge, void, void> {
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found) position = pattern.lastIndex;
    return found;
  };
  for (;;) {
    const scheme = take(SCHEME)?.[1]?.toLowerCase();
    if (scheme === undefined) return;
    const parameters = new Map<string, string>();
    // What could be a parameter without a value is a token68 where nothing but a comma follows.
    take(TOKEN_68);
    for (let found = take(PARAMETER); found; found = take(PARAMETER)) {
      const [, name = '', quoted, plain = ''] = found;
      parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain);
    }
    yield { scheme, parameters };
  }
}

/** Schemes that need the logged-on user or Windows' own libraries. */
export const needsWindows = (challenges: readonly Challenge[]): boolean =>
  challenges.some(({ scheme }) => scheme === 'ntlm' || scheme === 'negotiate');

/** A server that calls every nonce stale is not answered for ever. */
const MAX_STALE = 3;

/** Answers one target (server or proxy) of one request, for as long as there is sense in it. */
export class Authenticator {
  readonly #credentials: Credentials;
  #challenge: Challenge | undefined;
  #uses = 0;
  #staleCount = 0;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /** Takes a challenge: false if it cannot be answered, or the answer was refused. */
  accept(challenges: readonly Challenge[]): boolean {
    const digest = challenges.find((challenge) => challenge.scheme === 'digest' && this.#canDigest(challenge));
    const wasAnswered = this.#challenge !== undefined;
    const isStale = wasAnswered && digest?.parameters.get('stale')?.toLowerCase() === 'true';
    if (wasAnswered && (!isStale || ++this.#staleCount > MAX_STALE)) return false;
    this.#challenge = digest ?? challenges.find(({ scheme }) => scheme === 'basic');
    this.#uses = 0;
    return this.#challenge !== undefined;
  }

  /** The value of the Authorization or Proxy-Authorization header, once there was a challenge. */
  header(request: AuthenticatedRequest): string | undefined {
    if (!this.#challenge) return undefined;
    if (this.#challenge.scheme === 'basic') return basicAnswer(this.#credentials);
    this.#uses++;
    return digestAnswer(this.#challenge.parameters, this.#credentials, request, this.#uses);
  }

  #canDigest({ parameters }: Challenge): boolean {
    return digestAnswer(parameters, this.#credentials, { method: '', target: '' }, 1) !== undefined;
  }
}

function basicAnswer({ userName, password }: Credentials): string {
  return `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
}
