/** One leg of a request: what goes with it, and what its response means for the request. */
import { ResponseHead } from '../http1/response-head.ts';
import type { NetworkConnection } from '../tunnel/network-connection.ts';
import { requestRefusalOf } from '../tunnel/proxy-peer.ts';
import { ConnectionGone } from './client-line.ts';
import { type DispatchOptions, type Field, fieldOf, hasBody, originOf } from './dispatch-options.ts';
import type { RawHeaders } from './generations.ts';

/** What becomes of a response: the handler gets it, or the request is sent again. */
export type LegOutcome = 'deliver' | 'again' | 'again on a new connection';

/** Bytes of a refusal's body that are read to keep the connection. */
const MAX_REFUSAL = 64 * 1024;

export class Leg {
  /** As it stands in the request line. */
  readonly target: string;
  /** Fields in addition to the caller's. */
  readonly fields: readonly Field[];
  /** The response asks for another leg: its body is dropped. */
  isRepeated = false;
  readonly #lease: NetworkConnection;
  readonly #hasOwnCredentials: boolean;
  readonly #hasBody: boolean;
  #dropped = 0;

  private constructor(lease: NetworkConnection, options: DispatchOptions, fields: readonly Field[]) {
    this.#lease = lease;
    this.target = targetOf(lease, options);
    this.fields = fields;
    this.#hasOwnCredentials = hasCredentials(options);
    this.#hasBody = hasBody(options);
  }

  /** Whether requests on a connection need legs. */
  static isNeeded({ isAbsolute, isPersonal }: NetworkConnection): boolean {
    return isAbsolute || isPersonal;
  }

  /**
   * Returns the next leg, at once where no peer authenticates.
   *
   * @throws {AuthenticationError}, {AbortError}
   */
  static begin(lease: NetworkConnection, options: DispatchOptions): Leg | Promise<Leg> {
    if (!lease.isPersonal) return new Leg(lease, options, []);
    const request = { method: options.method, target: targetOf(lease, options) };
    return lease.authorization(request).then((authorization) => {
      const fields = Object.entries(authorization);
      // The caller's own credentials for the server come first.
      const allowed = hasCredentials(options) ? fields.filter(([name]) => name !== 'Authorization') : fields;
      return new Leg(lease, options, allowed);
    });
  }

  /** Returns what to do, once it is known; undefined to deliver the response at once. */
  onHead(status: number, headers: RawHeaders, statusText: string): Promise<LegOutcome> | undefined {
    const isProxys = status === 407 && this.#lease.isAbsolute;
    if (!isProxys && (!this.#lease.isPersonal || (status === 401 && this.#hasOwnCredentials))) return undefined;
    return this.#judge(new ResponseHead(status, statusText, headers.map(String)));
  }

  async #judge(head: ResponseHead): Promise<LegOutcome> {
    const outcome = await this.#lease.accept(head);
    this.isRepeated = outcome !== 'final';
    // squid 5 reads no further request after a refused body. Between two legs there is no other connection.
    const isStuck = head.status === 407 && this.#hasBody && this.#lease.proxyAuth?.isMidLeg !== true;
    if (outcome !== 'final') return isStuck ? 'again on a new connection' : outcome;
    if (head.status === 407 && this.#lease.isAbsolute)
      throw requestRefusalOf(this.#lease.route, head.status, this.#lease.proxyAuth?.failure);
    return 'deliver';
  }

  /**
   * The request failed before the response, or in the body of a refusal. Returns whether it goes again on a new
   * connection. `mayRepeat`: it can have arrived, which does no harm.
   *
   * @throws {AuthenticationError} between two legs of one authentication.
   */
  isContinuedAfter(error: Error, mayRepeat: boolean): boolean {
    const code = String((error as { code?: unknown }).code);
    const isUnsent = error instanceof ConnectionGone || code === 'UND_ERR_DESTROYED';
    if (!isUnsent && !CLOSED.has(code)) return false;
    const { proxyAuth, serverAuth } = this.#lease;
    const sessions = [proxyAuth, serverAuth].filter((session) => session !== undefined);
    if (!this.isRepeated) {
      return sessions.some((session) => session.closed(error) !== 'final') && (isUnsent || mayRepeat);
    }
    // The answer to the refusal was not sent yet.
    for (const session of sessions) if (session.isMidLeg) session.closed(error);
    return true;
  }

  /** Drops a part of the refusal's body; returns false if it is too long to be read to its end. */
  drop(chunk: Buffer): boolean {
    this.#dropped += chunk.length;
    return this.#dropped <= MAX_REFUSAL;
  }
}

/** Codes of errors of a connection that the peer has closed. */
const CLOSED: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

const hasCredentials = ({ headers }: DispatchOptions): boolean => fieldOf(headers, 'authorization') !== undefined;

function targetOf({ isAbsolute }: NetworkConnection, options: DispatchOptions): string {
  const isWhole = !isAbsolute || !options.path.startsWith('/');
  return isWhole ? options.path : `${originOf(options).text}${options.path}`;
}
