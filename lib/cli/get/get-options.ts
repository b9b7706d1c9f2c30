/** Options of `winwire get`: types and validation. */
import { readFileSync } from 'node:fs';
import type { Credentials } from '../../auth/auth-types.ts';
import type { BackendName } from '../../backend.ts';
import { validUrl } from '../../valid-url.ts';
import { Exit, usage } from '../exit.ts';
import { isServer, type ProxyOptions, proxySourceOf } from '../proxy-options.ts';
import { readSecret } from '../secret-input.ts';
import type { Header } from '../shared-options.ts';
import { proxyCredentialsOf, type UpstreamOptions } from '../upstream-options.ts';
import { GetExitCode } from './exit-code.ts';

/** The parsed options. Times are milliseconds. */
export interface GetOptions extends ProxyOptions, UpstreamOptions {
  readonly output?: string;
  readonly resume?: boolean;
  readonly request?: string;
  readonly header?: readonly Header[];
  readonly data?: readonly string[];
  readonly include?: boolean;
  readonly head?: boolean;
  readonly user?: string;
  /** Of --proxy-user, with the password that was asked for. */
  readonly proxyLogon?: Credentials;
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

/** Rejects options that exclude each other. */
export function checkOptions(options: GetOptions): void {
  const { output, resume, head, data, include, proxy, pac, proxyCredentials } = options;
  if (resume && (output === undefined || output === '-')) throw usage('--resume needs a file: -o FILE');
  if (resume && (head || data || include)) throw usage('--resume goes with a plain GET only: no -I, -d or -i');
  if (head && data) throw usage('-I asks for no body to be sent: it does not go with -d');
  // WinHttpRequest has one policy for servers and proxies: it would send the user's identity to the server too.
  if (proxyCredentials === 'default' && (isServer(proxy) || pac !== undefined)) {
    throw usage(
      '--proxy-credentials default does not go with --proxy SERVER or --pac here: winwire proxy -- COMMAND has it',
    );
  }
  proxySourceOf(options);
}

/** Asks for the passwords that the command line does not have. */
export async function readCredentials(options: GetOptions): Promise<GetOptions> {
  const { user } = options;
  const found = await proxyCredentialsOf(options);
  const proxyLogon = typeof found === 'object' ? { proxyLogon: found } : {};
  if (user === undefined || user.includes(':')) return { ...options, ...proxyLogon };
  const password = await readSecret(`Password of ${user} at the server`);
  return { ...options, ...proxyLogon, user: `${user}:${password}` };
}

/** Returns the method, which depends on the other options. */
export function methodOf({ request, head, data }: GetOptions): string {
  return request ?? (head ? 'HEAD' : data ? 'POST' : 'GET');
}

/** Returns the body of -d; undefined without one. */
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

/** Splits `user:password`; the password may contain further colons. */
export function credentialsOf(text: string): readonly [userName: string, password: string] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}

/** The proxy of --proxy. */
interface ProxyOption {
  /** `host:port`. */
  readonly server: string;
  readonly userName: string;
  readonly password: string;
}

export function proxyOf(text: string): ProxyOption {
  const url = validUrl(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (!url) {
    throw new Exit(
      GetExitCode.PROXY_NAME,
      `--proxy is not a host and port: ${JSON.stringify(text.replace(/.*@/, ''))}`,
    );
  }
  if (url.protocol !== 'http:') throw usage(`a proxy is spoken to by http:, not ${url.protocol}`);
  // The class URL omits the default port.
  const server = url.port === '' ? `${url.hostname}:80` : url.host;
  return { server, userName: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
}
