// The realm: everything that the suites of test/auth/real need, on loopback, in a temporary folder.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inProject } from '../../scripts/lib/project.mjs';
import { Stop } from '../../scripts/lib/run.mjs';
import { prepareApache } from './apache.mjs';
import { clientVariables, startDesk } from './desk.mjs';
import { kerberosVariables, prepareKdc, REALM, SKEWED_REALM } from './kdc.mjs';
import { DOMAIN, passwordFiles, writePasswordFiles } from './passwords.mjs';
import { freePorts, makeServerFolder, startServer, writeServerFile } from './processes.mjs';
import { OFFERS, prepareSquid, TARGET_NAMES } from './squid.mjs';
import { startTarget } from './target.mjs';

const PREFIX = 'winwire-realm-';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Starts the realm, calls the function with the environment of its clients, and ends what it started: also after a
 * failure or a signal. If this process is killed, the kernel ends the servers, and the next run deletes the folder.
 *
 * @param {(env: Record<string, string>) => Promise<number>} body
 */
export async function withRealm(body) {
  const interrupted = new AbortController();
  const stop = (signal) => interrupted.abort(new Stop(`ended by ${signal}`));
  for (const signal of SIGNALS) process.on(signal, stop);
  const started = [];
  const folder = makeFolder();
  try {
    const env = await startRealm(folder, interrupted.signal, (server) => started.push(server));
    interrupted.signal.throwIfAborted();
    return await Promise.race([body(env), rejectionOf(interrupted.signal)]);
  } finally {
    await Promise.all(started.map((server) => server.end()));
    rmSync(folder, { recursive: true, force: true });
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

const rejectionOf = (signal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

function makeFolder() {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid && !isRunning(Number(pid))) rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
  makeServerFolder(folder);
  mkdirSync(path.join(folder, 'client'), { mode: 0o700 });
  return folder;
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

async function startRealm(folder, signal, onStart) {
  const users = makeUsers();
  const target = await startTarget();
  onStart(target);
  const desk = await startDesk({ folder, users });
  onStart(desk);
  const [kdc, ahead, web, secureWeb, ...proxies] = await freePorts(4 + Object.keys(OFFERS).length);
  const env = serverVariables(folder);
  const shared = { folder, env, users };
  const certificate = copyCertificate(folder);
  const start = (server) => startServer(server, signal, onStart);
  const http = { ports: [web, secureWeb], target: target.port, certificate };
  // squid ends if its helpers find no keytab.
  const [kdcs] = await allOf([prepareKdc({ ...shared, ports: [kdc, ahead] }), writePasswordFiles(shared)]);
  const servers = [...kdcs, prepareApache({ ...shared, ...http }), prepareSquid({ ...shared, ports: proxies })];
  await allOf(servers.map(start));
  const description = describe({ folder, users, web, secureWeb, proxies, target: target.port, desk: desk.port });
  return { ...clientVariables(folder), WINWIRE_AUTH_REALM: JSON.stringify(description) };
}

/** Waits for all, also if one fails: nothing is started or written after the failure. */
async function allOf(promises) {
  const results = await Promise.allSettled(promises);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  return results.map(({ value }) => value);
}

/** squid's helper of NTLM knows one password, so alice and bob have the same. */
function makeUsers() {
  const password = () => `secret-${randomBytes(9).toString('hex')}`;
  const shared = password();
  return {
    alice: { username: 'alice', password: shared },
    bob: { username: 'bob', password: shared },
    carol: { username: 'carol', password: password() },
    erin: { username: 'erin', password: password(), isExpired: true },
  };
}

const serverVariables = (folder) => ({
  PATH: process.env.PATH,
  LANG: 'C.UTF-8',
  TMPDIR: folder,
  ...kerberosVariables(folder),
  NTLM_USER_FILE: passwordFiles(folder).ntlm,
});

function copyCertificate(folder) {
  const files = { cert: 'self-signed.pem', key: 'self-signed.key' };
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => {
      const copy = path.join(folder, file);
      writeServerFile(copy, readFileSync(inProject('test/fixtures/certificates', file)));
      return [name, copy];
    }),
  );
}

/** Returns what test/helpers/realm.ts declares. */
const describe = ({ folder, users, web, secureWeb, proxies, target, desk }) => ({
  realm: REALM,
  skewedRealm: SKEWED_REALM,
  domain: DOMAIN,
  users,
  server: `http://localhost:${web}`,
  secureServer: `https://localhost:${secureWeb}`,
  unknownServer: `http://127.0.0.1:${web}`,
  proxies: Object.fromEntries(Object.keys(OFFERS).map((name, index) => [name, proxies[index]])),
  targets: TARGET_NAMES.map((name) => `http://${name}:${target}`),
  directTarget: `http://127.0.0.1:${target}`,
  desk: `http://127.0.0.1:${desk}`,
  folder,
});
