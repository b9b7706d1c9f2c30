// Which chains end in a trusted root, with roots that the test chooses. trust.test.ts has the roots of whole processes.
import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';
import { HttpServer } from '../../helpers/http-server.ts';

const FOLDER = new URL('../../fixtures/certificates/trust/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, FOLDER), 'latin1');
const ROOT = fileURLToPath(new URL('root.pem', FOLDER));

const folder = makeFolder('roots');
const NONE = path.join(folder, 'none');
writeFileSync(path.join(folder, '4e98f89e.0'), read('root.pem'));
writeFileSync(path.join(folder, 'ffffffff.0'), 'no certificate');
const broken = path.join(folder, 'broken.pem');
writeFileSync(broken, `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${read('root.pem')}`);
afterAll(() => removeFolder(folder));
afterEach(() => {
  vi.unstubAllEnvs();
});

/** The functions, with the roots that these variables name. */
async function loadWith(variables: Readonly<Record<string, string>>) {
  const all = { NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_FILE: NONE, SSL_CERT_DIR: NONE, ...variables };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  vi.resetModules();
  return import('../../../lib/winhttp/portable/certificate-trust.ts');
}

interface Judgement {
  readonly chain: readonly X509Certificate[];
  readonly isTrusted: boolean;
  readonly isForServers: boolean;
}

/** What is said of a server that sends these certificates; `ca` is what Node itself knows. */
async function judge(pem: string, variables: Readonly<Record<string, string>>, ca?: string): Promise<Judgement> {
  const { chainOf, isForServers, isTrusted } = await loadWith(variables);
  await using server = await HttpServer.start({ cert: pem, key: read('leaf.key') });
  const { port } = new URL(server.url());
  const socket = connect({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false, ...(ca && { ca }) });
  await once(socket, 'secureConnect');
  const chain = chainOf(socket);
  const [leaf] = chain;
  const result = { chain, isTrusted: isTrusted(socket, chain), isForServers: leaf !== undefined && isForServers(leaf) };
  socket.destroy();
  return result;
}

test.each([
  ['good', true],
  ['expired', true],
  ['old-intermediate', true],
  ['forged', false],
])('%s is trusted: %s, whether the server sends the root or not', async (name, isTrusted) => {
  expect((await judge(read(`${name}.pem`), { SSL_CERT_FILE: ROOT })).isTrusted).toBe(isTrusted);
  expect((await judge(read(`${name}.pem`) + read('root.pem'), { SSL_CERT_FILE: ROOT })).isTrusted).toBe(isTrusted);
});

test.each([
  ['a file with a certificate that cannot be read', { SSL_CERT_FILE: broken }],
  ['the second of two folders', { SSL_CERT_DIR: [NONE, folder].join(path.delimiter) }],
  ['NODE_EXTRA_CA_CERTS', { NODE_EXTRA_CA_CERTS: ROOT }],
])('a root by %s is trusted', async (_way, variables) => {
  expect((await judge(read('expired.pem'), variables)).isTrusted).toBe(true);
});

test.each(['good', 'forged'])('%s is not trusted without a root, even if the server sends it', async (name) => {
  expect((await judge(read(`${name}.pem`), {})).isTrusted).toBe(false);
  expect((await judge(read(`${name}.pem`) + read('root.pem'), {})).isTrusted).toBe(false);
});

test('a root that only Node knows is trusted, unless the server sends it', async () => {
  const [good, root] = [read('good.pem'), read('root.pem')];
  expect((await judge(good, {}, root)).isTrusted).toBe(true);
  expect((await judge(good + root, {}, root)).isTrusted).toBe(false);
});

test('a root of the right name but another key is not trusted', async () => {
  const other = fileURLToPath(new URL('other-root.pem', FOLDER));
  expect((await judge(read('good.pem'), { SSL_CERT_FILE: other })).isTrusted).toBe(false);
});

test('no certificate is not trusted', async () => {
  const { isTrusted } = await loadWith({ SSL_CERT_FILE: ROOT });
  expect(isTrusted({ getPeerX509Certificate: () => undefined } as TLSSocket, [])).toBe(false);
});

test('a root that is the certificate itself is trusted, and one by the name of another is not', async () => {
  const [leaf = ''] = read('good.pem').split(/(?<=-----END CERTIFICATE-----\n)/);
  const file = path.join(folder, 'leaf.pem');
  writeFileSync(file, leaf);
  expect((await judge(leaf, { SSL_CERT_FILE: file })).isTrusted).toBe(true);
  expect((await judge(read('expired.pem'), { SSL_CERT_FILE: file })).isTrusted).toBe(false);
});

test('the chain goes from the server to the last certificate that is known', async () => {
  const { chain } = await judge(read('old-intermediate.pem') + read('root.pem'), {});
  expect(chain.length).toBe(3);
  for (const [index, issuer] of chain.slice(1).entries()) expect(chain[index]?.checkIssued(issuer)).toBe(true);
});

test.each([
  ['good', true],
  ['usage', false],
])('%s is for servers: %s', async (name, isForServers) => {
  expect((await judge(read(`${name}.pem`), {})).isForServers).toBe(isForServers);
});
