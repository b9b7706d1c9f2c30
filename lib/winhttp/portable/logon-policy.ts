/**
 * Which credentials a request may send to a server or proxy. Sources: RQ statements on SetCredentials and SetAutoLogonPolicy;
 * Microsoft, "Authentication in WinHTTP".
 */
import type { AuthScheme, CredentialAnswer, Credentials } from '../../auth/auth-types.ts';
import type { AuthPeer, AuthPolicy } from '../../auth/policy.ts';
import { isBypassed, splitBypassList } from '../../proxy/bypass-list.ts';
import { secretsOf } from '../../proxy/resolution.ts';
import { NAMED } from '../../proxy/set-proxy.ts';
import type { ProxyRoute } from '../../proxy/types.ts';
import type { ProxyServer } from '../request-object.ts';
import type { Plan } from './plan.ts';
import { type RequestUrl, targetOf } from './url.ts';

/** The values of SetAutoLogonPolicy. */
export const AutoLogon = { always: 0, onlyIfBypassProxy: 1, never: 2 } as const;

/** Windows answers all of them. */
const SCHEMES: readonly AuthScheme[] = ['Negotiate', 'NTLM', 'Digest', 'Basic'];

/** A peer, and what may be sent to it. */
export interface PeerPolicy {
  readonly peer: AuthPeer;
  readonly policy: AuthPolicy;
}

const POLICY: AuthPolicy = {
  proxyCredentials: undefined,
  credentials: 'none',
  schemes: SCHEMES,
  servicePrincipalName: 'named',
};

/** Returns what the server of a URL may get; undefined for nothing. */
export function serverPolicy(plan: Plan, url: RequestUrl, isProxied: boolean): PeerPolicy | undefined {
  const answer = serverAnswer(plan, url);
  if (answer === 'none') return undefined;
  const { origin, host, port, secure } = url;
  const peer = { target: 'server', origin, host, port, secure, isProxied } as const;
  return { peer, policy: { ...POLICY, credentials: { answerFor: () => answer } } };
}

/** Credentials are for the server that was opened: a redirect to another one does not get them. */
function serverAnswer(plan: Plan, url: RequestUrl): CredentialAnswer {
  if (url.origin === plan.url.origin) {
    if (plan.serverCredentials) return plan.serverCredentials;
    const { userName, password } = plan.url;
    if (userName !== undefined) return { username: userName, password };
  }
  if (plan.autoLogon === AutoLogon.always) return 'default';
  return plan.autoLogon === AutoLogon.onlyIfBypassProxy && isOnBypassList(plan, url) ? 'default' : 'none';
}

/** The bypass list of SetProxy names the servers of the intranet. */
function isOnBypassList({ proxy }: Plan, url: RequestUrl): boolean {
  if (proxy.setting !== NAMED) return false;
  return isBypassed(targetOf(url), ['<-loopback>', ...splitBypassList(proxy.bypass)]);
}

/** Returns what a proxy may get; undefined for nothing. */
export function proxyPolicy(plan: Plan, proxy: ProxyServer): PeerPolicy | undefined {
  const { host, port } = proxy;
  const route = proxy.route as ProxyRoute | undefined;
  const { namedBy } = route ? secretsOf(route) : { namedBy: 'caller' };
  const answer = proxyAnswer(plan, proxy, namedBy === 'settings');
  if (answer === 'none') return undefined;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const peer = { target: 'proxy', origin, host, port, secure: false, ...(route && { route }) } as const;
  // Any machine of the network can be one that WPAD finds: the stricter rules of the other doors apply.
  const schemes = namedBy === 'wpad' ? undefined : SCHEMES;
  return { peer, policy: { ...POLICY, schemes, proxyCredentials: answer } };
}

function proxyAnswer(plan: Plan, { userName, password }: ProxyServer, isOfSettings: boolean): CredentialAnswer {
  if (plan.proxyCredentials) return plan.proxyCredentials;
  if (userName !== undefined) return { username: userName, password } satisfies Credentials;
  if (plan.autoLogon === AutoLogon.always) return 'default';
  return plan.autoLogon === AutoLogon.onlyIfBypassProxy && isOfSettings ? 'default' : 'none';
}
