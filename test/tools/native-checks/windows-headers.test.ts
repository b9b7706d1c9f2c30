import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importScript } from '../../helpers/script.ts';

const { checkWindowsHeaders, headerFaults, includesForWindows, windowsHeaders } = await importScript(
  'tools/native-checks/windows-headers.mjs',
);

const SOURCE = 'native/winhttp/com_request.cc';
const included = (text: string) => includesForWindows(text).map(({ name }: { name: string }) => name);

describe('the headers that code for Windows includes', () => {
  it('are all in the list', () => {
    expect(() => checkWindowsHeaders()).not.toThrow();
  });

  it.each([
    ['a header that the Windows SDK does not ship', '#include <httprequest.h>', /only the files of "sdk_check"/],
    ['a header of POSIX', '#include <unistd.h>', /<unistd.h> is not in the list/],
    ['a header in a folder', '# include <sys/time.h>', /<sys\/time.h> is not in the list/],
    ['a header in other letters', '#include <Windows.h>', /<Windows.h> is not in the list/],
    ['a header of ours that is not there', '#include "winhttp/sesion.h"', /"winhttp\/sesion.h" is not in native/],
    ['a header of Windows in quotation marks', '#include "windows.h"', /"windows.h" is not in native/],
  ])('are rejected if there is %s', (_what, text, fault) => {
    expect(headerFaults(SOURCE, `#pragma once\n${text}\n`).join()).toMatch(fault);
  });

  it('are accepted if they are listed', () => {
    expect(
      headerFaults(SOURCE, '#include <bcrypt.h>\n#include <string_view>\n#include "winhttp/com_request.h"'),
    ).toEqual([]);
    expect(headerFaults('native/abi/winhttp_abi_sdk_check.cc', '#include <httprequest.h>')).toEqual([]);
  });

  it('include those of branches that MSVC may compile', () => {
    const branches = (first: string) => included(`#${first}\n#include <a>\n#else\n#include <b>\n#endif\n`);
    expect(branches('ifdef __linux__')).toEqual(['b']);
    expect(branches('ifndef _WIN32')).toEqual(['b']);
    expect(branches('if defined(_WIN32) && !defined(__GNUC__)  // MSVC')).toEqual(['a']);
    expect(branches('if defined _MSC_VER || defined(WINWIRE_OTHER)')).toEqual(['a']);
    expect(branches('if defined(__APPLE__) && WINWIRE_LEVEL >= 2')).toEqual(['b']);
    expect(branches('if defined(WINWIRE_OTHER)')).toEqual(['a', 'b']);
    expect(branches('if __has_include(<c>)')).toEqual(['a', 'b']);
  });

  it('follow #elif and nesting', () => {
    const text = [
      ...['#ifdef _WIN32', '#include <a>', '#ifdef __linux__', '#include <b>', '#endif', '#include <c>'],
      ...['#elif defined(__linux__)', '#include <d>', '#elif defined(WINWIRE_OTHER)', '#include <e>', '#endif'],
    ].join('\n');
    expect(included(text)).toEqual(['a', 'c']);
  });
});

describe('the list', () => {
  it('gives the source of each header', () => {
    for (const { from } of Object.values(windowsHeaders) as { from: string }[]) expect(from.length).toBeGreaterThan(10);
  });

  // MinGW has nearly all headers of the SDK.
  const mingw = '/usr/share/mingw-w64/include';
  it.runIf(existsSync(mingw))('contains only two Windows headers that MinGW lacks', () => {
    const fromMicrosoft = Object.entries(windowsHeaders as Record<string, { from: string }>)
      .filter(([name, { from }]) => /Microsoft|SDK|MIDL/.test(from) && !/^(emmintrin|arm_neon|intrin)\.h$/.test(name))
      .map(([name]) => name);
    expect(fromMicrosoft.filter((name) => !existsSync(`${mingw}/${name}`))).toEqual(['websocket.h', 'httprequest.h']);
  });
});
