#include "backend/websocket_api_system.h"

#ifdef _WIN32

#include <cstring>

#include "backend/windows_file.h"

namespace winwire::backend {
namespace {

template <typename Function>
bool FindEntry(HMODULE module, const char* name, Function*& function) {
  const FARPROC address = GetProcAddress(module, name);
  static_assert(sizeof(address) == sizeof(function));
  std::memcpy(static_cast<void*>(&function), static_cast<const void*>(&address), sizeof(function));
  return address != nullptr;
}

// Returns null if all 13 exist, else the name of the first missing one.
const char* FillTable(HMODULE module, abi::WebSocketApi& api) {
#define WINWIRE_FIND_ENTRY(name) \
  if (!FindEntry(module, #name, api.name)) return #name;
  WINWIRE_WEBSOCKET_FUNCTIONS(WINWIRE_FIND_ENTRY)
#undef WINWIRE_FIND_ENTRY
  return nullptr;
}

// Wine marks its DLLs in place of the DOS stub's text. Its websocket.dll (8.0) exports the names, but ends the process
// when one is called.
bool IsWineBuiltin(HMODULE module) {
  constexpr char kMark[] = "Wine builtin DLL";
  constexpr std::size_t kDosHeaderSize = 0x40;
  const char* image = static_cast<const char*>(static_cast<const void*>(module));
  return std::memcmp(image + kDosHeaderSize, kMark, sizeof(kMark) - 1) == 0;
}

}  // namespace

WebSocketBackend LoadSystemWebSocket() {
  static abi::WebSocketApi api;
  WebSocketBackend backend;
  const std::wstring path = SystemDirectory() + L"\\websocket.dll";
  backend.file = ToUtf8(path);

  const HMODULE module = LoadLibraryExW(path.c_str(), nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (module == nullptr) {
    backend.reason = backend.file + ": LoadLibraryExW failed: " + DescribeError(GetLastError());
    return backend;
  }
  const FileIdentity identity = IdentifyFile(path);
  backend.version = identity.version;
  backend.provider = IsWineBuiltin(module) ? "Wine" : identity.provider;
  if (backend.provider == "Wine") {
    backend.reason = backend.file + ": Wine's own websocket.dll has the entry points' names only";
    return backend;
  }
  if (const char* missing = FillTable(module, api); missing != nullptr) {
    backend.reason = backend.file + ": entry point " + missing + " not found: " + DescribeError(GetLastError());
    return backend;
  }
  backend.api = &api;
  return backend;
}

}  // namespace winwire::backend

#else

namespace winwire::backend {

WebSocketBackend LoadSystemWebSocket() {
  WebSocketBackend backend;
  backend.reason = "websocket.dll is part of Windows (8 or later); this system is not Windows";
  return backend;
}

}  // namespace winwire::backend

#endif
