/** The answer to a challenge by one scheme, on one connection. */
import type { AuthScheme } from './auth-types.ts';
import type { ParsedChallenge } from './challenges.ts';
import type { AuthRequest } from './digest.ts';

export interface SchemeAnswer {
  readonly scheme: AuthScheme;
  /** Whether success authenticates the connection, not the request alone. */
  readonly isConnectionBound: boolean;
  /** Whether a token of the peer has been answered, so that the connection must stay the same. */
  readonly isMidLeg: boolean;
  /** Returns the value of the header; undefined if the connection is authenticated already. */
  header(request: AuthRequest): Promise<string | undefined>;
  /** Processes a further challenge after an answer was sent; returns whether another answer follows. */
  next(challenges: readonly ParsedChallenge[]): Promise<boolean>;
  /** Processes the fields of a response that is not a challenge. Throws for a wrong final token. */
  complete(challenges: readonly ParsedChallenge[]): Promise<void>;
  /** Drops what belongs to the connection. */
  close(): void;
}
