// Files of user names and passwords, as the servers and their helpers read them.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { runAsServer, writeServerFile } from './processes.mjs';

/** The domain of NTLM accounts. */
export const DOMAIN = 'WINWIRE';
/** The realm in challenges of Basic and Digest. */
export const HTTP_REALM = 'winwire test';

/** Returns the files' paths, for the configuration of Apache and squid. */
export const passwordFiles = (folder) => ({
  basic: path.join(folder, 'basic.users'),
  digest: path.join(folder, 'digest.users'),
  ntlm: path.join(folder, 'ntlm.users'),
  samba: path.join(folder, 'smb.conf'),
});

/** Writes the file that gss-ntlmssp reads (NTLM_USER_FILE). */
export const ntlmLines = (users) =>
  users.map(({ username, password }) => `${DOMAIN}:${username}:${password}\n`).join('');

export async function writePasswordFiles({ folder, env, users }) {
  const files = passwordFiles(folder);
  const accounts = Object.values(users).filter((user) => !user.isExpired);
  const lineOf = ({ username, password }) => runAsServer('htpasswd', ['-nb', username, password], { folder, env });
  const lines = await Promise.all(accounts.map(lineOf));
  writeServerFile(files.basic, lines.map((line) => `${line.trim()}\n`).join(''));
  writeServerFile(files.digest, accounts.map(digestLine).join(''));
  writeServerFile(files.ntlm, ntlmLines(accounts));
  writeServerFile(files.samba, sambaConf(folder));
}

function digestLine({ username, password }) {
  const secret = createHash('md5').update(`${username}:${HTTP_REALM}:${password}`).digest('hex');
  return `${username}:${HTTP_REALM}:${secret}\n`;
}

/** For ntlm_auth, squid's NTLM helper: its files lie in the folder. */
const sambaConf = (folder) => `[global]
  workgroup = ${DOMAIN}
  netbios name = LOCALHOST
  ntlm auth = ntlmv2-only
${['private dir', 'state directory', 'cache directory', 'lock directory', 'pid directory', 'winbindd socket directory']
  .map((name) => `  ${name} = ${folder}\n`)
  .join('')}`;
