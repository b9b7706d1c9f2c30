/**
 * The types and constants of httprequest.idl as JavaScript sees them. The members of an enum are the IDL's names
 * without the prefix that is the name of the enum; the values are the IDL's.
 */
import type { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { BackendName } from '../backend.ts';
import type { OptionValue, WinHttpLimits } from '../winhttp/request-object.ts';

export type { AsyncMode, ClientCertificate, OptionValue, WinHttpLimits } from '../winhttp/request-object.ts';

/** The ids of {@link IWinHttpRequest.getOption}. Source: Microsoft, WinHttpRequestOption enumeration (httprequest.idl). */
export const WinHttpRequestOption = {
  /** BSTR: the User-Agent header. */
  UserAgentString: 0,
  /** BSTR, read only: the URL of Open; after redirects the one that answered. */
  URL: 1,
  /** I4: the code page of the query, 65001 (UTF-8) at first. */
  URLCodePage: 2,
  /** BOOL, FALSE at first: `%` in the URL becomes `%25`. Before Open. */
  EscapePercentInURL: 3,
  /** I4: which errors of a server's certificate are no errors, see {@link SslErrorFlag}. */
  SslErrorIgnoreFlags: 4,
  /** BSTR, write only: as SetClientCertificate. */
  SelectCertificate: 5,
  /** BOOL, TRUE at first: redirects are followed. */
  EnableRedirects: 6,
  /** BOOL, FALSE at first: of path and query, only blanks and what is not ASCII are escaped. Before Open. */
  UrlEscapeDisable: 7,
  /** BOOL, FALSE at first: the same, for the query only. Before Open. */
  UrlEscapeDisableQuery: 8,
  /** I4: the protocols that TLS may use, see {@link SecureProtocol}. */
  SecureProtocols: 9,
  /** BOOL: tracing of the whole process. */
  EnableTracing: 10,
  /** BOOL, TRUE at first: impersonation is reverted for TLS. */
  RevertImpersonationOverSsl: 11,
  /** BOOL, FALSE at first: a redirect from https to http is followed. */
  EnableHttpsToHttpRedirects: 12,
  /** BOOL: Passport, which is no more. */
  EnablePassportAuthentication: 13,
  /** I4, 10 at first: one redirect more is an error. */
  MaxAutomaticRedirects: 14,
  /** I4, 65536 at first: the largest head of a response, in bytes. */
  MaxResponseHeaderSize: 15,
  /** I4, 1048576 at first: what is read of a body that nobody wants, so that its connection can be kept. */
  MaxResponseDrainSize: 16,
  /** BOOL, TRUE at first: HTTP/1.1; else HTTP/1.0. */
  EnableHttp1_1: 17,
  /** BOOL, FALSE at first: whether a certificate is revoked is looked up. */
  EnableCertificateRevocationCheck: 18,
  /** BOOL, FALSE at first: a URL with a user name is refused by Open. */
  RejectUserpwd: 19,
} as const;
export type WinHttpRequestOption = (typeof WinHttpRequestOption)[keyof typeof WinHttpRequestOption];

/** To whom the credentials of the logged-on user are offered. Source: Microsoft, WinHttpRequestAutoLogonPolicy enumeration. */
export const AutoLogonPolicy = {
  Always: 0,
  /** The default: only to hosts that the proxy's bypass list names. */
  OnlyIfBypassProxy: 1,
  Never: 2,
} as const;
export type AutoLogonPolicy = (typeof AutoLogonPolicy)[keyof typeof AutoLogonPolicy];

/** The first argument of SetProxy. Source: Microsoft, IWinHttpRequest::SetProxy (HTTPREQUEST_PROXYSETTING_…). */
export const ProxySetting = {
  /** What the machine is configured for (`netsh winhttp`); on the portable engine, no proxy. */
  DEFAULT: 0,
  /** The same under its other name. */
  PRECONFIG: 0,
  DIRECT: 1,
  /** The proxy that is named. */
  PROXY: 2,
} as const;
export type ProxySetting = (typeof ProxySetting)[keyof typeof ProxySetting];

/** Whom the credentials are for. Source: Microsoft, IWinHttpRequest::SetCredentials (HTTPREQUEST_SETCREDENTIALS_…). */
export const CredentialTarget = {
  FOR_SERVER: 0,
  FOR_PROXY: 1,
  /** FOR_SERVER, shorter. */
  SERVER: 0,
  /** FOR_PROXY, shorter. */
  PROXY: 1,
} as const;
export type CredentialTarget = (typeof CredentialTarget)[keyof typeof CredentialTarget];

/** Bits of the option SslErrorIgnoreFlags. Source: Microsoft, WinHttpRequestSslErrorFlags enumeration. */
export const SslErrorFlag = {
  UnknownCA: 0x0100,
  CertWrongUsage: 0x0200,
  CertCNInvalid: 0x1000,
  CertDateInvalid: 0x2000,
  Ignore_All: 0x3300,
} as const;
export type SslErrorFlag = (typeof SslErrorFlag)[keyof typeof SslErrorFlag];

/** Bits of the option SecureProtocols. Source: Microsoft, WinHttpRequestSecureProtocols enumeration. */
export const SecureProtocol = {
  SSL2: 0x0008,
  SSL3: 0x0020,
  TLS1: 0x0080,
  TLS1_1: 0x0200,
  TLS1_2: 0x0800,
  /** The IDL's ALL: SSL 2.0, SSL 3.0 and TLS 1.0 only. */
  ALL: 0x00a8,
} as const;
export type SecureProtocol = (typeof SecureProtocol)[keyof typeof SecureProtocol];

type OptionName = keyof typeof WinHttpRequestOption;

type TextOption = 'UserAgentString' | 'URL' | 'SelectCertificate';
type NumberOption =
  | 'URLCodePage'
  | 'SslErrorIgnoreFlags'
  | 'SecureProtocols'
  | 'MaxAutomaticRedirects'
  | 'MaxResponseHeaderSize'
  | 'MaxResponseDrainSize';

/** The type of each option's value, by the option's name. */
export type WinHttpRequestOptions = {
  [Name in OptionName]: Name extends TextOption ? string : Name extends NumberOption ? number : boolean;
};

/** An option as its id, `WinHttpRequestOption.EnableRedirects`, or as its name, `'EnableRedirects'`. */
export type OptionKey = OptionName | number;

/** The type of the value of an option; any of the three for a mere number. */
export type ValueOfOption<Key extends OptionKey> = Key extends OptionName
  ? WinHttpRequestOptions[Key]
  : {
        [Name in OptionName]: (typeof WinHttpRequestOption)[Name] extends Key ? WinHttpRequestOptions[Name] : never;
      }[OptionName] extends infer Value
    ? [Value] extends [never]
      ? OptionValue
      : Value
    : never;

/** Bytes to send. */
type BodyBytes = ArrayBufferView | ArrayBuffer | SharedArrayBuffer;

/** What {@link IWinHttpRequest.send} takes; streams are collected first, up to `limits.requestBody`. */
export type WinHttpBody =
  | string
  | BodyBytes
  | Blob
  | Readable
  | ReadableStream
  | AsyncIterable<string | BodyBytes>
  | null
  | undefined;

/** Options of {@link WinHttpRequest.create}. */
export interface WinHttpRequestCreateOptions {
  /** Who serves the object; else WINWIRE_BACKEND, else `system` on Windows and `portable` elsewhere. */
  readonly backend?: BackendName | undefined;
  /** An apartment of its own and COM's synchronous Send, for objects opened with `async = false`; `system` only. */
  readonly nativeSync?: boolean | undefined;
  /** The proxy setting 0 is that of the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY); `portable` only. */
  readonly environmentProxy?: boolean | undefined;
  readonly limits?: Partial<WinHttpLimits> | undefined;
}

/** Options of {@link IWinHttpRequest.send}. */
export interface SendOptions {
  /** Aborts the request. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link IWinHttpRequest.waitForResponse}. */
export interface WaitOptions {
  /** Ends the wait, and only that. */
  readonly signal?: AbortSignal | undefined;
}

/** The events of a {@link WinHttpRequest}, and what their listeners get. */
export interface WinHttpRequestEvents {
  /** The head of the response is in. `contentType` is empty where there is none. Source: IWinHttpRequestEvents::OnResponseStart. */
  responseStart: [status: number, contentType: string];
  /** A part of the body, not all of it up to here. Source: IWinHttpRequestEvents::OnResponseDataAvailable. */
  responseDataAvailable: [chunk: Buffer];
  /** The response is complete. Source: IWinHttpRequestEvents::OnResponseFinished. */
  responseFinished: [];
  /** The request has failed; only emitted where someone listens. Source: IWinHttpRequestEvents::OnError. */
  error: [error: Error];
  /** Bytes of the response so far, and how many there will be, where that is known. */
  downloadProgress: [received: number, total: number | undefined];
  /** Bytes of the request's body so far, of how many; `portable` only. */
  uploadProgress: [sent: number, total: number];
}
