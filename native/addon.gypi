# What a target that includes <napi.h> adds to target.gypi.
{
  # Other exceptions than Napi::Error (out of memory or threads) must not reach Node's C code: with ALL they are thrown as an
  # Error. A worker may be terminated during a call: throwing then fails, and must not end the process.
  'defines': [
    'NAPI_VERSION=9', 'NODE_ADDON_API_CPP_EXCEPTIONS', 'NODE_ADDON_API_CPP_EXCEPTIONS_ALL',
    'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
  ],
  'include_dirs': ["<!(node -p \"require('node-addon-api').include_dir\")"],
}
