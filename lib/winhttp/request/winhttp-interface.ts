/** IWinHttpRequest as JavaScript sees it: any object of this shape can stand in for a `WinHttpRequest`. */
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

/** A string of Windows; `null` and `undefined` stand for NULL. */
type Bstr = string | null | undefined;

/**
 * The members of IWinHttpRequest in the order of httprequest.idl. Nothing here throws synchronously and nothing blocks.
 * A failure of the object is a `WinwireError`; what is no value of a parameter's type, or could inject into a message
 * (CR, LF, NUL), is a TypeError or RangeError before the object hears of it. Getters never cause an unhandled rejection.
 */
export interface IWinHttpRequest {
  /**
   * Chooses the proxy; takes effect with the next `send`.
   *
   * @param server - `host`, `host:port` or, for each scheme, `http=a:80;https=b:88`.
   * @param bypass - Hosts to reach directly, separated by `;` or blanks: `*` is a wildcard, `<local>` a name without dots.
   * @throws {WinwireError} E_INVALIDARG for an unknown setting.
   * Source: Microsoft, IWinHttpRequest::SetProxy.
   */
  setProxy(setting: ProxySetting | number, server?: Bstr, bypass?: Bstr): Promise<void>;

  /**
   * Gives a user name and a password for the next challenge of the server or proxy, for the current request only.
   *
   * @throws {WinwireError} ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN; E_INVALIDARG for NULL or an unknown target.
   * Source: Microsoft, IWinHttpRequest::SetCredentials.
   */
  setCredentials(userName: Bstr, password: Bstr, target: CredentialTarget | number): Promise<void>;

  /**
   * Begins a new request, and cancels the pending one; connects to nobody yet. Headers, credentials and the response
   * of the last request are gone, everything else stays.
   *
   * @param async - COM's mode. `send` behaves alike in both: it never blocks and settles when the response is complete.
   * @throws {WinwireError} E_INVALIDARG for NULL, ERROR_WINHTTP_UNRECOGNIZED_SCHEME, ERROR_WINHTTP_INVALID_URL; the
   * request before stays as it was.
   * Source: Microsoft, IWinHttpRequest::Open.
   */
  open(method: Bstr, url: Bstr, async?: AsyncMode): Promise<void>;

  /**
   * Adds or replaces a header of the request; a NULL value removes it.
   *
   * @throws {WinwireError} ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN, ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND,
   * ERROR_WINHTTP_INVALID_HEADER for a name that is none.
   * Source: Microsoft, IWinHttpRequest::SetRequestHeader.
   */
  setRequestHeader(header: Bstr, value: Bstr): Promise<void>;

  /**
   * The first header of the response with that name, in whatever case.
   *
   * @throws {WinwireError} ERROR_WINHTTP_HEADER_NOT_FOUND, ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND, E_PENDING.
   * Source: Microsoft, IWinHttpRequest::GetResponseHeader.
   */
  getResponseHeader(header: Bstr): Promise<string>;

  /**
   * All headers of the response as `Name: value` lines that end in CR LF, and an empty line.
   *
   * Source: Microsoft, IWinHttpRequest::GetAllResponseHeaders.
   */
  getAllResponseHeaders(): Promise<string>;

  /**
   * Sends the request. The promise settles when the response is complete, whatever its status; it rejects if there is
   * none, and with ERROR_WINHTTP_OPERATION_CANCELLED after `abort` or `open`. A failure that a `waitForResponse` or a
   * listener of `error` has taken is no unhandled rejection.
   *
   * @param body - Nothing is sent of it with GET. A string is sent as UTF-8; with characters beyond ASCII the
   * Content-Type says so.
   * @throws {WinwireError} ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN; ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND while a request
   * is pending; ERROR_READ_FAULT if a stream fails, with its error as `cause`; the error of the transport.
   * @throws {AbortError} if the signal aborted it.
   * Source: Microsoft, IWinHttpRequest::Send.
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
   * @throws {WinwireError} E_PENDING; ERROR_NO_UNICODE_TRANSLATION for bytes that are no such text;
   * ERROR_FILE_TOO_LARGE beyond `limits.responseText`.
   * Source: Microsoft, IWinHttpRequest::ResponseText.
   */
  readonly responseText: Promise<string>;

  /**
   * The body as it came: nothing is decompressed. Empty where there is none.
   *
   * @throws {WinwireError} E_PENDING; ERROR_FILE_TOO_LARGE beyond `limits.responseBody`.
   * Source: Microsoft, IWinHttpRequest::ResponseBody.
   */
  readonly responseBody: Promise<Buffer>;

  /**
   * A new stream over the whole body; it can be read even after `abort`, another `open` and the end of the object.
   *
   * Source: Microsoft, IWinHttpRequest::ResponseStream.
   */
  readonly responseStream: Promise<Readable>;

  /**
   * The value of an option, by its id or name.
   *
   * Source: Microsoft, IWinHttpRequest::Option, WinHttpRequestOption enumeration.
   */
  getOption<Key extends OptionKey>(option: Key): Promise<ValueOfOption<Key>>;

  /**
   * Sets an option, by its id or name.
   *
   * @throws {WinwireError} E_INVALIDARG for an unknown option; DISP_E_TYPEMISMATCH for a value that cannot be converted;
   * ERROR_WINHTTP_OPTION_NOT_SETTABLE for the URL.
   * Source: Microsoft, IWinHttpRequest::Option, WinHttpRequestOption enumeration.
   */
  setOption(option: OptionKey, value: OptionValue): Promise<void>;

  /**
   * Waits until the response is complete: true, or false if the time has passed, which ends nothing but the wait.
   *
   * @param seconds - To the millisecond; `undefined` and everything negative is without end, 0 only asks.
   * @throws {WinwireError} ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND; the error of the request.
   * @throws {AbortError} if the signal ended the wait.
   * Source: Microsoft, IWinHttpRequest::WaitForResponse.
   */
  waitForResponse(seconds?: number | null, options?: WinHttpWaitOptions): Promise<boolean>;

  /**
   * Gives the request up and closes its connection. No event of it comes any more. Never fails.
   *
   * Source: Microsoft, IWinHttpRequest::Abort.
   */
  abort(): Promise<void>;

  /**
   * Sets the four limits in milliseconds, 0 and -1 for none: name lookup (none at first), connecting to each address
   * (60000), each packet of the request (30000), each packet of the response (30000).
   *
   * @throws {WinwireError} E_INVALIDARG for other negative numbers.
   * Source: Microsoft, IWinHttpRequest::SetTimeouts.
   */
  setTimeouts(resolve: number, connect: number, send: number, receive: number): Promise<void>;

  /**
   * Chooses the client certificate: `[Location\[Store\]]Subject` in the certificate store on `system`, the certificate
   * with its key on `portable`. What is wrong with it is told by `send`.
   *
   * Source: Microsoft, IWinHttpRequest::SetClientCertificate; "SSL in WinHTTP".
   */
  setClientCertificate(certificate: Bstr | ClientCertificate): Promise<void>;

  /**
   * Says to whom the credentials of the logged-on user may be offered (NTLM and Negotiate).
   *
   * @throws {WinwireError} E_INVALIDARG for an unknown policy.
   * Source: Microsoft, IWinHttpRequest::SetAutoLogonPolicy.
   */
  setAutoLogonPolicy(policy: AutoLogonPolicy | number): Promise<void>;
}
