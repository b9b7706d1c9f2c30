// squid with all four schemes. Each port offers some of them.
import path from 'node:path';
import { keytabOf, SERVICE } from './kdc.mjs';
import { DOMAIN, HTTP_REALM, passwordFiles } from './passwords.mjs';
import { writeServerFile } from './processes.mjs';

/** The schemes that each port offers, in this order. */
export const OFFERS = {
  negotiate: ['negotiate'],
  ntlm: ['ntlm'],
  digest: ['digest'],
  basic: ['basic'],
  all: ['negotiate', 'ntlm', 'digest', 'basic'],
  negotiateBasic: ['negotiate', 'basic'],
};

// Client's port, user, status of squid, method, URL without its query, the test's own name of the request.
const LOG = '%>p\t%un\t%>Hs\t%rm\t%ru\t%{X-Request}>h\t%{User-Agent}>h';

/** Names that only the proxy knows. */
export const TARGET_NAMES = ['target.winwire.test', 'second.winwire.test'];

// Samba's check without a domain controller: one password for all users.
const ntlmHelper = (folder, user) =>
  [
    '/usr/bin/ntlm_auth',
    `--configfile=${passwordFiles(folder).samba}`,
    '--helper-protocol=squid-2.5-ntlmssp',
    `--domain=${DOMAIN}`,
    `--username=${user.username}`,
    `--password=${user.password}`,
  ].join(' ');

const configuration = ({ folder, ports, ntlmUser }) => `
${Object.keys(OFFERS)
  .map((name, index) => `http_port 127.0.0.1:${ports[index]} name=${name}\nacl port-${name} myportname ${name}\n`)
  .join('')}
auth_param negotiate program /usr/lib/squid/negotiate_kerberos_auth -k ${keytabOf(folder)} -s ${SERVICE} -t none
auth_param negotiate children 8 startup=1 idle=1
auth_param negotiate keep_alive on
auth_param ntlm program ${ntlmHelper(folder, ntlmUser)}
auth_param ntlm children 40 startup=1 idle=1
auth_param ntlm keep_alive on
auth_param digest program /usr/lib/squid/digest_file_auth -c ${passwordFiles(folder).digest}
auth_param digest realm ${HTTP_REALM}
auth_param digest children 2 startup=1 idle=1
auth_param basic program /usr/lib/squid/basic_ncsa_auth ${passwordFiles(folder).basic}
auth_param basic realm ${HTTP_REALM}
auth_param basic children 2 startup=1 idle=1
${Object.entries(OFFERS)
  .map(([name, schemes]) => `auth_schemes ${schemes.join(',')} port-${name}\n`)
  .join('')}
acl authenticated proxy_auth REQUIRED
http_access allow authenticated
http_access deny all

hosts_file ${folder}/hosts
dns_nameservers 127.0.0.1
dns_timeout 1 second
udp_outgoing_address 127.0.0.1
visible_hostname localhost
logformat realm ${LOG}
access_log stdio:${folder}/squid.log realm
cache_log ${folder}/squid.cache.log
cache_store_log none
cache deny all
cache_mem 0 MB
memory_cache_shared off
pid_filename none
coredump_dir ${folder}
logfile_rotate 0
pinger_enable off
netdb_filename none
shutdown_lifetime 0 seconds
max_filedescriptors 4096
forwarded_for delete
`;

/** Writes the configuration; returns the server. */
export function prepareSquid({ folder, env, ports, users }) {
  const file = path.join(folder, 'squid.conf');
  writeServerFile(file, configuration({ folder, ports, ntlmUser: users.alice }));
  writeServerFile(path.join(folder, 'hosts'), `127.0.0.1 localhost ${TARGET_NAMES.join(' ')}\n`);
  return { name: 'squid', command: '/usr/sbin/squid', args: ['-N', '-d', '1', '-f', file], ports, folder, env };
}
