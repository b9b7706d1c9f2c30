/** Digest access authentication. Source: RFC 7616; without qop, RFC 2069. */
import { createHash, randomBytes } from 'node:crypto';
import type { Credentials } from './auth-types.ts';
import { fullName } from './credential-answers.ts';

/** The request that is authenticated. */
export interface AuthRequest {
  readonly method: string;
  /** The request target, as the request line has it. */
  readonly target: string;
}

/** Algorithm names of challenges, and their names in node:crypto. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
  ['sha-512-256', 'sha512-256'],
]);

/** Returns the value of the Authorization header, `undefined` for an unknown algorithm or quality of protection. */
export function digestAnswer(
  challenge: ReadonlyMap<string, string>,
  credentials: Credentials,
  { method, target }: AuthRequest,
  count: number,
): string | undefined {
  const algorithm = challenge.get('algorithm');
  const [name = 'md5', isSession] = (algorithm?.toLowerCase() ?? 'md5').split(/-(?=sess$)/);
  const hashName = ALGORITHMS.get(name);
  const nonce = challenge.get('nonce');
  const offered = challenge
    .get('qop')
    ?.split(',')
    .map((word) => word.trim().toLowerCase());
  if (hashName === undefined || nonce === undefined || (offered && !offered.includes('auth'))) return undefined;
  const hash = (text: string) => createHash(hashName).update(text).digest('hex');
  const userName = fullName(credentials);
  const realm = challenge.get('realm') ?? '';
  const cnonce = randomBytes(16).toString('hex');
  const nc = count.toString(16).padStart(8, '0');
  const secret = hash(`${userName}:${realm}:${credentials.password}`);
  const first = isSession ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
  const second = hash(`${method}:${target}`);
  const response = hash(offered ? [first, nonce, nc, cnonce, 'auth', second].join(':') : `${first}:${nonce}:${second}`);
  const fields = [
    `username=${quoted(userName)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(target)}`,
  ];
  fields.push(`response="${response}"`);
  if (algorithm !== undefined) fields.push(`algorithm=${algorithm}`);
  if (offered) fields.push('qop=auth', `nc=${nc}`);
  if (offered || isSession) fields.push(`cnonce="${cnonce}"`);
  const opaque = challenge.get('opaque');
  if (opaque !== undefined) fields.push(`opaque=${quoted(opaque)}`);
  return `Digest ${fields.join(', ')}`;
}

/** A header has one byte per character: names beyond latin1 are sent as UTF-8. */
function quoted(text: string): string {
  const bytes = Buffer.from(text).toString('latin1');
  return `"${bytes.replace(/["\\]/g, '\\$&')}"`;
}
