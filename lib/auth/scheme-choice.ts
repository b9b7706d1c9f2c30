/** Chooses the scheme by which a challenge is answered. */
import { publishAuthStep } from '../diagnostics/auth-channels.ts';
import type { AuthScheme, Credentials } from './auth-types.ts';
import type { ParsedChallenge } from './challenges.ts';
import { answerableDigest, BasicAnswer, DigestAnswer } from './password-answer.ts';
import type { AuthPeer, Permission } from './policy.ts';
import type { Success } from './remembered.ts';
import type { SchemeAnswer } from './scheme-answer.ts';
import { TokenAnswer, TokenFault, type TokenStepSizes } from './token-answer.ts';
import type { TokenScheme, TokenSource } from './token-source.ts';

/** What the answers of an authentication have in common. */
export interface AnswerContext {
  readonly peer: AuthPeer;
  readonly permission: Permission;
  readonly tokens: TokenSource;
  readonly signal: AbortSignal | undefined;
  /** Returns the service name of the peer. */
  service(): Promise<string>;
  /** The binding to the current connection. */
  channelBinding(): Buffer | undefined;
}

/** The answer, or why there is none: the first fault of a mechanism, if there was one. */
export interface Choice {
  readonly answer?: SchemeAnswer;
  readonly fault?: TokenFault;
}

const isToken = (scheme: AuthScheme): scheme is TokenScheme => scheme !== 'Digest' && scheme !== 'Basic';

/** Returns the strongest scheme that is allowed and offered. */
export const bestScheme = (permission: Permission, challenges: readonly ParsedChallenge[]): AuthScheme | undefined =>
  permission.schemes.find((scheme) => isOffered(scheme, challenges));

/** Whether success with the scheme authenticates the connection. */
export const bindsConnection = (scheme: AuthScheme | undefined): boolean => scheme !== undefined && isToken(scheme);

function isOffered(scheme: AuthScheme, challenges: readonly ParsedChallenge[]): boolean {
  const name = scheme === 'Kerberos' ? 'negotiate' : scheme.toLowerCase();
  return challenges.some((challenge) => challenge.scheme === name);
}

/** Returns the answer by the strongest scheme that is allowed, offered, and works on this machine. */
export async function chooseAnswer(context: AnswerContext, challenges: readonly ParsedChallenge[]): Promise<Choice> {
  const { schemes, credentials } = context.permission;
  let fault: TokenFault | undefined;
  for (const scheme of schemes.filter((each) => isOffered(each, challenges))) {
    if (isToken(scheme)) {
      const answer = tokenAnswer(context, scheme);
      const problem = await faultOf(answer);
      if (!problem) return { answer };
      fault ??= problem;
    } else if (credentials !== 'default') {
      const answer = passwordAnswer(scheme, credentials, challenges);
      if (answer) return { answer };
    }
  }
  return fault ? { fault } : {};
}

/** Returns the answer with which a new connection starts after an earlier success, if it is still allowed. */
export function earlyAnswer(context: AnswerContext, success: Success): SchemeAnswer | undefined {
  const { schemes, credentials } = context.permission;
  const { scheme, digest } = success;
  if (!schemes.includes(scheme)) return undefined;
  if (isToken(scheme)) return tokenAnswer(context, scheme);
  if (credentials === 'default') return undefined;
  if (scheme === 'Basic') return new BasicAnswer(credentials);
  return digest && new DigestAnswer(credentials, digest);
}

/** Makes the first token; returns why there is none. */
export async function faultOf(answer: TokenAnswer): Promise<TokenFault | undefined> {
  try {
    await answer.prepare();
    return undefined;
  } catch (error) {
    answer.close();
    if (error instanceof TokenFault) return error;
    throw error;
  }
}

function passwordAnswer(
  scheme: AuthScheme,
  credentials: Credentials,
  challenges: readonly ParsedChallenge[],
): SchemeAnswer | undefined {
  if (scheme === 'Basic') return new BasicAnswer(credentials);
  const parameters = answerableDigest(challenges, credentials);
  return parameters && new DigestAnswer(credentials, { parameters, count: 0 });
}

function tokenAnswer(context: AnswerContext, scheme: TokenScheme): TokenAnswer {
  const { peer, permission, tokens, signal } = context;
  const { target, host, port } = peer;
  const settings = {
    scheme,
    credentials: permission.credentials,
    service: () => context.service(),
    channelBinding: () => context.channelBinding(),
    source: tokens,
    signal,
    onStep: (step: TokenStepSizes) => publishAuthStep({ target, host, port, scheme, ...step }),
  };
  return new TokenAnswer(settings);
}
