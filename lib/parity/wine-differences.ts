/**
 * How Wine 8.0's winhttp.dll differs in the scenarios of the package. Each row of WinHttpRequest follows from a
 * difference that the conformance suite measures on Wine (docs/conformance.md, "known difference"). Those of PAC scripts
 * (PF-nnn) were measured with the scenarios, on Wine 8.0 and 10.0; weekdayRange on a Sunday and a Monday.
 */
import type { KnownDifference } from './known-differences.ts';

type Row = readonly [reason: string, steps: readonly string[], ...scenarios: string[]];

const ROWS: readonly Row[] = [
  ['the fragment of a URL is sent, escaped', ['*'], 'open-fragment'],
  ['a header that is removed is sent empty', ['GET /'], 'request-header-removed'],
  ['a header can be set while the request is pending', ['setRequestHeader'], 'write-sending'],
  ['a colon is taken in the name of a header', ['setRequestHeader', 'GET /'], 'request-header-wrong'],
  ['the parameter of the content type is written charset=utf-8', ['POST /'], 'post-text-unicode'],
  ['a string body ends at its first NUL', ['POST /'], 'post-text-nul'],
  [
    'before a response is there, its members fail as before Send, not with E_PENDING',
    ['status', 'statusText', 'getAllResponseHeaders', 'getResponseHeader', 'responseText', 'responseBody'],
    'read-sending',
  ],
  [
    'after a failure ResponseText is empty, and Status fails otherwise',
    ['status', 'responseText'],
    'cut-at-once',
    'no-http',
  ],
  ['credentials go with the first request, unasked', ['*'], 'credentials-basic'],
  ['during the body its getters return the received part', ['responseText', 'responseBody'], 'read-receiving'],
  [
    'GetAllResponseHeaders begins with the status line',
    ['getAllResponseHeaders'],
    ...['read-receiving', 'read-done', 'response-headers', 'response-statuses', 'open-again'],
    ...['head', 'method-own', 'chunked'],
  ],
  [
    'ResponseText knows only charset=utf-8, as the last parameter and without quotes',
    ['responseText'],
    ...['text-windows-1251', 'text-utf8-quoted', 'text-utf8-first'],
  ],
  ['invalid UTF-8 becomes U+FFFD', ['responseText'], 'text-invalid'],
  ['the connection of an aborted request stays open', ['open connections'], 'abort-closes'],
  ['SetTimeouts takes every negative number', ['setTimeouts'], 'timeout-values'],
  [
    'the receive time-out does not hold while the headers are awaited',
    ['send', 'waitForResponse', 'abort'],
    'timeout-receive',
  ],
  ['during the body the receive time-out is 0x8007274C, of Winsock', ['send'], 'timeout-in-body'],
  ['a truncated body is accepted as complete', ['send', 'status', 'responseText'], 'cut-in-body'],
  ['headers that are cut off are taken for whole', ['send', 'status', 'responseText'], 'cut-in-head'],
  ['a header that is too long is cut off without an error', ['send', 'status', 'getResponseHeader'], 'header-too-long'],
  [
    'POST and 301, 302: 0x80072EF3; 303 is not followed',
    ['*'],
    ...[301, 302, 303].map((status) => `redirect-${status}-post`),
  ],
  ['the body that is sent again is not the one that was given', ['POST /target'], 'redirect-307-post'],
  ['303 and 308 are not followed', ['*'], 'redirect-303-get', 'redirect-308-get', 'redirect-308-post'],
  ['SetProxy has no effect: the name of the target is looked up', ['*'], 'proxy-named'],
  [
    'the option is not implemented (0x80004001)',
    ['getOption', 'setOption'],
    ...['option-UserAgentString', 'option-URL', 'option-EscapePercentInURL'],
    ...['option-UrlEscapeDisable', 'option-UrlEscapeDisableQuery', 'option-SecureProtocols', 'option-unknown'],
    ...['option-EnableHttpsToHttpRedirects', 'option-MaxAutomaticRedirects', 'option-EnableHttp1.1'],
    ...[
      'option-RejectUserpwd',
      'option-SelectCertificate',
      'option-EnableRedirects',
      'option-EnableTracing',
      'option-type',
    ],
    ...['option-RevertImpersonationOverSsl', 'option-EnablePassportAuthentication', 'option-MaxResponseHeaderSize'],
    ...['option-MaxResponseDrainSize', 'option-EnableCertificateRevocationCheck'],
  ],
  ['only the first route is returned', ['resolveProxy'], 'PF-003', 'PF-018'],
  ['an empty entry before the first route makes it direct', ['resolveProxy'], 'PF-005'],
  ['HTTPS and SOCKS are taken for direct', ['resolveProxy'], 'PF-007', 'PF-008', 'PF-009'],
  ['an IPv6 host has brackets, and no dot makes it a plain name', ['resolveProxy'], 'PF-024', 'PF-030'],
  ['isInNet accepts a network of three numbers', ['resolveProxy'], 'PF-041'],
  ['dnsResolve does not return null for an unknown name', ['resolveProxy'], 'PF-043'],
  ['a script that calls alert fails', ['resolveProxy'], 'PF-048'],
  ['weekdayRange is false around the end of the week', ['resolveProxy'], 'PF-049'],
  ['dateRange is not implemented', ['resolveProxy'], 'PF-052'],
  ['global variables are not kept', ['resolveProxy'], 'PF-067'],
  ['scripts are ECMAScript 3 without a byte order mark', ['resolveProxy'], 'PF-069', 'PF-077', 'PF-080'],
  ['UTF-8 is not recognized', ['resolveProxy'], 'PF-078'],
];

/** Applied if one of the two subjects is Wine's and the other is not. */
export const wineDifferences: readonly KnownDifference[] = [
  ...ROWS.flatMap(([reason, steps, ...scenarios]) =>
    scenarios.map((scenario) => ({ scenario, provider: 'Wine', reason: `Wine 8.0: ${reason}`, steps })),
  ),
  {
    scenario: 'option-SslErrorIgnoreFlags',
    provider: 'Wine',
    reason: 'Wine 8.0: the option is not implemented (0x80004001)',
    steps: ['getOption', 'setOption'],
    goneIn: 10,
  },
  {
    scenario: '*',
    provider: 'Wine',
    reason: 'Wine 8.0: the headers of a request are sent in another order',
    steps: ['*'],
    only: 'order',
  },
];
