// Uses binaries of other packages for every system, built by their own compilers.
import { copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';
import { importScript } from '../../helpers/script.ts';

const { readBinary } = await importScript('tools/binaries/read-binary.mjs');
const { faultsOf, prebuildTargets } = await importScript('tools/prebuilds/prebuild-targets.mjs');
const prebuilds = join(dirname(createRequire(import.meta.url).resolve('bufferutil/package.json')), 'prebuilds');
const binaryOf = (folder: string) => readBinary(join(prebuilds, folder, 'bufferutil.node'));

interface Target {
  readonly folder: string;
  readonly file: string;
}
const targetOf = (folder: string, file = 'winwire.node'): Target =>
  prebuildTargets.find((target: Target) => target.folder === folder && target.file === file);

describe('readBinary', () => {
  it.each([
    [
      'win32-x64',
      { format: 'PE', machine: 'x64', libraries: ['kernel32.dll'], delayed: ['node.exe'], isSigned: false },
    ],
    ['win32-ia32', { format: 'PE', machine: 'ia32', libraries: ['kernel32.dll'], delayed: ['node.exe'] }],
    ['linux-x64', { format: 'ELF', machine: 'x64', libraries: ['libc.so.6'], versions: ['GLIBC_2.2.5', 'GLIBC_2.4'] }],
    ['darwin-x64', { format: 'Mach-O', machine: 'x64', minimumSystem: '10.7' }],
    ['darwin-arm64', { format: 'Mach-O', machine: 'arm64', minimumSystem: '11.0' }],
  ])('reads the headers of a binary for %s', (folder, expected) => {
    expect(binaryOf(folder)).toMatchObject(expected);
  });

  it('finds the exports', () => {
    expect(binaryOf('win32-x64').exports).toEqual(['_register_bufferutil_']);
    expect(binaryOf('linux-x64').exports).toContain('Mask');
    expect(binaryOf('darwin-arm64').exports).toContain('Unmask');
  });

  it('finds the flags of the linker', () => {
    expect(binaryOf('win32-x64').flags).toEqual(['HIGH_ENTROPY_VA', 'DYNAMIC_BASE', 'NX_COMPAT']);
    expect(binaryOf('win32-ia32').flags).toEqual(['DYNAMIC_BASE', 'NX_COMPAT']);
  });

  it('rejects other files', () => {
    const folder = makeFolder('binary');
    writeFileSync(join(folder, 'text'), 'MZ is how it begins, and then it ends'.padEnd(100));
    expect(() => readBinary(join(folder, 'text'))).toThrow();
    writeFileSync(join(folder, 'text'), '#!/bin/sh');
    expect(() => readBinary(join(folder, 'text'))).toThrow('neither ELF nor PE');
    removeFolder(folder);
  });
});

describe('faultsOf', () => {
  const strict = { strict: true };

  it('finds a binary in a wrong place', () => {
    expect(faultsOf(targetOf('win32-x64'), binaryOf('win32-ia32'), strict)).toEqual(['is made for ia32, not x64']);
    expect(faultsOf(targetOf('win32-x64'), binaryOf('linux-x64'), strict)).toEqual(['is a ELF file, not PE']);
    expect(faultsOf(targetOf('darwin-arm64'), binaryOf('darwin-x64'), strict)).toEqual(['is made for x64, not arm64']);
  });

  it('finds missing entry points and flags of a release', () => {
    const faults = faultsOf(targetOf('win32-x64'), binaryOf('win32-x64'), strict);
    expect(faults).toEqual([
      'does not export napi_register_module_v1',
      'does not export node_api_module_get_api_version_v1',
      'is linked without GUARD_CF',
    ]);
    expect(faultsOf(targetOf('win32-x64'), binaryOf('win32-x64'), { strict: false })).toHaveLength(2);
  });

  const good = { size: 1, exports: ['napi_register_module_v1', 'node_api_module_get_api_version_v1'] };
  const glibc = { ...good, format: 'ELF', machine: 'x64', libraries: ['libc.so.6'] };
  const windows = { ...good, format: 'PE', machine: 'arm64', libraries: ['kernel32.dll'], delayed: ['node.exe'] };
  const flags = ['DYNAMIC_BASE', 'NX_COMPAT', 'GUARD_CF', 'HIGH_ENTROPY_VA'];
  const mac = { ...good, format: 'Mach-O', machine: 'arm64', libraries: ['/usr/lib/libc++.1.dylib'] };

  it.each([
    ['linux-x64', 'winwire.glibc.node', { ...glibc, versions: ['GLIBC_2.28', 'GLIBCXX_3.4.25'] }, []],
    [
      'linux-x64',
      'winwire.glibc.node',
      { ...glibc, versions: ['GLIBC_2.29'] },
      ['needs GLIBC_2.29, newer than RHEL 8 has'],
    ],
    ['linux-x64', 'winwire.glibc.node', { ...glibc, versions: ['GLIBCXX_3.4.9'] }, []],
    ['linux-x64', 'winwire.glibc.node', { ...glibc, libraries: ['libc.musl-x86_64.so.1'] }, ['does not use glibc']],
    ['linux-x64', 'winwire.musl.node', { ...glibc, libraries: ['libc.musl-x86_64.so.1'] }, []],
    ['linux-x64', 'winwire.musl.node', glibc, ['does not use musl']],
    ['win32-arm64', 'winwire.node', { ...windows, flags }, []],
    [
      'win32-arm64',
      'winwire.node',
      { ...windows, flags, libraries: ['vcruntime140.dll'] },
      ['needs vcruntime140.dll, which not every Windows has'],
    ],
    [
      'win32-arm64',
      'winwire.node',
      { ...windows, flags, delayed: [] },
      ['does not load node.exe with a delay, so runs in node.exe alone'],
    ],
    ['darwin-arm64', 'winwire.node', { ...mac, minimumSystem: '11.0' }, []],
    ['darwin-arm64', 'winwire.node', { ...mac, minimumSystem: '13.5' }, ['needs macOS 13.5; 11 is the oldest']],
    [
      'darwin-arm64',
      'winwire.node',
      { ...mac, minimumSystem: '11.0', libraries: ['/opt/homebrew/lib/x.dylib'] },
      ['needs /opt/homebrew/lib/x.dylib, which is not part of macOS'],
    ],
    [
      'darwin-arm64',
      'winwire.node',
      { ...mac, minimumSystem: '11.0', size: 2 ** 21 },
      ['has 2097152 bytes, more than 1048576'],
    ],
  ])('checks a binary for %s, %s', (folder, file, binary, faults) => {
    expect(faultsOf(targetOf(folder, file), binary, strict)).toEqual(faults);
  });
});

// MinGW's addon for the tests under Wine is larger, and not part of a package.
describe.runIf(process.env.WINWIRE_LANE !== 'wine')('the addon of this machine', () => {
  it('matches its place in a package', () => {
    const built = createRequire(import.meta.url).resolve('../../../build/Release/winwire.node');
    const folder = makeFolder('addon');
    copyFileSync(built, join(folder, 'winwire.node'));
    const target = prebuildTargets.find((one: Target) => one.folder === `${process.platform}-${process.arch}`);
    expect(faultsOf(target, readBinary(join(folder, 'winwire.node')), { strict: false })).toEqual([]);
    removeFolder(folder);
  });
});
