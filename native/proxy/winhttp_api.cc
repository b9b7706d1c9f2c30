#include "proxy/winhttp_api.h"

#include <cstring>
#include <mutex>

#include "backend/windows_file.h"

namespace winwire::proxy {
namespace {

template <typename Function>
bool FindEntry(HMODULE module, const char* name, Function*& function) {
  const FARPROC address = ::GetProcAddress(module, name);
  static_assert(sizeof(address) == sizeof(function));
  std::memcpy(static_cast<void*>(&function), static_cast<const void*>(&address), sizeof(function));
  return address != nullptr;
}

// Returns null if all exist, else the name of the first missing one.
const char* FillTable(HMODULE module, WinHttpApi& api) {
#define WINWIRE_FIND_ENTRY(name) \
  if (!FindEntry(module, #name, api.name)) return #name;
  WINWIRE_PROXY_FUNCTIONS(WINWIRE_FIND_ENTRY)
#undef WINWIRE_FIND_ENTRY
  api.has_resolver = true;
#define WINWIRE_FIND_ENTRY(name) api.has_resolver = FindEntry(module, #name, api.name) && api.has_resolver;
  WINWIRE_PROXY_RESOLVER_FUNCTIONS(WINWIRE_FIND_ENTRY)
#undef WINWIRE_FIND_ENTRY
  return nullptr;
}

WinHttpApi Load() {
  WinHttpApi api;
  const std::wstring path = backend::SystemDirectory() + L"\\winhttp.dll";
  const HMODULE module = ::LoadLibraryExW(path.c_str(), nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (module == nullptr) {
    api.reason = backend::ToUtf8(path) + ": LoadLibraryExW failed: " + backend::DescribeError(::GetLastError());
  } else if (const char* missing = FillTable(module, api); missing != nullptr) {
    api.reason =
        backend::ToUtf8(path) + ": entry point " + missing + " not found: " + backend::DescribeError(::GetLastError());
  }
  return api;
}

}  // namespace

const WinHttpApi& LoadWinHttp() {
  // Never destroyed: a thread of the package may outlive the statics of the module.
  static const WinHttpApi& api = *new WinHttpApi(Load());
  return api;
}

HINTERNET OpenSession(const WinHttpApi& api) {
  static std::mutex& mutex = *new std::mutex;
  static HINTERNET session = nullptr;
  const std::lock_guard lock(mutex);
  if (session == nullptr) {
    session = api.WinHttpOpen(L"winwire", WINHTTP_ACCESS_TYPE_NO_PROXY, WINHTTP_NO_PROXY_NAME, WINHTTP_NO_PROXY_BYPASS,
                              WINHTTP_FLAG_ASYNC);
  }
  return session;
}

}  // namespace winwire::proxy
