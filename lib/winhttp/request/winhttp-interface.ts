/** IWinHttpRequest in JavaScript: any object of this shape can replace a `WinHttpRequest`. */
import type { Readable } from 'node:stream';
import type { AsyncMode, OptionValue } from '../request-object.ts';
import type {
  AutoLogonPolicy,
  ClientCertificate,
  CredentialTarget,
  OptionKey,
  ProxySetting,
  ValueOfOption,
  WinHttpBody,
  WinHttpSendOptions,
  WinHttpWaitOptions,
} from './winhttp-types.ts';

/** A Windows string; `null` and `undefined` mean NULL. */
export type Bstr = string | null | undefined;

/**
 * The members of IWinHttpRequest in the order of httprequest.idl. No member throws synchronously or blocks. A failure
 * of the object is a `WinwireError`. An argument of the wrong type, or one that could inject into a message (CR, LF,
 * NUL), is a TypeError or RangeError and does not reach the object. Rejections of getters count as handled.
 */
export interface IWinHttpRequest {
  /**
   * Sets the proxy for the next `send`.
   *
   * @param server - `host`, `host:port` or, per scheme, `http=a:80;https=b:88`.
   * @param bypass - Hosts to connect to directly, separated by `;` or blanks: `*` is a wildcard, `<local>` a name
   *   without dots.
   * @throws {WinwireError} E_INVALIDARG for an unknown setting. Source: Microsoft, IWinHttpRequest::SetProxy.
   */
  setProxy(setting: ProxySetting | number, server?: Bstr, bypass?: Bstr): Promise<void>;

  /**
   * Sets a user name and a password for the challenges of the server or proxy, for the current request only.
   *
   * @throws {WinwireError} ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN; E_INVALIDARG for NULL or an unknown target. Source:
   *   Microsoft, IWinHttpRequest::SetCredentials.
   */
  setCredentials(userName: Bstr, password: Bstr, target: CredentialTarget | number): Promise<void>;

  /**
   * Begins a new request and cancels the pending one; does not connect yet. Resets headers, credentials and the last
   * response; other settings stay.
   *
   * @param async - COM's mode. `send` behaves the same in both: it does not block and settles when the response is
   *   complete.
   * @throws {WinwireError} E_INVALIDARG for NULL, ERROR_WINHTTP_UNRECOGNIZED_SCHEME, ERROR_WINHTTP_INVALID_URL; the
   *   previous request is then unchanged. Source: Microsoft, IWinHttpRequest::Open.
   */
  open(method: Bstr, url: Bstr, async?: AsyncMode): Promise<void>;

  /**
   * Adds or replaces a request header; a NULL value removes it.
   *
   * @throws {WinwireError} ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN, ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND,
   *   ERROR_WINHTTP_INVALID_HEADER for an invalid name. Source: Microsoft, IWinHttpRequest::SetRequestHeader.
   */
  setRequestHeader(header: Bstr, value: Bstr): Promise<void>;

  /**
   * Returns the first response header with this case-insensitive name.
   *
   * @throws {WinwireError} ERROR_WINHTTP_HEADER_NOT_FOUND, ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND, E_PENDING. Source:
   *   Microsoft, IWinHttpRequest::GetResponseHeader.
   */
  getResponseHeader(header: Bstr): Promise<string>;

  /**
   * Returns all response headers as `Name: value` lines that end in CR LF, and an empty line.
   *
   * Source: Microsoft, IWinHttpRequest::GetAllResponseHeaders.
   */
  getAllResponseHeaders(): Promise<string>;

  /**
   * Sends the request. The promise resolves when the response is complete, with any status; it rejects if there is no
   * response, and with ERROR_WINHTTP_OPERATION_CANCELLED after `abort` or `open`. The rejection counts as handled if a
   * `waitForResponse` or a listener of `error` gets the error.
   *
   * @param body - Not sent with GET. A string is sent as UTF-8, with a charset in the Content-Type if it contains
   *   characters beyond ASCII.
   * @throws {WinwireError} ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN; ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND while a request
   *   is pending; ERROR_READ_FAULT if a stream fails, with its error as `cause`; the error of the transport.
   * @throws {AbortError} if the signal aborted it. Source: Microsoft, IWinHttpRequest::Send.
   */
  send(body?: WinHttpBody, options?: WinHttpSendOptions): Promise<void>;

  /** The status code. Source: Microsoft, IWinHttpRequest::Status. */
  readonly status: Promise<number>;

  /** The reason phrase, as it was sent. Source: Microsoft, IWinHttpRequest::StatusText. */
  readonly statusText: Promise<string>;

  /**
   * The body as text, decoded by the charset of the Content-Type; without one, by the system's ANSI code page
   * (windows-1252 on the portable engine).
   *
   * @throws {WinwireError} E_PENDING; ERROR_NO_UNICODE_TRANSLATION for bytes that are invalid in the charset;
   *   ERROR_FILE_TOO_LARGE beyond `limits.responseText`. Source: Microsoft, IWinHttpRequest::ResponseText.
   */
  readonly responseText: Promise<string>;

  /**
   * The body as received; it is not decompressed. May be empty.
   *
   * @throws {WinwireError} E_PENDING; ERROR_FILE_TOO_LARGE beyond `limits.responseBody`. Source: Microsoft,
   *   IWinHttpRequest::ResponseBody.
   */
  readonly responseBody: Promise<Buffer>;

  /**
   * A new stream over the whole body, readable even after `abort`, another `open` and disposal.
   *
   * Source: Microsoft, IWinHttpRequest::ResponseStream.
   */
  readonly responseStream: Promise<Readable>;

  /**
   * Returns the value of an option, given by id or name.
   *
   * Source: Microsoft, IWinHttpRequest::Option, WinHttpRequestOption enumeration.
   */
  getOption<Key extends OptionKey>(option: Key): Promise<ValueOfOption<Key>>;

  /**
   * Sets an option, given by id or name.
   *
   * @throws {WinwireError} E_INVALIDARG for an unknown option; DISP_E_TYPEMISMATCH for a value that cannot be
   *   converted; ERROR_WINHTTP_OPTION_NOT_SETTABLE for the URL. Source: Microsoft, IWinHttpRequest::Option,
   *   WinHttpRequestOption enumeration.
   */
  setOption(option: OptionKey, value: OptionValue): Promise<void>;

  /**
   * Waits for the complete response. Resolves with true, or with false when the time has passed; the request continues.
   *
   * @param seconds - With the precision of milliseconds; `undefined` and negative values mean no limit, 0 returns the
   *   current state.
   * @throws {WinwireError} ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND; the error of the request.
   * @throws {AbortError} if the signal ended the wait. Source: Microsoft, IWinHttpRequest::WaitForResponse.
   */
  waitForResponse(seconds?: number | null, options?: WinHttpWaitOptions): Promise<boolean>;

  /**
   * Cancels the request and closes its connection; there are no further events. Never fails.
   *
   * Source: Microsoft, IWinHttpRequest::Abort.
   */
  abort(): Promise<void>;

  /**
   * Sets the four time-outs in milliseconds; 0 and -1 disable one: name lookup (default: disabled), connecting to each
   * address (60000), each packet of the request (30000), each packet of the response (30000).
   *
   * @throws {WinwireError} E_INVALIDARG for other negative numbers. Source: Microsoft, IWinHttpRequest::SetTimeouts.
   */
  setTimeouts(resolve: number, connect: number, send: number, receive: number): Promise<void>;

  /**
   * Sets the client certificate: `[Location\[Store\]]Subject` in the certificate store on `system`, the certificate
   * with its key on `portable`. `send` reports an invalid certificate.
   *
   * Source: Microsoft, IWinHttpRequest::SetClientCertificate; "SSL in WinHTTP".
   */
  setClientCertificate(certificate: Bstr | ClientCertificate): Promise<void>;

  /**
   * Sets the servers to which the credentials of the logged-on user may be offered (NTLM and Negotiate).
   *
   * @throws {WinwireError} E_INVALIDARG for an unknown policy. Source: Microsoft, IWinHttpRequest::SetAutoLogonPolicy.
   */
  setAutoLogonPolicy(policy: AutoLogonPolicy | number): Promise<void>;
}
