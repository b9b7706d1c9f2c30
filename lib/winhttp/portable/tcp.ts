/** A TCP connection to a host: one name lookup, then its addresses in turn, each with a time limit. */
import { type LookupAddress, lookup } from 'node:dns';
import { connect, isIP, type Socket } from 'node:net';
import { HResult } from '../../hresult.ts';
import type { Cancellation } from './cancellation.ts';
import type { ConnectClock } from './connect-clock.ts';
import { Inbound } from './inbound.ts';
import { startLimit, type Timeouts } from './timeouts.ts';
import { type Peer, peerText, reasonOf, sendFailure, timedOut } from './transport-failure.ts';

/**
 * Connects. If `isPlain`, `Inbound` reads the socket, which then cannot be wrapped in TLS. Notifies `clock` after the
 * name lookup.
 *
 * @throws {WinwireError} ERROR_WINHTTP_NAME_NOT_RESOLVED, ERROR_WINHTTP_CANNOT_CONNECT, ERROR_WINHTTP_TIMEOUT. After a
 *   cancellation the promise may never settle.
 */
export async function connectTcp(
  peer: Peer,
  timeouts: Timeouts,
  cancellation: Cancellation,
  isPlain = false,
  clock?: ConnectClock,
): Promise<Socket> {
  const { host, port } = peer;
  const family = isIP(host);
  const addresses = family === 0 ? await resolveName(host, timeouts.resolve) : [{ address: host, family }];
  if (family === 0) clock?.resolved();
  let failure: unknown;
  for (const { address, family } of addresses) {
    if (cancellation.isCancelled) break;
    try {
      const who = address === host ? peerText(peer) : `${peerText(peer)} at ${address}`;
      return await connectTo({ host: address, port, family, isPlain, who }, timeouts.connect, cancellation);
    } catch (error) {
      failure = error;
    }
  }
  throw failure ?? sendFailure(HResult.ERROR_WINHTTP_OPERATION_CANCELLED);
}

function resolveName(host: string, limit: number): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    const timer = startLimit(limit, () => reject(timedOut(`resolving the name ${host}`, limit)));
    lookup(host, { all: true, verbatim: true }, (error, addresses) => {
      clearTimeout(timer);
      if (error) reject(sendFailure(HResult.ERROR_WINHTTP_NAME_NOT_RESOLVED, host, error));
      else resolve(addresses);
    });
  });
}

interface Address {
  readonly host: string;
  readonly port: number;
  readonly family: number;
  readonly isPlain: boolean;
  /** For error texts. */
  readonly who: string;
}

function newSocket({ host, port, family, isPlain }: Address): Socket {
  const address = { host, port, family, noDelay: true };
  if (!isPlain) return connect(address);
  const inbound = new Inbound();
  const socket = connect({ ...address, onread: inbound.onread });
  inbound.attach(socket);
  return socket;
}

function connectTo(address: Address, limit: number, cancellation: Cancellation): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = newSocket(address);
    cancellation.connects(socket);
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const onError = (error: Error) =>
      fail(sendFailure(HResult.ERROR_WINHTTP_CANNOT_CONNECT, `${address.who}: ${reasonOf(error)}`, error));
    const timer = startLimit(limit, () => fail(timedOut(`connecting to ${address.who}`, limit)));
    // This listener stays: an error between two owners would otherwise end the process.
    socket.on('error', onError);
    socket.once('connect', () => {
      clearTimeout(timer);
      cancellation.onCancel(undefined);
      resolve(socket);
    });
    cancellation.onCancel(() => fail(sendFailure(HResult.ERROR_WINHTTP_OPERATION_CANCELLED)));
  });
}
