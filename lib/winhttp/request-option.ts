/** The ids of the options of a request object, for the typed members and the portable engine. */
/** The ids of `getOption`. Source: Microsoft, WinHttpRequestOption enumeration (httprequest.idl). */
export const WinHttpRequestOption = {
  /** BSTR: the User-Agent header. */
  UserAgentString: 0,
  /** BSTR, read only: the URL of Open, or the final URL after redirects. */
  URL: 1,
  /** I4: the code page of the query; default 65001 (UTF-8). */
  URLCodePage: 2,
  /** BOOL, default FALSE: `%` in the URL becomes `%25`. Set it before Open. */
  EscapePercentInURL: 3,
  /** I4: the certificate errors to ignore, see {@link SslErrorFlag}. */
  SslErrorIgnoreFlags: 4,
  /** BSTR, write only: as SetClientCertificate. */
  SelectCertificate: 5,
  /** BOOL, default TRUE: follows redirects. */
  EnableRedirects: 6,
  /** BOOL, default FALSE: escapes only blanks and non-ASCII characters of path and query. Set it before Open. */
  UrlEscapeDisable: 7,
  /** BOOL, default FALSE: the same for the query only. Set it before Open. */
  UrlEscapeDisableQuery: 8,
  /** I4: the TLS versions to use, see {@link SecureProtocol}. */
  SecureProtocols: 9,
  /** BOOL: traces the whole process. */
  EnableTracing: 10,
  /** BOOL, default TRUE: reverts impersonation for TLS. */
  RevertImpersonationOverSsl: 11,
  /** BOOL, default FALSE: follows redirects from https to http. */
  EnableHttpsToHttpRedirects: 12,
  /** BOOL: Passport authentication, which no longer exists. */
  EnablePassportAuthentication: 13,
  /** I4, default 10: maximum number of redirects; one more is an error. */
  MaxAutomaticRedirects: 14,
  /** I4, default 65536: maximum size of a response head in bytes. */
  MaxResponseHeaderSize: 15,
  /** I4, default 1048576: how much of a discarded body is read, so that its connection can be kept. */
  MaxResponseDrainSize: 16,
  /** BOOL, default TRUE: uses HTTP/1.1, else HTTP/1.0. */
  EnableHttp1_1: 17,
  /** BOOL, default FALSE: checks whether a certificate is revoked. */
  EnableCertificateRevocationCheck: 18,
  /** BOOL, default FALSE: Open rejects a URL with a user name. */
  RejectUserpwd: 19,
} as const;
export type WinHttpRequestOption = (typeof WinHttpRequestOption)[keyof typeof WinHttpRequestOption];
