import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { removeFolder } from '../../helpers/folder.ts';
import { importScript } from '../../helpers/script.ts';

const { copyNative } = await importScript('tools/prebuilds/prebuild.mjs');
const { gypVariables, nodeDirectory } = await importScript('tools/native-build/native-build.mjs');

const inProject = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url));
const FOLDER = 'build/prebuild-test';

afterAll(() => {
  removeFolder(inProject(FOLDER));
});

// Windows' generator searches for Visual Studio, which takes longer than the rest of this file.
it.runIf(process.platform !== 'win32')('copies all that binding.gyp reads', () => {
  copyNative(FOLDER);
  const nodeGyp = inProject('node_modules/node-gyp/bin/node-gyp.js');
  const { status, stderr } = spawnSync(process.execPath, [nodeGyp, 'configure', ...nodeDirectory()], {
    cwd: inProject(FOLDER),
    env: { ...process.env, GYP_DEFINES: gypVariables({ tests: false }).join(' ') },
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  expect(readFileSync(inProject(`${FOLDER}/build/winwire.target.mk`), 'utf8')).toContain('native/binding/addon.o');
  expect(existsSync(inProject(`${FOLDER}/build/winwire_probe.target.mk`))).toBe(false);
});
