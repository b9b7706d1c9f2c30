# node-gyp's build: the addon and, unless winwire_tests=0, the test-only targets. Sources: native/sources.json.
{
  'variables': {
    'winwire_tests%': 1,
  },
  'target_defaults': {
    'include_dirs': ['native'],
    # common.gypi sets it for Windows, but the binding translates C++ exceptions into JavaScript's.
    'defines!': ['_HAS_EXCEPTIONS=0'],
    'conditions': [
      ['OS=="win"', {
        'defines': ['UNICODE', '_UNICODE', 'NOMINMAX', 'WIN32_LEAN_AND_MEAN'],
        'libraries': ['bcrypt.lib', 'version.lib'],
        # Node's common.gypi asks for C++17 (20 in later versions); cl takes one of the two and warns.
        'msvs_settings': {
          'VCCLCompilerTool': {
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
        'cflags': ['-Wall', '-Wextra', '-pedantic-errors', '-fPIC', '-fvisibility=hidden'],
        'cflags_cc!': ['-std=gnu++17', '-std=gnu++20', '-fno-exceptions'],
        # -Werror here and not in cflags, from which common.gypi removes it.
        'cflags_cc': ['-std=c++20', '-fexceptions', '-fvisibility-inlines-hidden', '-Werror'],
      }],
    ],
  },
  'targets': [
    {
      'target_name': 'winwire_core',
      'type': 'static_library',
      'sources': [
        "<!@(node -p \"require('./native/sources.json').engine.join(' ')\")",
        "<!@(node -p \"require('./native/sources.json').backend.join(' ')\")",
      ],
      'conditions': [
        # Compared with the SDK's own websocket.h, which only Windows has.
        ['OS=="win"', {'sources': ["<!@(node -p \"require('./native/sources.json').abi_windows.join(' ')\")"]}],
      ],
    },
    {
      'target_name': 'winwire',
      'dependencies': ['winwire_core'],
      'includes': ['native/addon.gypi'],
      'sources': ["<!@(node -p \"require('./native/sources.json').binding.join(' ')\")"],
    },
  ],
  'conditions': [
    ['winwire_tests==1', {
      'targets': [
        {
          'target_name': 'winwire_probe',
          'dependencies': ['winwire_core'],
          'includes': ['native/addon.gypi'],
          'sources': [
            "<!@(node -p \"require('./native/sources.json').probe.join(' ')\")",
            "<!@(node -p \"require('./native/sources.json').statements.join(' ')\")",
          ],
        },
        {
          'target_name': 'engine_tests',
          'type': 'executable',
          'product_extension': '',
          'win_delay_load_hook': 'false',
          'dependencies': ['winwire_core'],
          'conditions': [['OS=="win"', {'product_extension': 'exe'}]],
          'sources': [
            "<!@(node -p \"require('./native/sources.json').engine_tests.join(' ')\")",
            "<!@(node -p \"require('./native/sources.json').statements.join(' ')\")",
          ],
        },
      ],
    }],
  ],
}
