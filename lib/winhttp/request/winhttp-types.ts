/**
 * The types and constants of httprequest.idl in JavaScript. The members of an enum have the IDL's names without the
 * enum's name as prefix; the values are the IDL's.
 */
import type { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { BackendName } from '../../backend.ts';
import type { ProxyOption } from '../../proxy/types.ts';
import type { OptionValue, WinHttpLimits } from '../request-object.ts';
import { WinHttpRequestOption } from '../request-option.ts';

export type { AsyncMode, ClientCertificate, OptionValue, WinHttpLimits } from '../request-object.ts';
export { WinHttpRequestOption };

/**
 * The servers that are offered the credentials of the logged-on user. Source: Microsoft, WinHttpRequestAutoLogonPolicy
 * enumeration.
 */
export const AutoLogonPolicy = {
  /** Every server. */
  Always: 0,
  /** The default: only hosts in the proxy's bypass list. */
  OnlyIfBypassProxy: 1,
  /** No server. */
  Never: 2,
} as const;
export type AutoLogonPolicy = (typeof AutoLogonPolicy)[keyof typeof AutoLogonPolicy];

/** The first argument of SetProxy. Source: Microsoft, IWinHttpRequest::SetProxy (HTTPREQUEST_PROXYSETTING_…). */
export const ProxySetting = {
  /** The machine's configuration (`netsh winhttp`); on the portable engine, no proxy. */
  DEFAULT: 0,
  /** The same under its other name. */
  PRECONFIG: 0,
  /** No proxy. */
  DIRECT: 1,
  /** The proxy passed as `server`. */
  PROXY: 2,
} as const;
export type ProxySetting = (typeof ProxySetting)[keyof typeof ProxySetting];

/** The target of credentials. Source: Microsoft, IWinHttpRequest::SetCredentials (HTTPREQUEST_SETCREDENTIALS_…). */
export const CredentialTarget = {
  /** For challenges of the server (401). */
  FOR_SERVER: 0,
  /** For challenges of the proxy (407). */
  FOR_PROXY: 1,
  /** Short for FOR_SERVER. */
  SERVER: 0,
  /** Short for FOR_PROXY. */
  PROXY: 1,
} as const;
export type CredentialTarget = (typeof CredentialTarget)[keyof typeof CredentialTarget];

/** Bits of the option SslErrorIgnoreFlags. Source: Microsoft, WinHttpRequestSslErrorFlags enumeration. */
export const SslErrorFlag = {
  /** The root of the chain is not trusted. */
  UnknownCA: 0x0100,
  /** The certificate is not for servers. */
  CertWrongUsage: 0x0200,
  /** The certificate is for another host name. */
  CertCNInvalid: 0x1000,
  /** The certificate has expired, or is not valid yet. */
  CertDateInvalid: 0x2000,
  /** All of the above. */
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

/** The value type of an option; any of the three for a number. */
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

/** Bodies for {@link IWinHttpRequest.send}; streams are collected first, up to `limits.requestBody`. */
export type WinHttpBody =
  | string
  | BodyBytes
  | Blob
  | Readable
  | ReadableStream
  | AsyncIterable<string | BodyBytes>
  | null
  | undefined;

/** SetProxy's arguments (the setting is PROXY if `server` is set), or a source of proxies. */
export type WinHttpProxy =
  | {
      readonly setting?: ProxySetting | undefined;
      readonly server?: string | undefined;
      readonly bypass?: string | undefined;
    }
  | ProxyOption;

/** Options of {@link WinHttpRequest.create}. */
export interface WinHttpRequestCreateOptions {
  /** The backend; default WINWIRE_BACKEND, else `system` on Windows and `portable` elsewhere. */
  readonly backend?: BackendName | undefined;
  /** Uses a separate apartment and COM's synchronous Send for objects opened with `async = false`; `system` only. */
  readonly nativeSync?: boolean | undefined;
  /**
   * The arguments of SetProxy, or where the proxy setting 0 finds the proxy of each URL: a source of `resolveProxy`,
   * `'direct'`, or a function. On `system` it is found once, for the URL that is sent; a redirect uses the same one.
   */
  readonly proxy?: WinHttpProxy | undefined;
  /** The proxy setting 0 uses the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY); `portable` only. */
  readonly environmentProxy?: boolean | undefined;
  /** Limits in bytes; see {@link WinHttpLimits}. */
  readonly limits?: Partial<WinHttpLimits> | undefined;
}

/** Options of {@link IWinHttpRequest.send}. */
export interface WinHttpSendOptions {
  /** Aborts the request. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link IWinHttpRequest.waitForResponse}. */
export interface WinHttpWaitOptions {
  /** Ends the wait; the request continues. */
  readonly signal?: AbortSignal | undefined;
}

/** The events of a {@link WinHttpRequest}, and the arguments of their listeners. */
export interface WinHttpRequestEvents {
  /** The response head has arrived. `contentType` may be empty. Source: IWinHttpRequestEvents::OnResponseStart. */
  responseStart: [status: number, contentType: string];
  /** A part of the body has arrived. Source: IWinHttpRequestEvents::OnResponseDataAvailable. */
  responseDataAvailable: [chunk: Buffer];
  /** The response is complete. Source: IWinHttpRequestEvents::OnResponseFinished. */
  responseFinished: [];
  /** The request has failed; emitted only if there is a listener. Source: IWinHttpRequestEvents::OnError. */
  error: [error: Error];
  /** Bytes of the response received so far, and the total if known. */
  downloadProgress: [received: number, total: number | undefined];
  /** Bytes of the request body sent so far, and the total; `portable` only. */
  uploadProgress: [sent: number, total: number];
}
