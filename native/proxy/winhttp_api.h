// [Windows] The proxy functions of winhttp.dll, resolved at run time, so that a system without some of them can use the
// others.
//
// Threads: any.
#pragma once

#include "abi/win_types.h"

// After <windows.h>, which it needs.
#include <winhttp.h>

#include <string>

namespace winwire::proxy {

// Since Windows XP.
#define WINWIRE_PROXY_FUNCTIONS(F)         \
  F(WinHttpOpen)                           \
  F(WinHttpCloseHandle)                    \
  F(WinHttpSetStatusCallback)              \
  F(WinHttpGetIEProxyConfigForCurrentUser) \
  F(WinHttpGetDefaultProxyConfiguration)   \
  F(WinHttpGetProxyForUrl)                 \
  F(WinHttpDetectAutoProxyConfigUrl)

// Since Windows 8. Wine exports them, and they fail.
#define WINWIRE_PROXY_RESOLVER_FUNCTIONS(F) \
  F(WinHttpCreateProxyResolver)             \
  F(WinHttpGetProxyForUrlEx)                \
  F(WinHttpGetProxyResult)                  \
  F(WinHttpFreeProxyResult)

struct WinHttpApi {
#define WINWIRE_MEMBER(name) decltype(&::name) name = nullptr;
  WINWIRE_PROXY_FUNCTIONS(WINWIRE_MEMBER)
  WINWIRE_PROXY_RESOLVER_FUNCTIONS(WINWIRE_MEMBER)
#undef WINWIRE_MEMBER
  // Whether all functions of the resolver exist.
  bool has_resolver = false;
  // Why the functions are not available: the file, the entry point and the Windows error; empty if they are.
  std::string reason;
};

// Loads System32's winhttp.dll once, for the life of the process.
const WinHttpApi& LoadWinHttp();

// Returns the session of the package's look-ups: asynchronous, as WinHttpCreateProxyResolver requires, and open for the
// life of the process, since WinHTTP caches scripts by session. Null with the thread's last error.
HINTERNET OpenSession(const WinHttpApi& api);

}  // namespace winwire::proxy
