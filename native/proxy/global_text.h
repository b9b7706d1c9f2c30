// [Windows] Strings that WinHTTP allocates and its caller frees with GlobalFree (Microsoft, "WINHTTP_PROXY_INFO
// structure").
#pragma once

#include <memory>
#include <string>

#include "abi/win_types.h"
#include "winhttp/values.h"

namespace winwire::proxy {

struct GlobalFreeDeleter {
  void operator()(wchar_t* text) const { ::GlobalFree(text); }
};

// Owns the string from its creation.
using GlobalText = std::unique_ptr<wchar_t, GlobalFreeDeleter>;

inline std::u16string ToText(const wchar_t* text) { return reinterpret_cast<const char16_t*>(text); }

// NULL is a missing value.
inline winhttp::Value ToValue(const GlobalText& text) {
  if (!text) return winhttp::Missing{};
  return ToText(text.get());
}

}  // namespace winwire::proxy
