// Installs packages of servers without their services: the tests start the programs themselves.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { run } from './run.mjs';

// invoke-rc.d asks this program before it starts a service. Source: Debian, invoke-rc.d(8).
const POLICY_FILE = '/usr/sbin/policy-rc.d';
const POLICY = '#!/bin/sh\n# winwire is installing packages whose services are not to start.\nexit 101\n';

const stdio = ['ignore', 'ignore', 'inherit'];

/**
 * Calls the function, which installs packages; the services of packages with these names that were not installed before
 * are off afterwards.
 */
export function withoutServices(names, install) {
  const newNames = names.filter((name) => !isInstalled(name));
  if (newNames.length === 0) return install();
  withPolicy(install);
  for (const name of newNames.filter(hasScript)) run('update-rc.d', [name, 'disable'], { stdio });
}

/** A package that was removed can have left its configuration, with the script of its service. */
function isInstalled(name) {
  const { stdout } = spawnSync('dpkg-query', ['--status', name], { encoding: 'utf8' });
  return /^Status: .* installed$/m.test(stdout);
}

const hasScript = (name) => existsSync(`/etc/init.d/${name}`);

function withPolicy(install) {
  // A machine with a policy has decided. What is left of an earlier call is deleted after this one.
  if (existsSync(POLICY_FILE) && readFileSync(POLICY_FILE, 'utf8') !== POLICY) return install();
  // With a listener a signal ends the command that runs, and not this process before the file is deleted.
  const ignore = () => {};
  process.on('SIGINT', ignore).on('SIGTERM', ignore);
  writeFileSync(POLICY_FILE, POLICY, { mode: 0o755 });
  try {
    install();
  } finally {
    rmSync(POLICY_FILE, { force: true });
    process.off('SIGINT', ignore).off('SIGTERM', ignore);
  }
}
