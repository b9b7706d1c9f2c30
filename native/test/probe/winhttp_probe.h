// [Windows] The probe's half for the COM object.
//
//   winHttpStatementIds(): string[]
//   activateStandin(manifest: string): undefined
//     from now on this thread, and those that it starts, get the class of the manifest's DLL
//     (native/test/winhttp_standin)
#pragma once

#include <node_api.h>

#include <optional>
#include <string>

namespace winwire::test {

void ExportWinHttpProbe(napi_env env, napi_value exports);

bool IsWinHttpStatement(const std::string& id);
// Returns the error, or nothing.
std::optional<std::string> RunWinHttpStatement(const std::string& id);

}  // namespace winwire::test
