/** Answers the questions of a PAC script: addresses of hosts and of this machine. */
import dns from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { PacQuestion } from './pac-protocol.ts';
import { TimedCache } from './timed-cache.ts';

/** Resolves with `null` for a name that cannot be resolved. `host` is the target's host. */
export function answerQuestion(question: PacQuestion, host: string): Promise<string | null> {
  if (question === 'own') return ownAddress(host);
  const name = question.slice('host '.length);
  return names.get(
    name,
    () => withinLimit(addressOf(name)),
    (address) => (address ? NAME_LIFETIME : FAILURE_LIFETIME),
  );
}

/** Milliseconds that an address is kept, and that a name is not asked for again. */
const NAME_LIFETIME = 60_000;
const FAILURE_LIFETIME = 10_000;
const names = new TimedCache<string | null>(1_000);

/** Milliseconds for an address, with all servers of names and getaddrinfo, whose own limits are longer. */
const ADDRESS_TIME = 3_000;
/** Milliseconds for each server of names, and how often each is asked. */
const LIMITS = { timeout: ADDRESS_TIME / 2, tries: 2 };

function withinLimit(address: Promise<string | null>): Promise<string | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ADDRESS_TIME, null);
    address.then(resolve, () => resolve(null)).finally(() => clearTimeout(timer));
  });
}

/**
 * The servers of names are asked first, without a thread: getaddrinfo has two threads in the whole process, behind which
 * slow names would queue. It answers what they do not know: names of the hosts file, without a dot, of other services.
 */
async function addressOf(name: string): Promise<string | null> {
  if (isIP(name) !== 0 || !name.includes('.') || (await isInHosts(name))) return lookUp(name);
  try {
    const resolver = new Resolver(LIMITS);
    // Those of the program; setServers replaces the members of node:dns.
    resolver.setServers(dns.getServers());
    const [address = null] = await resolver.resolve4(name);
    return address;
  } catch (error) {
    return (error as { code?: unknown }).code === 'ETIMEOUT' ? null : lookUp(name);
  }
}

function lookUp(name: string): Promise<string | null> {
  return new Promise((resolve) => {
    dns.lookup(name, { family: 4 }, (error, address) => resolve(error ? null : address));
  });
}

const HOSTS =
  process.platform === 'win32'
    ? join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts')
    : '/etc/hosts';

async function isInHosts(name: string): Promise<boolean> {
  const text = await readFile(HOSTS, 'utf8').catch(() => '');
  return text.split('\n').some((line) => line.replace(/#.*/, '').toLowerCase().split(/\s+/).slice(1).includes(name));
}

// For a host that is not an address: the default route. TEST-NET-1 (RFC 5737) contains no host.
const ANYWHERE = '192.0.2.1';

/** Returns the source address of packets to the host. Connecting a UDP socket sends none. */
async function ownAddress(host: string): Promise<string> {
  const isV6 = isIP(host) === 6;
  const { createSocket } = await import('node:dgram');
  return new Promise((resolve) => {
    const socket = createSocket(isV6 ? 'udp6' : 'udp4');
    const finish = (address: string) => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => finish('127.0.0.1'));
    socket.connect(9, isIP(host) ? host : ANYWHERE, () => finish(socket.address().address));
  });
}
