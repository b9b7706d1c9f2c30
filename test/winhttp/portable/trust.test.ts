// Certificates with several errors, of roots that Node trusts in several ways: each ignore flag ignores its own error.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { SslErrorFlag } from '../../../lib/index.ts';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';
import { HttpServer } from '../../helpers/http-server.ts';
import { runProgram } from '../../helpers/program.ts';

const PROGRAM = new URL('trust-program.mjs', import.meta.url);
const FOLDER = new URL('../../fixtures/certificates/trust/', import.meta.url);
const ROOT = fileURLToPath(new URL('root.pem', FOLDER));
const REFUSED = 'ERROR_WINHTTP_SECURE_FAILURE';

const { UnknownCA, CertWrongUsage, CertCNInvalid, CertDateInvalid } = SslErrorFlag;
const FLAGS = [UnknownCA, CertWrongUsage, CertCNInvalid, CertDateInvalid];
const ALL_SETS = Array.from({ length: 16 }, (_, set) =>
  FLAGS.reduce((sum, flag, index) => sum | (set & (1 << index) ? flag : 0), 0),
);

/** Hash of the subject of root.pem, the name under which OpenSSL finds it in a folder. */
const HASH = '4e98f89e';
const folder = makeFolder('roots');
writeFileSync(path.join(folder, `${HASH}.0`), readFileSync(ROOT));
writeFileSync(path.join(folder, 'ffffffff.0'), 'no certificate');
afterAll(() => removeFolder(folder));

const NO_ROOTS = { SSL_CERT_FILE: path.join(folder, 'none'), SSL_CERT_DIR: path.join(folder, 'none') };
const OPENSSL = ['--use-openssl-ca'];
const WAYS = {
  NODE_EXTRA_CA_CERTS: { environment: { NODE_EXTRA_CA_CERTS: ROOT } },
  SSL_CERT_FILE: { environment: { ...NO_ROOTS, SSL_CERT_FILE: ROOT }, nodeOptions: OPENSSL },
  SSL_CERT_DIR: { environment: { ...NO_ROOTS, SSL_CERT_DIR: folder }, nodeOptions: OPENSSL },
  both: { environment: { ...NO_ROOTS, NODE_EXTRA_CA_CERTS: ROOT }, nodeOptions: OPENSSL },
  NODE_OPTIONS: { environment: { ...NO_ROOTS, SSL_CERT_FILE: ROOT, NODE_OPTIONS: OPENSSL.join(' ') } },
  'no way': { environment: {} },
};
type Way = keyof typeof WAYS;

interface Served {
  readonly chain: string;
  /** The required flags, besides UnknownCA if its root is not trusted. */
  readonly needs: number;
  readonly says: RegExp;
}

const EXPIRED =
  /127\.0\.0\.1:\d+: the certificate expired on 2002-01-01 \(CERT_HAS_EXPIRED\); the server needs another/;

const CHAINS: readonly Served[] = [
  { chain: 'good', needs: 0, says: /^$/ },
  { chain: 'expired', needs: CertDateInvalid, says: EXPIRED },
  { chain: 'future', needs: CertDateInvalid, says: /not valid before 2100-01-01: .* \(CERT_NOT_YET_VALID\)/ },
  { chain: 'old-intermediate', needs: CertDateInvalid, says: /a certificate of the chain has .*CERT_HAS_EXPIRED/ },
  { chain: 'usage', needs: CertWrongUsage, says: /the certificate is not one for servers \(.*PURPOSE\)/ },
  { chain: 'expired-usage', needs: CertWrongUsage | CertDateInvalid, says: /EXPIRED|PURPOSE/ },
  {
    chain: 'expired-other',
    needs: CertCNInvalid | CertDateInvalid,
    says: /EXPIRED|is for elsewhere\.example, not for/,
  },
  // Its issuer is a leaf, which cannot issue certificates.
  { chain: 'forged', needs: UnknownCA | CertDateInvalid, says: /EXPIRED|LEAF|CA/ },
];

/** Returns the result of each of the 16 sets of flags. */
async function outcomes(chain: string, way: Way, hasRoot = false): Promise<readonly string[]> {
  const read = (name: string) => readFileSync(new URL(name, FOLDER), 'latin1');
  const cert = read(`${chain}.pem`) + (hasRoot ? read('root.pem') : '');
  await using server = await HttpServer.start({ cert, key: read('leaf.key') });
  const requests = JSON.stringify(ALL_SETS.map((flags) => [server.url(), flags]));
  const { code, stdout, stderr } = await runProgram(PROGRAM, [requests], WAYS[way]);
  expect([code, stderr.replace(/^Warning: Ignoring extra certs.*\n/, '')]).toEqual([0, '']);
  return JSON.parse(stdout) as string[];
}

describe.each(Object.keys(WAYS) as Way[])('with a root from %s', (way) => {
  const ways = way === 'NODE_EXTRA_CA_CERTS' || way === 'no way' ? CHAINS : CHAINS.slice(1, 2);

  test.each(ways)('$chain passes with exactly its flags', async ({ chain, needs, says }) => {
    const needed = way === 'no way' ? needs | UnknownCA : needs;
    const found = await outcomes(chain, way);
    for (const [index, flags] of ALL_SETS.entries()) {
      const passes = (needed & ~flags) === 0;
      expect.soft(found[index], `flags 0x${flags.toString(16)}`).toMatch(passes ? /^200$/ : new RegExp(`^${REFUSED}`));
    }
    if (way === 'no way')
      expect(found[0]).toMatch(/EXPIRED|NOT_YET|PURPOSE|issuer of the certificate is unknown here: winwire/);
    else if (needs !== 0) expect(found[0]).toMatch(says);
    const isNamed = chain === 'expired-other' && way !== 'no way';
    if (isNamed)
      expect(found[ALL_SETS.indexOf(CertDateInvalid)]).toMatch(/is for elsewhere\.example, not for 127\.0\.0\.1/);
  });

  test('a root that the server also sends', async () => {
    const [, ...withFlags] = await outcomes('expired', way, true);
    const last = withFlags.at(ALL_SETS.indexOf(CertDateInvalid) - 1);
    expect(last).toMatch(way === 'no way' ? new RegExp(`^${REFUSED}`) : /^200$/);
  });
});
