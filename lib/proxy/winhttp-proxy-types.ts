/** The types and constants of winhttp.h for its proxy functions. Values are the SDK's. */

/** How to reach a server. Source: Microsoft, WINHTTP_PROXY_INFO structure (WINHTTP_ACCESS_TYPE_…). */
export const ProxyAccessType = {
  DEFAULT_PROXY: 0,
  /** Directly. */
  NO_PROXY: 1,
  /** By the proxy in `proxy`. */
  NAMED_PROXY: 3,
  AUTOMATIC_PROXY: 4,
} as const;
export type ProxyAccessType = (typeof ProxyAccessType)[keyof typeof ProxyAccessType];

/** Bits of `flags`. Source: Microsoft, WINHTTP_AUTOPROXY_OPTIONS structure (WINHTTP_AUTOPROXY_…). */
export const AutoProxyFlag = {
  /** Finds the script by `autoDetectFlags`. */
  AUTO_DETECT: 0x1,
  /** Uses the script at `autoConfigUrl`; with AUTO_DETECT only if none is found. */
  CONFIG_URL: 0x2,
  HOST_KEEPCASE: 0x4,
  HOST_LOWERCASE: 0x8,
  ALLOW_AUTOCONFIG: 0x100,
  ALLOW_STATIC: 0x200,
  ALLOW_CM: 0x400,
  /** Runs the script in this process. */
  RUN_INPROCESS: 0x10000,
  /** Runs it in Windows' service, or fails. */
  RUN_OUTPROCESS_ONLY: 0x20000,
  NO_DIRECTACCESS: 0x40000,
  NO_CACHE_CLIENT: 0x80000,
  NO_CACHE_SVC: 0x100000,
  SORT_RESULTS: 0x400000,
} as const;
export type AutoProxyFlag = (typeof AutoProxyFlag)[keyof typeof AutoProxyFlag];

/** Bits of `autoDetectFlags`. Source: Microsoft, WinHttpDetectAutoProxyConfigUrl function (WINHTTP_AUTO_DETECT_TYPE_…). */
export const AutoDetectType = {
  DHCP: 1,
  /** Well-known names in the DNS: `wpad`. */
  DNS_A: 2,
} as const;
export type AutoDetectType = (typeof AutoDetectType)[keyof typeof AutoDetectType];

/** The user's settings. Source: Microsoft, WINHTTP_CURRENT_USER_IE_PROXY_CONFIG structure. A NULL string is missing. */
export interface CurrentUserIEProxyConfig {
  /** "Automatically detect settings". */
  readonly autoDetect: boolean;
  readonly autoConfigUrl?: string;
  /** `host:port`, or `http=a:1;https=b:2;socks=c:3`. */
  readonly proxy?: string;
  /** Hosts separated by `;` or blanks. */
  readonly proxyBypass?: string;
}

/** A way to reach a server. Source: Microsoft, WINHTTP_PROXY_INFO structure. A NULL string is missing. */
export interface ProxyInfo {
  readonly accessType: ProxyAccessType;
  readonly proxy?: string;
  readonly proxyBypass?: string;
}

/** The script to run. Source: Microsoft, WINHTTP_AUTOPROXY_OPTIONS structure. */
export interface AutoProxyOptions {
  /** Bits of {@link AutoProxyFlag}, AUTO_DETECT or CONFIG_URL among them. */
  readonly flags: number;
  /** Bits of {@link AutoDetectType}; default 0. With AUTO_DETECT at least one. */
  readonly autoDetectFlags?: number;
  /** The script's URL; with CONFIG_URL only. */
  readonly autoConfigUrl?: string;
  /** Whether the script's server may get the identity of the logged-on user; default false. */
  readonly autoLogonIfChallenged?: boolean;
}

/** Options of a wait for an answer of winhttp.dll. */
export interface ProxyCallOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal | null;
}
