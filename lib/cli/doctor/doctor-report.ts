/** What `doctor` finds; `--json` prints it as it is. Times are milliseconds. */

import type { BackendName } from '../../backend.ts';
import type { BackendInfo } from '../../backends.ts';

export interface DoctorReport {
  /** Whether nothing is wrong. */
  readonly ok: boolean;
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
  readonly surroundings: Surroundings;
  /** Of the URL, if one was given. */
  readonly url: UrlReport | undefined;
}

/** What is installed here. */
export interface Surroundings {
  readonly winwire: string;
  readonly node: string;
  readonly platform: string;
  /** The addon's file, or why there is none. */
  readonly addon: { readonly file: string | undefined; readonly error: string | undefined };
  /** The backend that is used. */
  readonly backend: BackendName | undefined;
  readonly backends: {
    readonly websocket: Readonly<Record<BackendName, BackendInfo>> | undefined;
    readonly winhttp: Readonly<Record<BackendName, BackendInfo>>;
  };
}

export interface UrlReport {
  /** Without user and password. */
  readonly url: string;
  proxy: ProxyReport;
  lookup?: { readonly host: string; readonly addresses: readonly string[] };
  connection?: { readonly address: string; readonly port: number };
  tls?: TlsReport;
  /** To a plain GET without credentials, or to the handshake of a WebSocket. */
  response?: ResponseReport;
  /** How the package itself fares, with the credentials of the URL. */
  winwire?: RequestReport;
  readonly times: Times;
}

export interface ProxyReport {
  /** `direct`, the name of the variable of the environment, or `machine` for what Windows is set to. */
  readonly source: string;
  /** `host:port`. */
  readonly server: string | undefined;
}

export interface TlsReport {
  readonly protocol: string | undefined;
  readonly cipher: string;
  /** Why Node does not trust the chain. */
  readonly error: string | undefined;
  /** The server's certificate first. */
  readonly chain: readonly CertificateReport[];
}

export interface CertificateReport {
  readonly subject: string;
  readonly names: string | undefined;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  /** SHA-256. */
  readonly fingerprint: string;
}

export interface ResponseReport {
  readonly status: number;
  readonly statusText: string;
  readonly server: string | undefined;
  /** Where a redirect leads, without user and query. */
  readonly location: string | undefined;
  readonly authentication: readonly AuthenticationReport[];
}

export interface AuthenticationReport {
  readonly scheme: string;
  readonly by: 'server' | 'proxy';
  /** The backends that can answer it. */
  readonly answeredBy: readonly BackendName[];
}

export interface RequestReport {
  readonly face: 'WinHttpRequest' | 'WebSocketConnection';
  readonly backend: BackendName;
  readonly status?: number | undefined;
  readonly subprotocol?: string | undefined;
  readonly milliseconds: number;
  readonly error: string | undefined;
}

/** Each phase by itself; `total` is all of them and the body. What did not take place is missing. */
export interface Times {
  lookup?: number;
  connect?: number;
  /** The proxy's answer to CONNECT. */
  tunnel?: number;
  tls?: number;
  firstByte?: number;
  total?: number;
}
