// What `doctor` says of servers that speak otherwise than the URL has it.
import { expect, test } from 'vitest';
import { examine } from '../../../lib/cli/doctor/examine.ts';
import * as certificates from '../../helpers/certificates.ts';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { HttpServer } from '../../helpers/http-server.ts';

async function problemsOf(url: string): Promise<string[]> {
  const problems: string[] = [];
  const problem = (text: string) => void problems.push(text);
  const interrupt = new AbortController().signal;
  await examine({ url, backend: 'portable', subprotocols: [], limit: 30_000, interrupt, problem });
  return problems;
}

test.each(['TLSv1.2', 'TLSv1.3'] as const)('a server that demands a client certificate, by %s', async (version) => {
  const secure = { ...certificates.selfSigned(), ca: certificates.authority(), requestCert: true };
  await using server = await HttpServer.start({ ...secure, minVersion: version, maxVersion: version });
  expect((await problemsOf(server.url())).at(-1)).toMatch(/^(?:TLS|answer): it .*demand.* a client certificate/);
});

test('http sent to a port of TLS', async () => {
  await using server = await HttpServer.start(certificates.selfSigned());
  // Windows reports a reset.
  expect(await problemsOf(`http://127.0.0.1:${server.port}/`)).toEqual([
    expect.stringMatching(
      /^answer: (?:the connection was closed before an answer came; with http: or ws:|read ECONNRESET)/,
    ),
  ]);
  await using nginx = await RawServer.answering(
    'HTTP/1.1 400 Bad Request\r\nContent-Length: 45\r\n\r\nThe plain HTTP request was sent to HTTPS port',
    { closes: true },
  );
  expect(await problemsOf(nginx.url())).toEqual([
    'answer: 400 Bad Request: the server speaks TLS on this port: use https:',
  ]);
});

test.each([
  [
    'SSH-2.0-OpenSSH_9.2\r\n',
    /^answer: it does not speak HTTP on this port: its answer begins with "SSH-2\.0-OpenSSH_9\.2"$/,
  ],
  ['220 mail.test ESMTP\r\n', /begins with "220 mail\.test ESMTP"$/],
  ['\x15\x03\x01\0\x02\x02\x46', /^answer: it speaks TLS on this port: use https: or wss:$/],
])('a peer that answers %j', async (bytes, expected) => {
  await using server = await RawServer.answering(bytes, { closes: true });
  expect(await problemsOf(server.url())).toEqual([expect.stringMatching(expected)]);
});
