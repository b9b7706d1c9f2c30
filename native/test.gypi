# What a target that only tests use adds to target.gypi: it is built faster than it runs.
{
  'cflags_cc': ['-O0'],
  'conditions': [
    # Without this option GCC optimises at the link whenever its objects allow it.
    ['winwire_lto!=""', {'ldflags': ['-fno-lto']}],
  ],
}
