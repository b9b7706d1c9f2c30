// Apache httpd with mod_auth_gssapi. Each folder asks for other schemes; what it lets in goes to the target server, with
// the user's name.
import path from 'node:path';
import { HTTP_REALM, passwordFiles } from './passwords.mjs';
import { writeServerFile } from './processes.mjs';

const MODULES = [
  ...['mpm_event', 'authn_core', 'authn_file', 'authz_core', 'authz_user', 'auth_basic', 'auth_digest', 'auth_gssapi'],
  ...['alias', 'headers', 'proxy', 'proxy_http', 'setenvif', 'ssl'],
];

// Port of the client, earlier requests of the connection, user, status, method, path, the test's name of the request.
const LOG = '"%{remote}p\\t%k\\t%u\\t%>s\\t%m\\t%U\\t%{X-Request}i"';

// The keys are those of KRB5_KTNAME: with GssapiCredStore, mod_auth_gssapi 1.6.4 rejects all NTLM.
const gssapi = (...lines) => ['AuthType GSSAPI', `AuthName "${HTTP_REALM}"`, ...lines];
const byFile = (type, file) => [`AuthType ${type}`, `AuthName "${HTTP_REALM}"`, file];

/** Returns what each folder of the server asks for. */
function folders(folder) {
  const files = passwordFiles(folder);
  return {
    kerberos: gssapi('GssapiAllowedMech krb5'),
    // One authentication a connection, as IIS does; NTLM needs it.
    negotiate: gssapi('GssapiAllowedMech krb5', 'GssapiAllowedMech ntlmssp', 'GssapiConnectionBound On'),
    ntlm: gssapi('GssapiAllowedMech ntlmssp', 'GssapiConnectionBound On'),
    'kerberos-basic': gssapi('GssapiAllowedMech krb5', 'GssapiBasicAuth On', 'GssapiBasicAuthMech krb5'),
    basic: byFile('Basic', `AuthUserFile ${files.basic}`),
    digest: byFile('Digest', `AuthUserFile ${files.digest}`),
  };
}

function location([name, lines], target) {
  const all = [...lines, 'Require valid-user', `ProxyPass http://127.0.0.1:${target}`];
  return `<Location "/${name}">\n${all.map((line) => `  ${line}\n`).join('')}</Location>\n`;
}

const configuration = ({ folder, ports, target, certificate }) => `${MODULES.map(
  (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so\n`,
).join('')}
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
Mutex fcntl:${folder} default
PidFile ${folder}/apache.pid
ErrorLog ${folder}/apache.error.log
LogLevel warn auth_gssapi:info
LogFormat ${LOG} realm
CustomLog ${folder}/apache.log realm
ServerName localhost
${ports.map((port) => `Listen 127.0.0.1:${port}\n`).join('')}
# More than the tests have requests at once: with too few it closes connections in the middle of an authentication.
StartServers 1
ThreadLimit 256
ThreadsPerChild 256
MinSpareThreads 1
MaxSpareThreads 256
MaxRequestWorkers 256
ServerLimit 1
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 60
Timeout 60
ProxyPreserveHost On
RequestHeader unset Authorization
RequestHeader set X-Remote-User "expr=%{REMOTE_USER}"
RedirectMatch 302 ^/redirect/(.*)$ http://127.0.0.1:${target}/$1
${Object.entries(folders(folder))
  .map((entry) => location(entry, target))
  .join('')}
<Location "/open">
  ProxyPass http://127.0.0.1:${target}
</Location>
<VirtualHost 127.0.0.1:${ports[1]}>
  SSLEngine On
  SSLCertificateFile ${certificate.cert}
  SSLCertificateKeyFile ${certificate.key}
</VirtualHost>
`;

/** Writes the configuration; returns the server. `ports` are for http and https, `target` is the target's port. */
export function prepareApache({ folder, env, ports, target, certificate }) {
  const file = path.join(folder, 'apache.conf');
  writeServerFile(file, configuration({ folder, ports, target, certificate }));
  return { name: 'apache', command: '/usr/sbin/apache2', args: ['-D', 'FOREGROUND', '-f', file], ports, folder, env };
}
