// Tokens for JavaScript. lib/auth/auth-native.ts describes each function.
#pragma once

#include <napi.h>

namespace winwire::binding {

// Adds `auth`, with the functions `start`, `info` and `openContextCount`.
void ExportAuth(Napi::Env env, Napi::Object exports);

}  // namespace winwire::binding
