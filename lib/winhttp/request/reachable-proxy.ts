/** The proxy for a backend that takes one proxy before Send, and so cannot move on to the next one. */
import { connect } from 'node:net';
import type { ProxyCandidate, ProxyServer } from '../request-object.ts';

/** Milliseconds for connecting to a proxy. */
const LIMIT = 5_000;

/**
 * Returns the first candidate that accepts a connection, which is closed again. The last one, and the direct one, are
 * taken without a connection.
 */
export async function firstReachable(
  candidates: readonly ProxyCandidate[],
  signal: AbortSignal,
): Promise<ProxyCandidate | undefined> {
  for (const candidate of candidates.slice(0, -1)) {
    if (!candidate.server || (await isReachable(candidate.server, signal)) || signal.aborted) return candidate;
    candidate.reportFailure();
  }
  return candidates.at(-1);
}

function isReachable({ host, port }: ProxyServer, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal, timeout: LIMIT });
    const finish = (isConnected: boolean) => {
      resolve(isConnected);
      socket.destroy();
    };
    socket.once('connect', () => finish(true));
    // Also of an abort.
    socket.on('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}
