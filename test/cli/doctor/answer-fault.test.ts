import { expect, test } from 'vitest';
import { answerFault } from '../../../lib/cli/doctor/answer-fault.ts';

const CERTIFICATE = 'the server demands a client certificate';
const TLS = 'the server speaks TLS on this port: use https:';

test.each([
  // nginx
  [
    400,
    'Bad Request',
    '<center>No required SSL certificate was sent</center>',
    `answer: 400 Bad Request: ${CERTIFICATE}`,
  ],
  [
    400,
    'Bad Request',
    '<center>The plain HTTP request was sent to HTTPS port</center>',
    `answer: 400 Bad Request: ${TLS}`,
  ],
  [496, '', '', `answer: 496: ${CERTIFICATE}`],
  [495, '', '', `answer: 495: ${CERTIFICATE}`],
  [497, '', '', `answer: 497: ${TLS}`],
  // Apache
  [
    400,
    'Bad Request',
    "Reason: You're speaking plain HTTP to an SSL-enabled server port.",
    `answer: 400 Bad Request: ${TLS}`,
  ],
  // IIS
  [403, 'Forbidden', '403.7 - Forbidden: Client certificate required.', `answer: 403 Forbidden: ${CERTIFICATE}`],
  // Go
  [400, 'Bad Request', 'Client sent an HTTP request to an HTTPS server.', `answer: 400 Bad Request: ${TLS}`],
  [400, 'Bad Request', 'missing parameter', 'answer: 400 Bad Request'],
  [407, 'Proxy Authentication Required', '', 'answer: 407 Proxy Authentication Required'],
  [421, 'Misdirected Request', '', 'answer: 421 Misdirected Request'],
  [503, 'Service Unavailable', '', 'answer: 503 Service Unavailable'],
  [200, 'OK', 'How to make a client certificate', undefined],
  [302, 'Found', 'client certificate', undefined],
  [401, 'Unauthorized', '', undefined],
  [403, 'Forbidden', 'no entry', undefined],
  [404, 'Not Found', '', undefined],
])('%d %s with %j', (status, statusText, text, expected) => {
  const report = { status, statusText, server: undefined, location: undefined, authentication: [] };
  expect(answerFault(report, text)).toBe(expected);
});
