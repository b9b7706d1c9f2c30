/** A user name with its password, and the request that they are sent with. */
export interface Credentials {
  readonly userName: string;
  readonly password: string;
}

/** What the answer is an answer for. */
export interface AuthenticatedRequest {
  readonly method: string;
  /** The request target. */
  readonly target: string;
}
