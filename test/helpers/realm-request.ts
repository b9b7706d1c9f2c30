// Requests of WinHttpRequest to the servers of the realm.
import type { BackendName } from '../../lib/backend.ts';
import { AutoLogonPolicy, CredentialTarget, ProxySetting, SslErrorFlag, WinHttpRequest } from '../../lib/index.ts';
import { type ProxyOffer, realm, type TargetAnswer, type UserName } from './realm.ts';

/** `'logged-on'`: the user of the ticket. */
export type Requester = 'logged-on' | { readonly name: string; readonly password: string };

/** A user by the password of Kerberos. Wine's package takes no name with a realm; Windows takes both forms. */
export const byPrincipal = (user: UserName) => {
  const { username, password } = realm.users[user];
  const name = process.platform === 'win32' ? `${realm.realm}\\${username}` : `${username}@${realm.realm}`;
  return { name, password };
};
/** A user by the password of NTLM. */
export const byAccount = (user: UserName) => {
  const { username, password } = realm.users[user];
  return { name: `${realm.domain}\\${username}`, password };
};
/** A user by the password of Basic and Digest. */
export const byName = (user: UserName) => {
  const { username, password } = realm.users[user];
  return { name: username, password };
};

export interface RealmRequest {
  readonly backend: BackendName;
  readonly url: string;
  /** Who the server learns of; default: no credentials are sent. */
  readonly as?: Requester | undefined;
  /** Sent as POST. */
  readonly body?: string;
  /** Name of the request in the log of the servers. */
  readonly id?: string;
  readonly proxy?: ProxyOffer;
  /** Who the proxy learns of. */
  readonly proxyAs?: Requester;
}

export interface RealmResult {
  readonly status: number;
  /** As Apache names the user; empty unless the status is 200. */
  readonly user: string;
  readonly answer: TargetAnswer | undefined;
}

/** Performs a request, and resolves to the result that the caller sees. */
export async function requestFromRealm(spec: RealmRequest): Promise<RealmResult> {
  await using request = await WinHttpRequest.create({ backend: spec.backend });
  await request.open(spec.body === undefined ? 'GET' : 'POST', spec.url);
  // Wine resets the policy and the proxy at Open.
  const isLoggedOn = spec.as === 'logged-on' || spec.proxyAs === 'logged-on';
  await request.setAutoLogonPolicy(isLoggedOn ? AutoLogonPolicy.Always : AutoLogonPolicy.Never);
  await request.setOption('SslErrorIgnoreFlags', SslErrorFlag.Ignore_All);
  if (spec.proxy) await request.setProxy(ProxySetting.PROXY, `localhost:${realm.proxies[spec.proxy]}`);
  await setUser(request, spec.as, CredentialTarget.FOR_SERVER);
  await setUser(request, spec.proxyAs, CredentialTarget.FOR_PROXY);
  if (spec.id !== undefined) await request.setRequestHeader('X-Request', spec.id);
  await request.send(spec.body);
  const status = await request.status;
  const answer = status === 200 ? (JSON.parse(await request.responseText) as TargetAnswer) : undefined;
  return { status, user: answer?.user ?? '', answer };
}

async function setUser(request: WinHttpRequest, user: Requester | undefined, target: number): Promise<void> {
  if (user !== undefined && user !== 'logged-on') await request.setCredentials(user.name, user.password, target);
}
