// A KDC on loopback that accepts connections and never answers, and the configuration of Kerberos that names it.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const configuration = (port) => `[libdefaults]
  default_realm = SILENT.TEST
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
[realms]
  SILENT.TEST = {
    kdc = 127.0.0.1:${port}
  }
  CLOSED.TEST = {
    kdc = 127.0.0.1:1
  }
[domain_realm]
  localhost = SILENT.TEST
`;

/** A user of the silent realm, and one of a realm whose KDC refuses connections. */
export const silentUser = { username: 'alice', password: 'never-to-be-seen', domain: 'SILENT.TEST' };
export const closedUser = { username: 'alice', password: 'never-to-be-seen', domain: 'CLOSED.TEST' };

/** Starts it, and sets the variables of this process, which must be the main thread. No user is logged on. */
export async function startSilentKdc() {
  const server = createServer((socket) => socket.on('error', () => {}));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const folder = mkdtempSync(path.join(tmpdir(), 'winwire-silent-kdc-'));
  const file = path.join(folder, 'krb5.conf');
  writeFileSync(file, configuration(server.address().port));
  const { KRB5_CONFIG, KRB5CCNAME, NTLM_USER_FILE } = process.env;
  const before = { KRB5_CONFIG, KRB5CCNAME, NTLM_USER_FILE };
  const sockets = new Set();
  server.on('connection', (socket) => sockets.add(socket));
  Object.assign(process.env, {
    KRB5_CONFIG: file,
    KRB5CCNAME: `FILE:${path.join(folder, 'no-tickets')}`,
    // Of gss-ntlmssp, by which Negotiate would go on.
    NTLM_USER_FILE: path.join(folder, 'no-accounts'),
  });
  process.once('exit', remove);

  function remove() {
    rmSync(folder, { recursive: true, force: true });
  }

  return {
    server,
    /** Closes the connections: the library then gives up. */
    hangUp() {
      for (const socket of sockets) socket.destroy();
    },
    close() {
      process.off('exit', remove);
      remove();
      this.hangUp();
      server.close();
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    },
  };
}
