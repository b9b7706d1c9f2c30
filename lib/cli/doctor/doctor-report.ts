/** The findings of `doctor`, as `--json` prints them. Times are milliseconds. */

import type { BackendName } from '../../backend.ts';
import type { BackendInfo } from '../../backends.ts';
import type { CertificateFacts } from '../../certificate-fault.ts';

export interface DoctorReport {
  /** Whether there are no problems. */
  readonly ok: boolean;
  /** The problems, one sentence each. */
  readonly problems: readonly string[];
  readonly surroundings: Surroundings;
  /** The findings about the URL, if one was given. */
  readonly url: UrlReport | undefined;
  /** What `install()` reaches, with --install. */
  readonly install?: InstallReport;
}

/** What `install()` reaches in the program of a folder. */
export interface InstallReport {
  /** The folder of the program. */
  readonly folder: string;
  /** What `install()` replaces without options here. */
  readonly replaces: { readonly fetch: boolean; readonly http: boolean };
  readonly clients: readonly ClientReport[];
}

/** One client of the network, and whether its requests go by winwire after `install()`. */
export interface ClientReport {
  /** `fetch`, `http.request` and the like, or the name of a package. */
  readonly name: string;
  readonly version: string | undefined;
  /** The folder of a package, relative to that of the program. */
  readonly folder: string | undefined;
  readonly isReached: boolean;
  /** Whether a request was sent to find it out; else it is known of the package. */
  readonly isTested: boolean;
  /** Why it is not reached, and what to do. */
  readonly help: string | undefined;
}

/** The installation. */
export interface Surroundings {
  readonly winwire: string;
  readonly node: string;
  readonly platform: string;
  /** The authorities of https: and wss: connections through proxies. */
  readonly roots: RootsReport;
  /** The addon's file, or why it is missing. */
  readonly addon: { readonly file: string | undefined; readonly error: string | undefined };
  /** The backend that is used. */
  readonly backend: BackendName | undefined;
  readonly backends: {
    readonly websocket: Readonly<Record<BackendName, BackendInfo>> | undefined;
    readonly winhttp: Readonly<Record<BackendName, BackendInfo>>;
  };
}

export interface RootsReport {
  /** Whether this Node.js reads the system's. */
  readonly system: boolean;
  /** The file of NODE_EXTRA_CA_CERTS. */
  readonly extra: string | undefined;
}

export interface UrlReport {
  /** Without user and password. */
  readonly url: string;
  proxy: ProxyReport;
  /** The result of `resolveProxy` for the URL. */
  resolution: ResolutionReport;
  lookup?: { readonly host: string; readonly addresses: readonly string[] };
  connection?: { readonly address: string; readonly port: number };
  tls?: TlsReport;
  /** The response to a plain GET without credentials, or to a WebSocket handshake. */
  response?: ResponseReport;
  /** What a proxy or server that asks for authentication asks for, and the log-on at the proxy. */
  logOn?: LogOnReport;
  /** The result of the same request with winwire, with the credentials of the URL. */
  winwire?: RequestReport;
  readonly times: Times;
}

export interface ProxyReport {
  /** `direct`, the name of the environment variable, or `machine` for the settings of Windows. */
  readonly source: string;
  /** `host:port`. */
  readonly server: string | undefined;
}

export interface ResolutionReport {
  /** As a PAC script writes it: `PROXY a:8080; DIRECT`. */
  readonly routes: string | undefined;
  /** The source of the routes, and how they were found. */
  readonly source: string | undefined;
  readonly by: string | undefined;
  readonly warnings: readonly string[];
  /** Why there are no routes. */
  readonly error: string | undefined;
}

export interface TlsReport {
  readonly protocol: string | undefined;
  readonly cipher: string;
  /** Why Node.js does not trust the chain. */
  readonly error: string | undefined;
  /** The server's certificate first. */
  readonly chain: readonly CertificateReport[];
}

export interface CertificateReport extends CertificateFacts {
  /** SHA-256. */
  readonly fingerprint: string;
}

export interface ResponseReport {
  readonly status: number;
  readonly statusText: string;
  readonly server: string | undefined;
  /** The target of a redirect, without user and query. */
  readonly location: string | undefined;
  readonly authentication: readonly AuthenticationReport[];
}

export interface AuthenticationReport {
  readonly scheme: string;
  readonly by: 'server' | 'proxy';
  /** The backends that can answer it. */
  readonly answeredBy: readonly BackendName[];
}

export interface LogOnReport {
  readonly by: 'proxy' | 'server';
  /** As the peer spells them, in its order. */
  readonly schemes: readonly string[];
  /** What makes the tokens of Negotiate and NTLM; undefined if no scheme needs it. */
  readonly mechanism?: 'SSPI' | 'GSSAPI' | undefined;
  /** The name of the logged-on user's credential; undefined if there is none, or no scheme that uses it. */
  readonly identity?: string | undefined;
  /** Why SSPI or GSSAPI gives no credential. */
  readonly mechanismError?: string | undefined;
  /** Requests to the proxy, the failed one included. */
  readonly legs: number | undefined;
  /** Why the log-on at the proxy failed, and what helps. */
  readonly error: string | undefined;
  /** The option that may help. */
  readonly help: string | undefined;
}

export interface RequestReport {
  readonly face: 'WinHttpRequest' | 'WebSocketConnection';
  readonly backend: BackendName;
  readonly status?: number | undefined;
  readonly subprotocol?: string | undefined;
  readonly milliseconds: number;
  readonly error: string | undefined;
}

/** The time of each phase; `total` includes the body. Phases that did not take place are absent. */
export interface Times {
  lookup?: number;
  connect?: number;
  /** The time until the proxy's answer to CONNECT. */
  tunnel?: number;
  tls?: number;
  firstByte?: number;
  total?: number;
}
