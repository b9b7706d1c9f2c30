// WinHttpRequest for JavaScript. lib/winhttp/system/winhttp-native.ts describes each function.
#pragma once

#include <napi.h>

namespace winwire::binding {

// Adds `winhttp`, with the functions `start` and `registration`.
void ExportWinHttp(Napi::Env env, Napi::Object exports);

}  // namespace winwire::binding
