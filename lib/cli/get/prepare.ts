/** Prepares a request object as the options describe, up to Send. */

import type { WinHttpRequest } from '../../winhttp/request/winhttp-request.ts';
import {
  AutoLogonPolicy,
  CredentialTarget,
  ProxySetting,
  SslErrorFlag,
  WinHttpRequestOption,
} from '../../winhttp/request/winhttp-types.ts';
import { isServer } from '../proxy-options.ts';
import type { Header } from '../shared-options.ts';
import { credentialsOf, type GetOptions, methodOf, proxyOf } from './get-options.ts';

/** Milliseconds for sending and for each wait for the server: the defaults of WinHttpRequest. */
const SEND_TIMEOUT = 30_000;
const RECEIVE_TIMEOUT = 30_000;

const FORM = 'application/x-www-form-urlencoded';

export async function prepare(
  request: WinHttpRequest,
  url: string,
  options: GetOptions,
  further: readonly Header[],
): Promise<void> {
  const { connectTimeout, header: given = [] } = options;
  const proxy = isServer(options.proxy) ? proxyOf(options.proxy) : undefined;
  if (proxy) await request.setProxy(ProxySetting.PROXY, proxy.server, options.noproxy);
  if (connectTimeout) await request.setTimeouts(connectTimeout, connectTimeout, SEND_TIMEOUT, RECEIVE_TIMEOUT);
  await request.open(methodOf(options), url);
  await setRequestOptions(request, options);
  const isForm = options.data && !given.some(([name]) => name.toLowerCase() === 'content-type');
  for (const [name, value] of [...(isForm ? [['Content-Type', FORM] as const] : []), ...given, ...further]) {
    await request.setRequestHeader(name, value);
  }
  if (options.user !== undefined) await request.setCredentials(...credentialsOf(options.user), CredentialTarget.SERVER);
  const { proxyLogon, proxyCredentials } = options;
  if (proxyLogon) await request.setCredentials(proxyLogon.username, proxyLogon.password, CredentialTarget.PROXY);
  else if (proxy?.userName) await request.setCredentials(proxy.userName, proxy.password, CredentialTarget.PROXY);
  if (proxyCredentials === 'none') await request.setAutoLogonPolicy(AutoLogonPolicy.Never);
}

async function setRequestOptions(request: WinHttpRequest, options: GetOptions): Promise<void> {
  const { location, maxRedirs, insecure } = options;
  if (location === false) await request.setOption(WinHttpRequestOption.EnableRedirects, false);
  if (maxRedirs !== undefined) await request.setOption(WinHttpRequestOption.MaxAutomaticRedirects, maxRedirs);
  if (insecure) await request.setOption(WinHttpRequestOption.SslErrorIgnoreFlags, SslErrorFlag.Ignore_All);
}
