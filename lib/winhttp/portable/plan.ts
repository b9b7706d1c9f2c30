/** The settings of a request at Send; later changes do not affect it. */

import type { Credentials } from '../../auth/auth-types.ts';
import type { ProxyChoice } from '../../proxy/set-proxy.ts';
import type { FindProxies } from '../request-object.ts';
import type { Cookies } from './cookies.ts';
import type { RequestHeaders } from './headers.ts';
import type { RedirectRules } from './redirects.ts';
import type { Timeouts } from './timeouts.ts';
import type { TlsSettings } from './tls.ts';
import type { RequestUrl } from './url.ts';
import type { EscapeFlags } from './url-escape.ts';

export interface Plan {
  readonly method: string;
  readonly url: RequestUrl;
  readonly headers: RequestHeaders;
  readonly body: Buffer | undefined;
  readonly userAgent: string;
  readonly isHttp11: boolean;
  readonly escaping: EscapeFlags;
  readonly redirects: RedirectRules;
  readonly timeouts: Timeouts;
  readonly proxy: ProxyChoice;
  /** The environment for HTTP_PROXY and similar variables, if they are used. */
  readonly environment: NodeJS.ProcessEnv | undefined;
  /** Finds the proxies of each URL of the request, if a source names them. */
  readonly findProxies: FindProxies | undefined;
  readonly tls: TlsSettings;
  readonly maxHeaderSize: number;
  readonly maxDrain: number;
  readonly serverCredentials: Credentials | undefined;
  readonly proxyCredentials: Credentials | undefined;
  /** The value of SetAutoLogonPolicy. */
  readonly autoLogon: number;
  /** Identifies the object. */
  readonly owner: number;
  readonly cookies: Cookies;
  /** A selection string for a certificate, which has no store here. */
  readonly certificateSelection: string | undefined;
}
