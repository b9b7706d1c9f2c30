// [Windows] Converts a ScriptQuery for WinHTTP.
#pragma once

#include "proxy/proxy_calls.h"
#include "proxy/winhttp_api.h"

namespace winwire::proxy {

inline const wchar_t* ToWide(const std::u16string& text) { return reinterpret_cast<const wchar_t*>(text.c_str()); }

// The result refers to the query.
inline WINHTTP_AUTOPROXY_OPTIONS ToAutoproxyOptions(const ScriptQuery& query) {
  WINHTTP_AUTOPROXY_OPTIONS options = {};
  options.dwFlags = query.flags;
  options.dwAutoDetectFlags = query.auto_detect_flags;
  options.lpszAutoConfigUrl = query.auto_config_url ? ToWide(*query.auto_config_url) : nullptr;
  options.fAutoLogonIfChallenged = query.auto_logon_if_challenged;
  return options;
}

}  // namespace winwire::proxy
