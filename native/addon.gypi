# What a target that includes <napi.h> adds to target.gypi.
{
  'defines': ['NAPI_VERSION=9', 'NODE_ADDON_API_CPP_EXCEPTIONS'],
  'include_dirs': ["<!(node -p \"require('node-addon-api').include_dir\")"],
}
