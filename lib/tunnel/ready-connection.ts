/** Connections that are authenticated before a request goes on them, for a door that cannot send it again. */
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { AuthOutcome } from '../auth/session.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import { drainBody, exchangeHeads } from './answer.ts';
import { Attempt } from './attempt.ts';
import type { NetworkConnection } from './network-connection.ts';
import { requestRefusalOf } from './proxy-peer.ts';

/** Maximum number of requests for the authentication of one connection. */
const MAX_LEGS = 6;
/** Milliseconds for the authentication of one connection. */
const LIMIT = 30_000;

/** What is opened, and until when it is wanted. */
interface Wanted {
  readonly origin: string;
  readonly host: string;
  readonly signal: AbortSignal;
}

/**
 * Authenticates a connection at its proxy, if requests on it are for the proxy to read and it knows no answer that could
 * go with the first one. Any other connection is returned as it is.
 *
 * @returns the connection to use, which may be a new one.
 * @throws {ProxyConnectionError}, {AuthenticationError}, {AbortError}; the connection is closed.
 */
export async function authenticated(opened: NetworkConnection, wanted: Wanted): Promise<NetworkConnection> {
  if (!opened.isAbsolute || !opened.isPersonal) return opened;
  let connection = opened;
  try {
    for (let leg = 1; leg <= MAX_LEGS; leg++) {
      const { outcome, isUsable } = await ask(connection, wanted);
      if (outcome === 'final' && isUsable) return connection;
      // A proxy that closes the connection after its answer gets what it accepted with the request on the next one.
      if (outcome === 'final') return await connection.reopen(wanted.signal);
      if (outcome !== 'again' || !isUsable) connection = await connection.reopen(wanted.signal);
    }
    throw new Error(`The proxy asks for more than ${MAX_LEGS} legs of an authentication.`);
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

async function ask(connection: NetworkConnection, { origin, host, signal }: Wanted) {
  const request = { method: 'OPTIONS', target: `${origin}/` };
  const attempt = new Attempt(signal, LIMIT);
  try {
    attempt.own(connection.socket);
    const credentials = await attempt.wait(Promise.resolve(connection.proxyAuth?.header(request)));
    // RFC 9110 section 7.6.2: the server answers at the latest. squid 5 does not ask who the user is with 0.
    const field = credentials === undefined ? '' : `Proxy-Authorization: ${credentials}\r\n`;
    const head = `${request.method} ${request.target} HTTP/1.1\r\nHost: ${host}\r\nMax-Forwards: 1\r\n${field}\r\n`;
    const answer = await exchangeHeads(connection.socket, head, attempt);
    const outcome = await attempt.wait(judge(connection, answer));
    const isUsable = (await drainBody(connection.socket, answer, attempt)) && !(await isClosed(connection.socket));
    attempt.succeed();
    return { outcome, isUsable };
  } catch (error) {
    attempt.fail(error as Error);
    throw error;
  }
}

/** Only the proxy is asked here: a server's 401 is an answer to OPTIONS, and says nothing of the request that follows. */
async function judge({ proxyAuth, route }: NetworkConnection, answer: ResponseHead): Promise<AuthOutcome> {
  if (answer.status !== 407) {
    await proxyAuth?.complete(answer);
    return 'final';
  }
  const outcome = (await proxyAuth?.accept(answer)) ?? 'final';
  if (outcome === 'final') throw requestRefusalOf(route, answer.status, proxyAuth?.failure);
  return outcome;
}

/** Returns whether the proxy has closed the connection without announcing it, which the next poll shows. */
async function isClosed(socket: Socket): Promise<boolean> {
  // The first callback may run in the current turn, the second runs after the poll of the next.
  await setImmediate();
  await setImmediate();
  return socket.destroyed || socket.readableEnded;
}
