// WinHttpRequest for JavaScript. lib/sys/winhttp-native.ts describes each function.
#pragma once

#include <napi.h>

namespace winwire::binding {

// Adds `winhttp`, with the one function `start`.
void ExportWinHttp(Napi::Env env, Napi::Object exports);

}  // namespace winwire::binding
