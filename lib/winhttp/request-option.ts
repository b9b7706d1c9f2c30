/** The ids of the options of a request object, for the typed members and the portable engine. */
/** The ids of `getOption`. Source: Microsoft, WinHttpRequestOption enumeration (httprequest.idl). */
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
