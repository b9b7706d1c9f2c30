import { expect, it } from 'vitest';
import { requestRefusalOf } from '../../lib/tunnel/proxy-peer.ts';

it.each([
  ['proxy.test', 'proxy.test:8080'],
  ['::1', '[::1]:8080'],
])('the refusal of a request names the proxy %s', (host, proxy) => {
  const error = requestRefusalOf({ kind: 'http', host, port: 8080 }, 407);
  expect(error).toMatchObject({
    ...{ code: 'ERR_WINWIRE_PROXY_AUTHENTICATION', status: 407, proxy },
    message: `The proxy ${proxy} answered 407.`,
  });
});
