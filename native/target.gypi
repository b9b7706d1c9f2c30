# What every native target shares. Included into the targets, because Node's common.gypi overrides a target_defaults.
{
  'include_dirs': ['.'],
  'conditions': [
    ['OS=="win"', {
      # common.gypi forbids exceptions to the STL.
      'defines!': ['_HAS_EXCEPTIONS=0'],
      'defines': ['UNICODE', '_UNICODE', 'NOMINMAX', 'WIN32_LEAN_AND_MEAN'],
      'libraries': ['-lbcrypt.lib', '-lversion.lib', '-lole32.lib', '-loleaut32.lib', '-luuid.lib', '-luser32.lib'],
      # `#pragma managed` in node-gyp's delay-load hook, which is compiled with these settings too.
      'msvs_disabled_warnings': [4949],
      'msvs_settings': {
        'VCCLCompilerTool': {
          # common.gypi asks for C++17, later versions for 20; cl takes one such option and warns of a second.
          'AdditionalOptions!': ['-std:c++17', '/std:c++17', '-std:c++20'],
          'AdditionalOptions': [
            '/std:c++20', '/permissive-', '/utf-8', '/guard:cf',
            # <napi.h> and the SDK are held to their own authors' standard.
            '/external:anglebrackets', '/external:W0',
          ],
          'ExceptionHandling': 1,
          'WarningLevel': 4,
          'WarnAsError': 'true',
        },
        'VCLinkerTool': {'AdditionalOptions': ['/guard:cf']},
      },
      # A static CRT: the addon needs no redistributable.
      'configurations': {
        'Release': {'msvs_settings': {'VCCLCompilerTool': {'RuntimeLibrary': 0}}},
        'Debug': {'msvs_settings': {'VCCLCompilerTool': {'RuntimeLibrary': 1}}},
      },
    }],
    ['OS=="mac"', {
      'xcode_settings': {
        'CLANG_CXX_LANGUAGE_STANDARD': 'c++20',
        'CLANG_CXX_LIBRARY': 'libc++',
        'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
        'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
        'MACOSX_DEPLOYMENT_TARGET': '11.0',
        'WARNING_CFLAGS': ['-Wall', '-Wextra', '-pedantic-errors', '-Werror'],
      },
    }],
    ['OS!="win" and OS!="mac"', {
      # Part of the C library since glibc 2.34.
      'ldflags': ['-pthread'],
      'libraries': ['-ldl'],
      'cflags_cc!': ['-std=gnu++17', '-std=gnu++20', '-fno-exceptions'],
      'cflags_cc': [
        '-std=c++20', '-fexceptions', '-fPIC', '-fvisibility=hidden', '-fvisibility-inlines-hidden',
        # -Werror would be taken out of cflags by common.gypi.
        '-Wall', '-Wextra', '-pedantic-errors', '-Werror',
        # GCC 12 sees overlapping copies in every `"literal" + std::string` (its bug 105329); clang has no such warning.
        '-Wno-restrict', '-Wno-unknown-warning-option',
      ],
    }],
  ],
}
