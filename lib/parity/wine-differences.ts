/**
 * What Wine 8.0's WinHttpRequest does otherwise in the scenarios of the package. Each row follows from a difference that
 * the conformance suite measures on Wine (docs/conformance.md, "known difference").
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
  ['in mid-body the getters of the body give what is there', ['responseText', 'responseBody'], 'read-receiving'],
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
  ['what is no UTF-8 becomes U+FFFD', ['responseText'], 'text-invalid'],
  ['the connection of an aborted request stays open', ['open connections'], 'abort-closes'],
  ['SetTimeouts takes every negative number', ['setTimeouts'], 'timeout-values'],
  [
    'the receive time-out does not hold while the headers are awaited',
    ['send', 'waitForResponse', 'abort'],
    'timeout-receive',
  ],
  ['in mid-body the receive time-out is 0x8007274C, of Winsock', ['send'], 'timeout-in-body'],
  ['a body that is cut off is taken for whole', ['send', 'status', 'responseText'], 'cut-in-body'],
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
];

/** Listed as known where one of the two is Wine's and the other is not. */
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
