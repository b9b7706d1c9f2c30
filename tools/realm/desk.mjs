// Logs users on and off while the suites run, by HTTP: a suite in Windows' node.exe cannot start kinit. The client's
// tickets (KRB5CCNAME) and its accounts of NTLM (NTLM_USER_FILE) are files of the realm.
//   POST /log-on?user=alice&life=60   kinit; life in seconds, by default 10 hours
//   POST /log-off                     no tickets
//   POST /ntlm?user=alice             the account of default credentials in NTLM; without `user` none
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { kerberosVariables, REALM } from './kdc.mjs';
import { ntlmLines } from './passwords.mjs';
import { runProgram } from './program.mjs';

/** The suites accept tokens too, with the keys of the service. */
export const clientVariables = (folder) => ({
  ...kerberosVariables(folder),
  KRB5CCNAME: `FILE:${path.join(folder, 'client', 'tickets')}`,
  NTLM_USER_FILE: path.join(folder, 'client', 'ntlm.user'),
});

/** Starts the desk: all users are logged off, and alice has the default account of NTLM. */
export async function startDesk({ folder, users }) {
  const env = { ...process.env, ...clientVariables(folder) };
  const actions = {
    '/log-on': async (query) => {
      const { username, password } = userOf(users, query);
      const life = query.get('life');
      await runProgram('kinit', [...(life ? ['-l', `${life}s`] : []), `${username}@${REALM}`], {
        env,
        input: `${password}\n`,
      });
    },
    '/log-off': () => rmSync(path.join(folder, 'client', 'tickets'), { force: true }),
    '/ntlm': (query) =>
      writeFileSync(env.NTLM_USER_FILE, query.has('user') ? ntlmLines([userOf(users, query)]) : '', { mode: 0o600 }),
  };
  actions['/ntlm'](new URLSearchParams({ user: 'alice' }));
  const server = createServer((request, response) => answer(actions, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    async end() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

function userOf(users, query) {
  const user = users[query.get('user')];
  if (user === undefined)
    throw new Error(`Unknown user "${query.get('user')}". Known users: ${Object.keys(users).join(', ')}`);
  return user;
}

async function answer(actions, request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  try {
    if (request.method !== 'POST' || !Object.hasOwn(actions, pathname))
      throw new Error(`Unknown: ${request.method} ${pathname}`);
    await actions[pathname](searchParams);
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(500).end(String(error.message));
  }
}
