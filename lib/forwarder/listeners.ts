/** The listening sockets of the forwarder. */

import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, BlockList, createServer, isIP, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { ForwarderError } from './forwarder-error.ts';

export const LOOPBACK = ['127.0.0.1', '::1'] as const;
const ANY_ADDRESS = ['0.0.0.0', '::'];
/** How often a port that is free on all addresses is sought. */
const MAX_TRIES = 50;
// The machine lacks the address, or the whole family.
const LACKING = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'EPROTONOSUPPORT'];

/** Servers with one port on several addresses. */
export class Listeners {
  readonly port: number;
  /** The addresses that are listened on. */
  readonly addresses: readonly string[];
  readonly #servers: readonly Server[];
  readonly #own = new BlockList();

  private constructor(servers: readonly Server[]) {
    this.#servers = servers;
    const bound = servers.map((server) => server.address() as AddressInfo);
    this.port = bound[0]?.port ?? 0;
    this.addresses = bound.map(({ address }) => address);
    // A connection to the unspecified address reaches the loopback address (Linux, macOS).
    for (const address of [...ANY_ADDRESS, ...this.addresses]) this.#own.addAddress(address, familyOf(address));
    if (this.addresses.includes('0.0.0.0')) this.#own.addSubnet('127.0.0.0', 8);
  }

  /**
   * Listens on all addresses or none, so that no other user of the machine can listen on one of them at this port. Of the
   * loopback addresses (`undefined`), one of a family that the machine lacks is left out. Port 0: any that is free on all.
   *
   * @throws {ForwarderError}
   */
  static async open(
    addresses: readonly string[] | undefined,
    port: number,
    onConnection: (socket: Socket) => void,
  ): Promise<Listeners> {
    for (let tries = 1; ; tries++) {
      const servers: Server[] = [];
      try {
        await listenOnAll(addresses ?? LOOPBACK, port, addresses === undefined, servers, onConnection);
        return new Listeners(servers);
      } catch (error) {
        await closeAll(servers);
        const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
        if (port === 0 && isTaken && tries < MAX_TRIES) continue;
        throw listenError(error as NodeJS.ErrnoException, port);
      }
    }
  }

  /** Stops listening. */
  close(): Promise<void> {
    return closeAll(this.#servers);
  }

  /** Returns whether a connection to this place would reach the forwarder. Looks the host up if the port is its own. */
  async includes(host: string, port: number): Promise<boolean> {
    if (port !== this.port) return false;
    const addresses = isIP(host) ? [host] : await addressesOf(host);
    return addresses.some((address) => this.#isOwn(address));
  }

  #isOwn(address: string): boolean {
    if (this.#own.check(address, familyOf(address))) return true;
    const isWide = this.addresses.includes(isIP(address) === 6 ? '::' : '0.0.0.0');
    return isWide && localAddresses().includes(address);
  }
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

async function listenOnAll(
  addresses: readonly string[],
  wanted: number,
  mayLack: boolean,
  servers: Server[],
  onConnection: (socket: Socket) => void,
): Promise<void> {
  let port = wanted;
  let lacking: unknown;
  for (const host of addresses) {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, onConnection);
    try {
      server.listen({ host, port, exclusive: true, ipv6Only: true });
      await once(server, 'listening');
    } catch (error) {
      if (!mayLack || !LACKING.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      lacking = error;
      continue;
    }
    // A connection that the system could not accept is not a reason to end.
    server.on('error', () => {});
    servers.push(server);
    port = (server.address() as AddressInfo).port;
  }
  if (servers.length === 0) throw lacking;
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
}

function listenError(error: NodeJS.ErrnoException & { address?: string }, port: number): ForwarderError {
  const { code = '', address = 'the loopback addresses' } = error;
  const place = port === 0 ? address : `${address} port ${port}`;
  const remedy =
    code === 'EADDRINUSE'
      ? 'another program listens there; choose another port, or 0 for a free one'
      : code === 'EADDRNOTAVAIL'
        ? 'this machine does not have the address'
        : error.message;
  return new ForwarderError(`The proxy cannot listen on ${place}: ${remedy}${code ? ` (${code})` : ''}.`, error);
}

const localAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map(({ address }) => address));

/** A host without addresses is not the forwarder; connecting reports it. */
async function addressesOf(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
