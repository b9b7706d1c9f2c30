// Which mechanisms GSSAPI has: by a separate configuration, which the variable GSS_MECH_CONFIG names (MIT Kerberos).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backends } from '../../lib/backends.ts';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { runProgram } from '../helpers/program.ts';

const program = new URL('programs/mechanisms.mjs', import.meta.url);
const NTLM = '1.3.6.1.4.1.311.2.2.10';
/** The number of the reason "no ticket"; also in native/auth/mechanism.h. */
const NO_TICKET = 1;
const canConfigure = process.platform === 'linux' && backends().authentication.mechanisms.includes('Kerberos');

interface Found {
  readonly mechanisms: string[];
  readonly reason: string;
  readonly failures: Readonly<Record<string, string>>;
}

let folder: string;

/** The mechanisms of a new process with this configuration. */
async function mechanismsBy(configuration: string): Promise<Found> {
  const file = join(folder, 'mech.conf');
  writeFileSync(file, configuration);
  const environment = { GSS_MECH_CONFIG: file, KRB5CCNAME: `FILE:${folder}/no-tickets` };
  const { code, stdout, stderr } = await runProgram(program, [], { environment });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

beforeAll(() => {
  folder = makeFolder('mechanisms');
});
afterAll(() => removeFolder(folder));

describe.runIf(canConfigure)('a mechanism of NTLM that GSSAPI is configured with', () => {
  it.each([
    ['is missing', '/missing/gssntlmssp.so'],
    ['is not a mechanism', 'libm.so.6'],
  ])('is not named if its library %s, and Negotiate is Kerberos alone', async (_title, library) => {
    const { mechanisms, reason, failures } = await mechanismsBy(`gssntlmssp_v1 ${NTLM} ${library}\n`);
    expect([mechanisms, reason]).toEqual([['Negotiate', 'Kerberos'], '']);
    expect(failures.NTLM).toContain('cannot load a mechanism NTLM');
    for (const name of ['Negotiate', 'Kerberos']) {
      expect(failures[name]).toMatch(new RegExp(`gss_acquire_cred .* ${NO_TICKET} \\d+ \\d+$`, 's'));
    }
  });

  it('is not named without a configuration', async () => {
    expect((await mechanismsBy('')).mechanisms).toEqual(['Negotiate', 'Kerberos']);
  });
});
