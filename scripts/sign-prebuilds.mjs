// node scripts/sign-prebuilds.mjs: signs the binaries for Windows in prebuilds/ (Authenticode, with osslsigncode).
//   WINWIRE_CERTIFICATE           the certificate with its key, PKCS #12 in base64; without it nothing is signed
//   WINWIRE_CERTIFICATE_PASSWORD  its password
//   WINWIRE_TIMESTAMP_SERVER      an RFC 3161 server; without a time stamp a signature ends with its certificate
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readBinary } from '../tools/binaries/read-binary.mjs';
import { filesUnder } from './lib/files.mjs';
import { announce, inProject } from './lib/project.mjs';
import { hasProgram, main, runQuietly, Stop } from './lib/run.mjs';

main(() => {
  const { WINWIRE_CERTIFICATE: certificate, WINWIRE_CERTIFICATE_PASSWORD: password = '' } = process.env;
  const files = filesUnder('prebuilds', ['.node']).filter((file) => file.startsWith('prebuilds/win32-'));
  if (!certificate) return void announce('WINWIRE_CERTIFICATE is not set: the binaries for Windows stay unsigned');
  if (!hasProgram('osslsigncode'))
    throw new Stop('osslsigncode is missing. On Debian or Ubuntu: sudo apt-get install osslsigncode');
  if (files.length === 0) throw new Stop('there is nothing to sign in prebuilds/');
  const folder = mkdtempSync(path.join(tmpdir(), 'winwire-sign-'));
  try {
    // Files, because every process of the machine can read arguments.
    writeFileSync(path.join(folder, 'certificate'), Buffer.from(certificate, 'base64'), { mode: 0o600 });
    writeFileSync(path.join(folder, 'password'), password, { mode: 0o600 });
    for (const file of files) sign(file, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function sign(file, folder) {
  const server = process.env.WINWIRE_TIMESTAMP_SERVER;
  const signed = path.join(folder, 'signed');
  runQuietly('osslsigncode', [
    ...[
      'sign',
      '-pkcs12',
      path.join(folder, 'certificate'),
      '-readpass',
      path.join(folder, 'password'),
      '-h',
      'sha256',
    ],
    ...['-n', 'winwire', ...(server ? ['-ts', server] : [])],
    ...['-in', inProject(file), '-out', signed],
  ]);
  if (!readBinary(signed).isSigned) throw new Stop(`${file}: osslsigncode left no signature`);
  copyFileSync(signed, inProject(file));
  rmSync(signed);
  announce(`${file}: signed${server ? ', with a time stamp' : ''}`);
}
