import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importScript, runScript } from '../../helpers/script.ts';

const { comparedHeaders, environmentCommand, missingHeaders, sdkCheckCommands } = await importScript(
  'tools/windows/sdk-check-commands.mjs',
);
const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
const { sdk_check: SOURCES } = JSON.parse(read('native/sources.json'));

describe('sdk-check.mjs --dry-run', () => {
  it('prints the commands for each architecture: environment, MIDL, one compilation per source', () => {
    const { status, stdout } = runScript('tools/windows/sdk-check.mjs', [
      '--dry-run',
      '--arch',
      'x86',
      '--arch',
      'arm64',
    ]);
    expect(status).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(2 * (3 + SOURCES.length));
    expect(lines[0]).toBe('# x86, into build/sdk-check/x86');
    expect(lines[1]).toContain('vcvarsall.bat');
    expect(lines[2]).toBe(
      'midl /nologo /env win32 /out build/sdk-check/x86 /h httprequest.h ' +
        '%WindowsSdkDir%Include\\%WindowsSDKVersion%\\um\\httprequest.idl',
    );
    expect(lines.filter((line) => line.startsWith('midl '))[1]).toContain('/env arm64 /out build/sdk-check/arm64 ');
    for (const source of SOURCES) {
      const compilations = lines.filter((line) => line.endsWith(` ${source}`));
      expect(compilations).toHaveLength(2);
      expect(compilations[0]).toMatch(/^cl \/nologo \/c \/std:c\+\+20 .* \/W4 \/WX .* \/Ibuild\/sdk-check\/x86 /);
    }
  });

  it('accepts only known architectures', { tags: ['start'] }, () => {
    const { status, stderr } = runScript('tools/windows/sdk-check.mjs', ['--dry-run', '--arch', 'mips']);
    expect(status).toBe(1);
    expect(stderr).toBe('unknown architecture mips; use x64, x86, arm64\n');
  });
});

describe('the commands', () => {
  it.each([
    ['x64', 'x64', 'x64'],
    ['x86', 'x64', 'x64_x86'],
    ['arm64', 'x64', 'x64_arm64'],
    ['arm64', 'arm64', 'arm64'],
  ])('set Visual Studio up for %s on %s as %s', (arch, host, name) => {
    expect(environmentCommand('C:\\VS', arch, host)).toBe(`"C:\\VS\\VC\\Auxiliary\\Build\\vcvarsall.bat" ${name}`);
  });

  it('name the headers that the sources compare', () => {
    const headers = SOURCES.flatMap((source: string) => comparedHeaders(read(source)));
    expect(headers.sort()).toEqual(['httprequest.h', 'httprequestid.h', 'websocket.h']);
    const { compilations } = sdkCheckCommands({ arch: 'x64', sdk: 'C:\\SDK', sources: SOURCES });
    expect(compilations.map(({ object }: { object: string }) => object)).toEqual(
      SOURCES.map((source: string) => source.replace('native/abi', 'build/sdk-check/x64').replace('.cc', '.obj')),
    );
  });
});

describe('the check of a compilation', () => {
  const output = [
    'winhttp_abi_sdk_check.cc',
    'Note: including file: D:\\a\\winwire\\native\\abi/winhttp_abi.h',
    'Hinweis: Einlesen der Datei:  build/sdk-check/x64\\httprequest.h',
    'Note: including file:  C:\\Program Files (x86)\\Windows Kits\\10\\include\\10.0.26100.0\\um\\HttpRequestId.h',
  ].join('\r\n');

  it('passes if the compiler lists the headers, in any language', () => {
    expect(missingHeaders(['httprequest.h', 'httprequestid.h'], output)).toEqual([]);
  });

  it('fails if a header was not read', () => {
    expect(missingHeaders(['websocket.h'], output)).toEqual(['websocket.h']);
    expect(missingHeaders(['httprequest.h'], 'winhttp_abi_sdk_check.cc\n')).toEqual(['httprequest.h']);
    expect(missingHeaders(['quest.h'], output)).toEqual(['quest.h']);
  });
});
