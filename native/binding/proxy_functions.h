// [Windows] The proxy functions for JavaScript. lib/proxy/proxy-native.ts describes each.
#pragma once

#include <napi.h>

namespace winwire::binding {

// Adds `proxy`, with the function `start`.
void ExportProxy(Napi::Env env, Napi::Object exports);

}  // namespace winwire::binding
