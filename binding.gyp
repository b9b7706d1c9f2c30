# node-gyp's build: the addon and, unless winwire_tests=0, the test-only targets. Sources: native/sources.json.
# It names no file outside native, so that a copy of both builds; scripts/lib/native-build.mjs sets the variables.
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
      ],
      'conditions': [
        # Fat objects: the tests are linked without it, which takes a tenth of the time.
        ['winwire_lto!=""', {'cflags_cc': ['<(winwire_lto)', '-ffat-lto-objects']}],
        # Version resources and the COM half.
        ['OS=="win"', {
          'sources': [
            "<!@(node -p \"require('./native/sources.json').windows.join(' ')\")",
            "<!@(node -p \"require('./native/sources.json').winhttp.join(' ')\")",
          ],
        }],
      ],
    },
    {
      'target_name': 'winwire',
      'dependencies': ['winwire_core'],
      'includes': ['native/target.gypi', 'native/addon.gypi'],
      'sources': ["<!@(node -p \"require('./native/sources.json').binding.join(' ')\")"],
      'conditions': [
        ['winwire_lto!=""', {'cflags_cc': ['<(winwire_lto)'], 'ldflags': ['<(winwire_lto)', '-O3']}],
        ['OS=="win"', {'sources': ["<!@(node -p \"require('./native/sources.json').winhttp_binding.join(' ')\")"]}],
      ],
    },
  ],
  'conditions': [
    ['winwire_tests==1', {
      'targets': [
        {
          'target_name': 'winwire_probe',
          'dependencies': ['winwire_core'],
          'includes': ['native/target.gypi', 'native/addon.gypi'],
          # What only tests run is compiled faster than it runs.
          'cflags_cc': ['-O0'],
          'sources': [
            "<!@(node -p \"require('./native/sources.json').probe.join(' ')\")",
            "<!@(node -p \"require('./native/sources.json').statements.join(' ')\")",
          ],
          'conditions': [
            ['OS=="win"', {
              'sources': ["<!@(node -p \"require('./native/sources.json').winhttp_statements.join(' ')\")"],
              'libraries': ['-lws2_32.lib'],
            }],
          ],
        },
        {
          'target_name': 'engine_tests',
          'type': 'executable',
          'includes': ['native/target.gypi'],
          'product_extension': '',
          'win_delay_load_hook': 'false',
          'dependencies': ['winwire_core'],
          'cflags_cc': ['-O0'],
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
