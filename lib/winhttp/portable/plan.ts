/** The settings of a request as they are at Send; what is set later does not change it. */

import type { Cookies } from './cookies.ts';
import type { Credentials } from './credentials.ts';
import type { RequestHeaders } from './headers.ts';
import type { ProxyChoice } from './proxy.ts';
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
  readonly isOne: boolean;
  readonly escaping: EscapeFlags;
  readonly redirects: RedirectRules;
  readonly timeouts: Timeouts;
  readonly proxy: ProxyChoice;
  /** Where HTTP_PROXY and the like are looked up, if at all. */
  readonly environment: NodeJS.ProcessEnv | undefined;
  readonly tls: TlsSettings;
  readonly maxHeaderSize: number;
  readonly maxDrain: number;
  readonly serverCredentials: Credentials | undefined;
  readonly proxyCredentials: Credentials | undefined;
  /** The policy that offers the logged-on user to everybody. */
  readonly logsOnAlways: boolean;
  readonly cookies: Cookies;
  /** A certificate was asked for by a selection string, which no store is there for. */
  readonly certificateSelection: string | undefined;
}
