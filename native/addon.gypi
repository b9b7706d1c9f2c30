# What a target that includes <napi.h> adds to target.gypi.
{
  # What is no Napi::Error (no memory, no further thread) must not cross into Node's C either: with ALL it is thrown as an
  # Error. A worker may be terminated in mid-call: nothing can be thrown then, and that must not end the process.
  'defines': [
    'NAPI_VERSION=9', 'NODE_ADDON_API_CPP_EXCEPTIONS', 'NODE_ADDON_API_CPP_EXCEPTIONS_ALL',
    'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
  ],
  'include_dirs': ["<!(node -p \"require('node-addon-api').include_dir\")"],
}
