/** Who may use the forwarder: addresses, and the password. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { invalidArgumentValue } from '../errors.ts';
import { badRequest, Refusal } from './refusal.ts';
import type { RequestHead } from './request-reader.ts';

/** The user name that goes with the password. */
export const USER_NAME = 'winwire';

/** Returns a password with 192 random bits, in characters that a URL needs not escape. */
export const randomPassword = (): string => randomBytes(24).toString('base64url');

/** Addresses of clients, as CIDR ranges. */
export class AllowedAddresses {
  readonly #list = new BlockList();

  /** @throws {TypeError} ERR_INVALID_ARG_VALUE for a text that is neither an address nor a range. */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) {
      const [address = '', prefix, more] = range.split('/');
      const family = isIP(address);
      const width = family === 4 ? 32 : 128;
      const isValid = family !== 0 && more === undefined && (prefix === undefined || /^\d{1,3}$/.test(prefix));
      const bits = Number(prefix ?? width);
      if (!isValid || bits > width) {
        throw invalidArgumentValue('allow', 'a list of addresses and ranges, such as 172.16.0.0/12', range);
      }
      this.#list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
    }
  }

  has(address: string | undefined): boolean {
    // The system shows IPv4 clients of an IPv6 socket like this.
    const plain = address?.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '') ?? '';
    const family = isIP(plain);
    return family !== 0 && this.#list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  }
}

/** The check of the password, which each request must have. */
export class PasswordCheck {
  readonly #digest: Buffer | undefined;

  /** `undefined` admits every request. */
  constructor(password: string | undefined) {
    this.#digest = password === undefined ? undefined : digest(Buffer.from(`${USER_NAME}:${password}`));
  }

  /** @throws {Refusal} */
  check(head: RequestHead): void {
    if (!this.#digest) return;
    const values = head.all('proxy-authorization');
    if (values.length > 1) throw badRequest('The request has more than one Proxy-Authorization.');
    const [, token] = /^basic +([a-z\d+/]+={0,2})$/i.exec(values[0] ?? '') ?? [];
    // Digests have one length, so that the time of the comparison tells nothing about the password.
    if (timingSafeEqual(digest(Buffer.from(token ?? '', 'base64')), this.#digest)) return;
    const what = values.length === 0 ? 'This proxy asks for a password' : 'The user name or the password is wrong';
    throw new Refusal(407, `${what}: put the URL that it printed, with user name and password, into HTTP_PROXY.`, [
      'Proxy-Authenticate: Basic realm="winwire", charset="UTF-8"',
    ]);
  }
}

const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
