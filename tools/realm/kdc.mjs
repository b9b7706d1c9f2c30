// Kerberos: two realms of MIT's KDC. The clock of the second one is an hour ahead.
import path from 'node:path';
import { runAsServer, writeServerFile } from './processes.mjs';

export const REALM = 'WINWIRE.TEST';
export const SKEWED_REALM = 'AHEAD.WINWIRE.TEST';
export const SERVICE = `HTTP/localhost@${REALM}`;

// For the server only, not for what starts it: as root libfaketime would make files that the server cannot open. $LIB is
// the loader's word for the folder of this processor's libraries.
const AN_HOUR_AHEAD = ['/usr/bin/env', 'LD_PRELOAD=/usr/$LIB/faketime/libfaketime.so.1', 'FAKETIME=+3600'];

/**
 * Returns krb5.conf. Names stay as given, so that results do not depend on this machine's name and DNS, and clocks are
 * compared, not adjusted.
 */
const krb5Conf = (ports) => `[libdefaults]
  default_realm = ${REALM}
  dns_lookup_realm = false
  dns_lookup_kdc = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
  kdc_timesync = 0
  forwardable = false
[realms]
  ${REALM} = {
    kdc = 127.0.0.1:${ports[0]}
  }
  ${SKEWED_REALM} = {
    kdc = 127.0.0.1:${ports[1]}
  }
[domain_realm]
  localhost = ${REALM}
  127.0.0.1 = ${REALM}
`;

const kdcConf = (folder, ports) =>
  `[kdcdefaults]
  kdc_listen = ""
  kdc_tcp_listen = ""
[realms]
${[REALM, SKEWED_REALM]
  .map(
    (realm, index) => `  ${realm} = {
    kdc_tcp_listen = 127.0.0.1:${ports[index]}
    database_name = ${folder}/${realm}.db
    key_stash_file = ${folder}/${realm}.stash
    supported_enctypes = aes256-cts:normal aes128-cts:normal
  }
`,
  )
  .join('')}`;

/** Returns the variables that programs of Kerberos need. */
export const kerberosVariables = (folder) => ({
  KRB5_CONFIG: path.join(folder, 'krb5.conf'),
  KRB5_KDC_PROFILE: path.join(folder, 'kdc.conf'),
  KRB5_KTNAME: `FILE:${keytabOf(folder)}`,
  // Replay caches, which otherwise lie in a folder of the system.
  KRB5RCACHEDIR: folder,
});

export const keytabOf = (folder) => path.join(folder, 'http.keytab');

/** Writes the configuration and fills both databases; returns the two servers. */
export async function prepareKdc({ folder, env, ports, users }) {
  writeServerFile(path.join(folder, 'krb5.conf'), krb5Conf(ports));
  writeServerFile(path.join(folder, 'kdc.conf'), kdcConf(folder, ports));
  // As in a domain of Windows, the KDC checks the password before it answers.
  const accounts = Object.values(users).map(
    ({ username, password, isExpired }) =>
      `addprinc +requires_preauth ${isExpired ? '-pwexpire yesterday ' : ''}-pw ${password} ${username}`,
  );
  const service = [`addprinc -randkey ${SERVICE}`, `ktadd -k ${keytabOf(folder)} ${SERVICE}`];
  await Promise.all([
    fillDatabase({ folder, env }, REALM, [...accounts, ...service]),
    fillDatabase({ folder, env }, SKEWED_REALM, accounts),
  ]);
  return [REALM, SKEWED_REALM].map((realm, index) => {
    const program = ['/usr/sbin/krb5kdc', '-n', '-r', realm, '-P', path.join(folder, `${realm}.pid`)];
    const [command, ...args] = realm === SKEWED_REALM ? [...AN_HOUR_AHEAD, ...program] : program;
    return { name: `kdc-${realm}`, command, args, ports: [ports[index]], folder, env };
  });
}

async function fillDatabase({ folder, env }, realm, commands) {
  await runAsServer('/usr/sbin/kdb5_util', ['-r', realm, 'create', '-s', '-P', 'master'], { folder, env });
  const input = `${commands.join('\n')}\n`;
  const output = await runAsServer('/usr/sbin/kadmin.local', ['-r', realm], { folder, env, input });
  const created = output.match(/^Principal ".*" created\.$/gm)?.length;
  const asked = commands.filter((command) => command.startsWith('addprinc')).length;
  if (created !== asked) throw new Error(`kadmin.local created ${created} of ${asked} principals:\n${output}`);
}
