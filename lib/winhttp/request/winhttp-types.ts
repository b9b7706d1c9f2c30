/**
 * The types and constants of httprequest.idl as JavaScript sees them. The members of an enum are the IDL's names
 * without the prefix that is the name of the enum; the values are the IDL's.
 */
import type { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { BackendName } from '../../backend.ts';
import type { OptionValue, WinHttpLimits } from '../request-object.ts';
import { WinHttpRequestOption } from '../request-option.ts';

export type { AsyncMode, ClientCertificate, OptionValue, WinHttpLimits } from '../request-object.ts';
export { WinHttpRequestOption };

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
export interface WinHttpSendOptions {
  /** Aborts the request. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link IWinHttpRequest.waitForResponse}. */
export interface WinHttpWaitOptions {
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
