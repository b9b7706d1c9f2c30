#include "auth/sspi_api.h"

#include <cstring>

#include "backend/windows_file.h"
#include "winhttp/wine_8_workarounds.h"

namespace winwire::auth::sspi {
namespace {

INIT_SECURITY_INTERFACE_W FindInterface(HMODULE module) {
  const FARPROC address = ::GetProcAddress(module, "InitSecurityInterfaceW");
  INIT_SECURITY_INTERFACE_W function = nullptr;
  static_assert(sizeof(address) == sizeof(function));
  std::memcpy(static_cast<void*>(&function), static_cast<const void*>(&address), sizeof(function));
  return function;
}

void Describe(const std::wstring& path, Api& api) {
  const backend::FileIdentity identity = backend::IdentifyFile(path);
  api.is_wine = winhttp::wine8::IsWine();
  api.provider = api.is_wine ? "Wine" : identity.provider;
  // Wine's file claims to be of some version of Windows.
  api.version = api.is_wine ? winhttp::wine8::WineVersion() : identity.version;
}

Api Load() {
  Api api;
  const std::wstring path = backend::SystemDirectory() + L"\\secur32.dll";
  api.file = backend::ToUtf8(path);
  const HMODULE module = ::LoadLibraryExW(path.c_str(), nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (module == nullptr) {
    api.reason = api.file + ": LoadLibraryExW failed: " + backend::DescribeError(::GetLastError());
    return api;
  }
  auto* const find = FindInterface(module);
  api.table = find == nullptr ? nullptr : find();
  if (api.table == nullptr) {
    api.reason = api.file + ": entry point InitSecurityInterfaceW not found, or it has no table";
    return api;
  }
  Describe(path, api);
  return api;
}

}  // namespace

const Api& LoadApi() {
  // Never destroyed: a thread of the package may outlive the statics of the module.
  static const Api& api = *new Api(Load());
  return api;
}

}  // namespace winwire::auth::sspi
