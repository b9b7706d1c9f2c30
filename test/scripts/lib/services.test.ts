// Debian's own programs, in a namespace with other folders of services. Without an init system invoke-rc.d starts nothing, so
// the answer of the policy that it asks is looked at.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';

const NAME = 'winwire-test-service';
const POLICY = 'usr/sbin/policy-rc.d';
const ownRoot = fileURLToPath(new URL('programs/own-root.sh', import.meta.url));
const urlOf = (file: string) => new URL(`../../../${file}`, import.meta.url).href;

const canRun =
  process.platform === 'linux' &&
  existsSync('/usr/sbin/update-rc.d') &&
  spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0;

let root: string;

function write(file: string, text: string): void {
  const path = join(root, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text, { mode: 0o755 });
}

/** What dpkg knows of the package of the service. */
const setPackage = (status: string) =>
  write(
    'var/lib/dpkg/status',
    `Package: ${NAME}\nStatus: ${status}\nMaintainer: a <a@a.test>\nArchitecture: all\nVersion: 1\nDescription: a test\n`,
  );

const script = () => `#!/bin/sh
### BEGIN INIT INFO
# Provides: ${NAME}
# Required-Start:
# Required-Stop:
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
### END INIT INFO
`;

/** What apt does with such a package. */
const INSTALL = `
  writeFileSync('/etc/init.d/${NAME}', process.env.SCRIPT, { mode: 0o755 });
  run('update-rc.d', ['${NAME}', 'defaults']);
  const { status } = spawnSync('/usr/sbin/policy-rc.d', ['${NAME}', 'start']);
  writeFileSync(process.env.ANSWER, String(status));
  writeFileSync('/var/lib/dpkg/status', readFileSync('/var/lib/dpkg/status', 'utf8').replace(/^Status: .*/m, 'Status: install ok installed'));
`;

/** Installs the package by `install`, a body of a function, without its service. */
function installWithoutService(install = INSTALL) {
  const program = `
    import { spawnSync } from 'node:child_process';
    import { readFileSync, writeFileSync } from 'node:fs';
    import { main, run } from '${urlOf('scripts/lib/run.mjs')}';
    import { withoutServices } from '${urlOf('scripts/lib/services.mjs')}';
    main(() => withoutServices(['${NAME}'], () => {${install}}));`;
  const command = [ownRoot, root, process.execPath, '--input-type=module', '-e', program];
  return spawnSync('unshare', ['--map-root-user', '--mount', 'sh', ...command], {
    encoding: 'utf8',
    env: { ...process.env, SCRIPT: script(), ANSWER: join(root, 'answer') },
  });
}

/** The answer of the policy: 101 forbids, null means a missing one. Source: Debian, invoke-rc.d(8). */
const policyAnswer = () => readFileSync(join(root, 'answer'), 'utf8');
/** The links by which a system starts (S) or stops (K) the service in runlevel 2. */
const links = () => readdirSync(join(root, 'etc/rc2.d'));

beforeEach(() => {
  root = makeFolder('services');
  setPackage('purge ok not-installed');
});
afterEach(() => removeFolder(root));

describe.runIf(canRun)('the service of a package', () => {
  it('neither starts nor is enabled when the package is installed', () => {
    expect(installWithoutService()).toMatchObject({ status: 0, stdout: '' });
    expect(policyAnswer()).toBe('101');
    expect(links()).toEqual([`K01${NAME}`]);
    expect(existsSync(join(root, POLICY))).toBe(false);
  });

  it('is off after an installation over the configuration of a removed package', () => {
    setPackage('deinstall ok config-files');
    write(`etc/init.d/${NAME}`, script());
    expect(installWithoutService()).toMatchObject({ status: 0, stdout: '' });
    expect(policyAnswer()).toBe('101');
    expect(links()).toEqual([`K01${NAME}`]);
  });

  it('stays as it is if the package was installed before', () => {
    setPackage('install ok installed');
    expect(installWithoutService()).toMatchObject({ status: 0 });
    expect(policyAnswer()).toBe('null');
    expect(links()).toEqual([`S01${NAME}`]);
  });

  it('starts if the policy of the machine allows it, which is kept', () => {
    const policy = '#!/bin/sh\nexit 0\n';
    write(POLICY, policy);
    expect(installWithoutService()).toMatchObject({ status: 0 });
    expect(policyAnswer()).toBe('0');
    expect(readFileSync(join(root, POLICY), 'utf8')).toBe(policy);
  });

  it('needs no script', () => {
    expect(installWithoutService('')).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(root, POLICY))).toBe(false);
  });
});

describe.runIf(canRun)('the policy against services', () => {
  /** The policy as an interrupted call leaves it. */
  function leavePolicy(): void {
    const left = installWithoutService("process.kill(process.pid, 'SIGKILL');");
    expect(left.status).not.toBe(0);
    expect(existsSync(join(root, POLICY))).toBe(true);
  }

  it('is deleted after a failure', () => {
    const { status, stderr } = installWithoutService("throw new Error('no package');");
    expect([status, stderr]).toEqual([1, expect.stringContaining('no package')]);
    expect(existsSync(join(root, POLICY))).toBe(false);
  });

  it.each(['SIGINT', 'SIGTERM'])('is deleted after %s', (signal) => {
    const install = `run('sh', ['-c', 'kill -${signal.slice(3)} ' + process.pid]);`;
    installWithoutService(install);
    expect(existsSync(join(root, POLICY))).toBe(false);
  });

  it('that an interrupted call left is used and deleted by the next one', () => {
    leavePolicy();
    expect(installWithoutService()).toMatchObject({ status: 0 });
    expect(policyAnswer()).toBe('101');
    expect(existsSync(join(root, POLICY))).toBe(false);
  });
});
