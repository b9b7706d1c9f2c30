#include "winhttp/registration.h"

#include "abi/win_types.h"
#include "backend/windows_file.h"
#include "winhttp/wine_8_workarounds.h"

namespace winwire::winhttp {
namespace {

constexpr wchar_t kServerKey[] = L"CLSID\\{2087c2f4-2cef-4953-a8ab-66779b670495}\\InprocServer32";

// The default value of the key, with environment variables expanded.
LSTATUS ReadServer(std::wstring* path) {
  wchar_t text[1024];
  DWORD size = sizeof(text);
  // A REG_EXPAND_SZ is expanded and then counts as REG_SZ.
  const LSTATUS status = ::RegGetValueW(HKEY_CLASSES_ROOT, kServerKey, nullptr, RRF_RT_REG_SZ, nullptr, text, &size);
  if (status == ERROR_SUCCESS) *path = text;
  return status;
}

}  // namespace

Registration FindRegistration() {
  Registration found;
  std::wstring path;
  const LSTATUS status = ReadServer(&path);
  if (status != ERROR_SUCCESS) {
    found.reason = "WinHttp.WinHttpRequest.5.1: the class is not registered: " +
                   backend::DescribeError(static_cast<DWORD>(status));
    return found;
  }
  // COM searches System32 first for a bare name.
  if (path.find_first_of(L"\\/") == std::wstring::npos) path = backend::SystemDirectory() + L"\\" + path;
  found.file = backend::ToUtf8(path);
  if (::GetFileAttributesW(path.c_str()) == INVALID_FILE_ATTRIBUTES) {
    found.reason = found.file + ": " + backend::DescribeError(::GetLastError());
    return found;
  }
  const backend::FileIdentity identity = backend::IdentifyFile(path);
  found.version = identity.version;
  found.provider = identity.provider;
  if (!wine8::IsWine()) return found;
  found.provider = "Wine";
  // The file claims to be of some version of Windows.
  found.version = wine8::WineVersion();
  return found;
}

}  // namespace winwire::winhttp
