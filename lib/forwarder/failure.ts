/** What the client is answered if a server cannot be reached. */
import { AttemptTimeout } from '../tunnel/attempt.ts';
import { ProxyConnectionError } from '../tunnel/proxy-connection-error.ts';
import { reasonOf } from '../tunnel/proxy-peer.ts';
import { Refusal } from './refusal.ts';
import type { ForwardTarget } from './request-plan.ts';

/**
 * Returns the refusal for an error of {@link Outgoing}. A proxy's status is passed on, but for 407: the client has no
 * part in the authentication there, and would send the password of this proxy again.
 */
export function refusalFor(error: unknown, { url }: ForwardTarget): Refusal {
  if (error instanceof Refusal) return error;
  const reason = reasonOf(error as Error);
  if (!(error instanceof ProxyConnectionError)) {
    return new Refusal(isTimeout(error) ? 504 : 502, `${url.host} cannot be reached: ${reason}`, [], error);
  }
  const { status = 0 } = error;
  if (status >= 400 && status <= 599 && status !== 407) return new Refusal(status, reason, [], error);
  return new Refusal(isTimeout(error.cause) ? 504 : 502, reason, [], error);
}

function isTimeout(error: unknown): boolean {
  return error instanceof AttemptTimeout || (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT';
}
