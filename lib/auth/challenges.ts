/** Parses challenges. Source: RFC 9110 section 11. */
import type { ResponseHead } from '../http1/response-head.ts';
import type { AuthScheme } from './auth-types.ts';

/** One challenge of a WWW-Authenticate or Proxy-Authenticate field. */
export interface ParsedChallenge {
  /** The scheme as the field spells it. */
  readonly name: string;
  /** The scheme in lower case. */
  readonly scheme: string;
  /** The token68 after the scheme; undefined if there are parameters, or nothing. */
  readonly token: string | undefined;
  /** Names in lower case; the first of several equal names counts. */
  readonly parameters: ReadonlyMap<string, string>;
  /** What follows is neither a token68 nor a parameter. */
  readonly isMalformed: boolean;
}

/** The maximum number of challenges that are read; later ones are ignored. */
const MAX_CHALLENGES = 32;

const SCHEME = /[\t ,]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?=$|[\t ,])/y;
const PARAMETER = /[\t ,]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[\t ]*=[\t ]*(?:"((?:[^"\\]|\\.)*)"|([^\t ,"]*))/y;
const END = /[\t ]*(?=,|$)/y;
const TOKEN_68 = /[\t ]+([A-Za-z0-9\-._~+/]+=*)(?=[\t ]*(?:,|$))/y;

/** Returns the challenges of all fields, in order. Invalid text ends a field. */
export function parseChallenges(values: readonly string[]): ParsedChallenge[] {
  const challenges: ParsedChallenge[] = [];
  for (const value of values) {
    for (const challenge of challengesOf(value)) {
      if (challenges.length === MAX_CHALLENGES) return challenges;
      challenges.push(challenge);
    }
  }
  return challenges;
}

function* challengesOf(text: string): Generator<ParsedChallenge, void, void> {
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found) position = pattern.lastIndex;
    return found;
  };
  for (;;) {
    const name = take(SCHEME)?.[1];
    if (name === undefined) return;
    const parameters = new Map<string, string>();
    // A name without a value, followed by a comma or the end, is a token68.
    const token = take(TOKEN_68)?.[1];
    for (let found = take(PARAMETER); found; found = take(PARAMETER)) {
      const [, parameter = '', quoted, plain = ''] = found;
      const key = parameter.toLowerCase();
      if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, '$1') ?? plain);
    }
    yield { name, scheme: name.toLowerCase(), token, parameters, isMalformed: take(END) === null };
  }
}

/** The fields of a server's and of a proxy's authentication, in lower case where they are read. */
export const FIELDS = {
  server: { status: 401, challenge: 'www-authenticate', answer: 'Authorization' },
  proxy: { status: 407, challenge: 'proxy-authenticate', answer: 'Proxy-Authorization' },
} as const;

/** Returns the challenges of a response of a server or proxy. */
export const challengesIn = (head: ResponseHead, target: 'proxy' | 'server'): ParsedChallenge[] =>
  parseChallenges(head.all(FIELDS[target].challenge));

const KNOWN: Readonly<Record<string, AuthScheme>> = {
  __proto__: null as never,
  negotiate: 'Negotiate',
  ntlm: 'NTLM',
  digest: 'Digest',
  basic: 'Basic',
};

/** Returns the schemes that winwire knows, in the order offered, each once. */
export function knownSchemes(challenges: readonly ParsedChallenge[]): AuthScheme[] {
  const schemes = challenges.map(({ scheme }) => KNOWN[scheme]).filter((scheme) => scheme !== undefined);
  return [...new Set(schemes)];
}
