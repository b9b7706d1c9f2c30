/** The log-on at a proxy that asks for one, and what helps with a server that does. */
import { onAbort } from '../../abort-signal.ts';
import type { CredentialSource } from '../../auth/auth-types.ts';
import { AuthenticationError } from '../../auth/authentication-error.ts';
import { systemTokens } from '../../auth/system-tokens.ts';
import type { BackendName } from '../../backend.ts';
import { readResponseHead, skipBody } from '../../forwarder/response-relay.ts';
import type { ProxySource } from '../../proxy/types.ts';
import { Network } from '../../tunnel/network.ts';
import type { NetworkConnection } from '../../tunnel/network-connection.ts';
import { ProxyConnectionError } from '../../tunnel/proxy-connection-error.ts';
import { errorText } from '../error-text.ts';
import type { LogOnReport, ResponseReport } from './doctor-report.ts';

const MECHANISM = process.platform === 'win32' ? 'SSPI' : 'GSSAPI';
const HELP = '--proxy-user NAME or --proxy-credentials default names who logs on';
/** Maximum number of requests of one log-on. */
const MAX_LEGS = 6;

export interface LogOn {
  /** The URL with http: or https:. */
  readonly url: URL;
  readonly backend: BackendName;
  readonly source: ProxySource | 'direct' | undefined;
  readonly proxyCredentials: CredentialSource | undefined;
  /** The requests go through a tunnel. */
  readonly isTunnelled: boolean;
}

/** Describes what was asked for, and tries it at a proxy; undefined if neither proxy nor server asks. */
export async function tryLogOn(
  logOn: LogOn,
  { authentication }: ResponseReport,
  signal: AbortSignal,
): Promise<LogOnReport | undefined> {
  const by = authentication[0]?.by;
  if (by === undefined) return undefined;
  const schemes = authentication.map(({ scheme }) => scheme);
  const needsTokens = schemes.some((scheme) => /^(?:negotiate|kerberos|ntlm)$/i.test(scheme));
  const tokens = needsTokens ? { mechanism: MECHANISM, ...(await identityOf()) } : {};
  const asked = { by, schemes, ...tokens };
  if (by === 'server') return { ...asked, legs: undefined, error: undefined, help: helpFor(logOn.url, needsTokens) };
  const outcome = await tryProxy(logOn, signal);
  return { ...asked, ...outcome, help: outcome.error === undefined ? undefined : HELP };
}

const helpFor = ({ origin }: URL, needsTokens: boolean): string =>
  `the option credentials: { '${origin}': ${needsTokens ? "'default'" : '{ username, password }'} } answers it`;

/** Returns the name of the logged-on user's credential, or why there is none. */
async function identityOf(): Promise<Pick<LogOnReport, 'identity' | 'mechanismError'>> {
  try {
    return { identity: await systemTokens.identity('Negotiate'), mechanismError: undefined };
  } catch (error) {
    return { identity: undefined, mechanismError: errorText(error) };
  }
}

type Outcome = Pick<LogOnReport, 'legs' | 'error'>;

async function tryProxy(logOn: LogOn, signal: AbortSignal): Promise<Outcome> {
  const { url, backend, source = 'environment-then-system', proxyCredentials, isTunnelled } = logOn;
  const network = new Network({ proxy: source, backend, proxyCredentials }, 'direct');
  // A proxy may never end its answer.
  const stop = onAbort(signal, () => network.destroy());
  try {
    if (!isTunnelled) return await tryRequests(network, url, signal);
    await network.open(url, { form: 'tunnel', secure: false, isNew: true, signal });
    return { legs: undefined, error: undefined };
  } catch (error) {
    signal.throwIfAborted();
    const legs = error instanceof ProxyConnectionError ? error.leg : undefined;
    return { legs, error: errorText(error) };
  } finally {
    stop();
    network.destroy();
  }
}

async function tryRequests(network: Network, url: URL, signal: AbortSignal): Promise<Outcome> {
  let connection = await network.open(url, { form: 'requests', isNew: true, signal });
  for (let leg = 1; ; leg++) {
    const head = await sendHead(connection, url);
    if (head.status !== 407) return { legs: leg, error: undefined };
    let outcome: Awaited<ReturnType<NetworkConnection['accept']>>;
    try {
      outcome = leg < MAX_LEGS ? await connection.accept(head) : 'final';
    } catch (error) {
      if (error instanceof AuthenticationError) return { legs: leg, error: error.message };
      throw error;
    }
    if (outcome === 'final') return { legs: leg, error: connection.proxyAuth?.failure?.message ?? 'it answers 407' };
    const isKept = outcome === 'again' && (await skipBody(connection.socket, head, true));
    if (!isKept) connection = await connection.reopen(signal);
  }
}

async function sendHead(connection: NetworkConnection, { host, pathname, search, origin }: URL) {
  const target = connection.isAbsolute ? `${origin}${pathname}${search}` : `${pathname}${search}`;
  const authorization = await connection.authorization({ method: 'HEAD', target });
  const fields = Object.entries(authorization).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HEAD ${target} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: winwire doctor\r\n${fields.join('')}\r\n`;
  connection.socket.write(head, 'latin1');
  return readResponseHead(connection.socket);
}
