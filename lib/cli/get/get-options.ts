/** Options of `winwire get`: types and validation. */
import { readFileSync } from 'node:fs';
import type { BackendName } from '../../backend.ts';
import { Exit, usage } from '../exit.ts';
import type { Header } from '../shared-options.ts';
import { GetExitCode } from './exit-code.ts';

/** As the parser gives them. Times are milliseconds. */
export interface GetOptions {
  readonly output?: string;
  readonly resume?: boolean;
  readonly request?: string;
  readonly header?: readonly Header[];
  readonly data?: readonly string[];
  readonly include?: boolean;
  readonly head?: boolean;
  readonly user?: string;
  readonly proxy?: string;
  readonly noproxy?: string;
  readonly location?: boolean;
  readonly maxRedirs?: number;
  readonly insecure?: boolean;
  readonly maxTime?: number;
  readonly connectTimeout?: number;
  readonly fail?: boolean;
  readonly silent?: boolean;
  readonly json?: boolean;
  readonly backend?: BackendName;
}

/** Refuses what does not go together. */
export function checkOptions(options: GetOptions): void {
  const { output, resume, head, data, include, user, noproxy, proxy } = options;
  if (resume && (output === undefined || output === '-')) throw usage('--resume needs a file: -o FILE');
  if (resume && (head || data || include)) throw usage('--resume goes with a plain GET only: no -I, -d or -i');
  if (head && data) throw usage('-I asks for no body to be sent: it does not go with -d');
  if (user !== undefined && !user.includes(':')) throw usage('-u takes USER:PASSWORD');
  if (noproxy !== undefined && proxy === undefined) throw usage('--noproxy goes with --proxy');
}

/** The method, by what else is asked for. */
export function methodOf({ request, head, data }: GetOptions): string {
  return request ?? (head ? 'HEAD' : data ? 'POST' : 'GET');
}

/** The body of -d; without one, undefined. */
export function bodyOf({ data }: GetOptions): Buffer | undefined {
  if (!data) return undefined;
  const parts = data.map((text) => (text.startsWith('@') ? readData(text.slice(1)) : Buffer.from(text)));
  return Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from('&'), part])));
}

function readData(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new Exit(GetExitCode.READ, `-d @${file}: ${(error as Error).message}`);
  }
}

/** `user:password`; the password may hold further colons. */
export function credentialsOf(text: string): readonly [userName: string, password: string] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}

/** A proxy as --proxy names it. */
interface ProxyOption {
  /** `host:port`. */
  readonly server: string;
  readonly userName: string;
  readonly password: string;
}

export function proxyOf(text: string): ProxyOption {
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  } catch {
    throw new Exit(GetExitCode.PROXY_NAME, `--proxy is no host and port: ${JSON.stringify(text.replace(/.*@/, ''))}`);
  }
  if (url.protocol !== 'http:') throw usage(`a proxy is spoken to by http:, not ${url.protocol}`);
  // A URL leaves the usual port out.
  const server = url.port === '' ? `${url.hostname}:80` : url.host;
  return { server, userName: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
}
