/** Validates credentials and the answers of callbacks. */
import { invalidArgumentType, invalidArgumentValue } from '../errors.ts';
import { validateObject } from '../options.ts';
import type { CredentialAnswer, Credentials } from './auth-types.ts';

const NAMES = ['username', 'password', 'domain'];
const INSTEAD = { user: 'username', userName: 'username', pass: 'password' };
const EXPECTED = "'none', 'default' or { username, password, domain }";

/**
 * Returns a frozen copy of an answer, so that a later change of the caller's object has no effect.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE; the message has no password.
 */
export function parseAnswer(value: unknown, name: string): CredentialAnswer {
  if (value === 'none' || value === 'default') return value;
  if (typeof value === 'string') throw invalidArgumentValue(name, EXPECTED, 'another string');
  if (typeof value !== 'object' || value === null) throw invalidArgumentType(name, EXPECTED, value);
  const { username, password, domain } = validateObject(value, name, { names: NAMES, instead: INSTEAD });
  const credentials: Credentials = {
    username: parseText(username, `${name}.username`),
    password: parseText(password, `${name}.password`),
    ...(domain !== undefined && { domain: parseText(domain, `${name}.domain`) }),
  };
  return Object.freeze(credentials);
}

function parseText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidArgumentType(name, 'a string', value);
  // A line break would end the header of Digest.
  if (/[\r\n\0]/.test(value)) throw invalidArgumentValue(name, 'a string without CR, LF and NUL', undefined);
  return value;
}

/** Returns the name that Basic and Digest send: with the domain, as Windows writes it. */
export const fullName = ({ username, domain }: Credentials): string =>
  domain === undefined || domain === '' ? username : `${domain}\\${username}`;

/** Returns whether two answers name the same user and password. */
export const isSameAnswer = (a: CredentialAnswer, b: CredentialAnswer): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
