# node-gyp's build: the addon and, unless winwire_tests=0, the test-only targets. Sources: native/sources.json.
# It names no file outside native, so that a copy of both builds; tools/native-build/native-build.mjs sets the variables.
{
  'variables': {
    'winwire_tests%': 1,
    # The compiler's option for link-time optimisation, where it is known to work.
    'winwire_lto%': '',
  },
  'targets': [
    {
      'target_name': 'winwire_core',
      'type': 'static_library',
      'win_delay_load_hook': 'false',
      'includes': ['native/target.gypi'],
      'sources': [
        "<!@(node -p \"require('./native/sources.json').engine.join(' ')\")",
        "<!@(node -p \"require('./native/sources.json').backend.join(' ')\")",
        "<!@(node -p \"require('./native/sources.json').pump.join(' ')\")",
        "<!@(node -p \"require('./native/sources.json').threads.join(' ')\")",
        "<!@(node -p \"require('./native/sources.json').auth.join(' ')\")",
      ],
      'conditions': [
        # Fat objects: the tests are linked without it, which takes a tenth of the time.
        ['winwire_lto!=""', {'cflags_cc': ['<(winwire_lto)', '-ffat-lto-objects']}],
        # Version resources, the COM half, the proxy functions and SSPI; elsewhere GSSAPI.
        ['OS=="win"', {
          'sources': [
            "<!@(node -p \"require('./native/sources.json').windows.join(' ')\")",
            "<!@(node -p \"require('./native/sources.json').winhttp.join(' ')\")",
            "<!@(node -p \"require('./native/sources.json').proxy.join(' ')\")",
            "<!@(node -p \"require('./native/sources.json').auth_sspi.join(' ')\")",
          ],
        }, {'sources': ["<!@(node -p \"require('./native/sources.json').auth_gss.join(' ')\")"]}],
      ],
    },
    # The functions of the addon, compiled once for it and for the one of the tests.
    {
      'target_name': 'winwire_binding',
      'type': 'static_library',
      'win_delay_load_hook': 'false',
      'includes': ['native/target.gypi', 'native/addon.gypi'],
      'sources': ["<!@(node -p \"require('./native/sources.json').binding.join(' ')\")"],
      'conditions': [
        ['winwire_lto!=""', {'cflags_cc': ['<(winwire_lto)', '-ffat-lto-objects']}],
        ['OS=="win"', {'sources': ["<!@(node -p \"require('./native/sources.json').winhttp_binding.join(' ')\")"]}],
      ],
    },
    {
      'target_name': 'winwire',
      'dependencies': ['winwire_binding', 'winwire_core'],
      'includes': ['native/target.gypi', 'native/addon.gypi'],
      # The module is not in a library: nothing refers to what Node loads, and the linker would leave it out.
      'sources': [
        "<!@(node -p \"require('./native/sources.json').module.join(' ')\")",
        "<!@(node -p \"require('./native/sources.json').registry.join(' ')\")",
      ],
      'conditions': [
        ['winwire_lto!=""', {'cflags_cc': ['<(winwire_lto)'], 'ldflags': ['<(winwire_lto)', '-O3']}],
      ],
    },
  ],
  'conditions': [
    ['winwire_tests==1', {
      'targets': [
        {
          'target_name': 'winwire_probe',
          'dependencies': ['winwire_core'],
          'includes': ['native/target.gypi', 'native/addon.gypi', 'native/test.gypi'],
          'sources': [
            "<!@(node -p \"require('./native/sources.json').probe.join(' ')\")",
            "<!@(node -p \"require('./native/sources.json').registry.join(' ')\")",
            "<!@(node -p \"require('./native/sources.json').statements.join(' ')\")",
          ],
          'conditions': [
            ['OS=="win"', {
              'sources': [
                "<!@(node -p \"require('./native/sources.json').winhttp_statements.join(' ')\")",
                "<!@(node -p \"require('./native/sources.json').probe_sspi.join(' ')\")",
              ],
              'libraries': ['-lws2_32.lib'],
            }, {'sources': ["<!@(node -p \"require('./native/sources.json').probe_gss.join(' ')\")"]}],
          ],
        },
        # The addon over a component that gives other answers than the engine, where they are left open.
        {
          'target_name': 'winwire_permissive',
          'dependencies': ['winwire_binding', 'winwire_core'],
          'includes': ['native/target.gypi', 'native/addon.gypi', 'native/test.gypi'],
          'sources': [
            "<!@(node -p \"require('./native/sources.json').module.join(' ')\")",
            "<!@(node -p \"require('./native/sources.json').permissive.join(' ')\")",
            "<!@(node -p \"require('./native/sources.json').permissive_addon.join(' ')\")",
          ],
        },
        {
          'target_name': 'engine_tests',
          'type': 'executable',
          'includes': ['native/target.gypi', 'native/test.gypi'],
          'product_extension': '',
          'win_delay_load_hook': 'false',
          'dependencies': ['winwire_core'],
          'conditions': [
            ['OS=="win"', {
              'product_extension': 'exe',
              'sources': ["<!@(node -p \"require('./native/sources.json').proxy_tests.join(' ')\")"],
            }, {'sources': ["<!@(node -p \"require('./native/sources.json').auth_gss_tests.join(' ')\")"]}],
          ],
          'sources': [
            "<!@(node -p \"require('./native/sources.json').engine_tests.join(' ')\")",
            "<!@(node -p \"require('./native/sources.json').permissive.join(' ')\")",
            "<!@(node -p \"require('./native/sources.json').statements.join(' ')\")",
          ],
        },
      ],
    }],
  ],
}
