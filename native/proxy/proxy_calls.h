// [Windows] The four proxy functions of winhttp.dll that need no request, and one policy. All may block: the look-ups
// for seconds, the settings while they query the connection manager.
//
// Threads: any, preferably one of a TaskPool.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "winhttp/values.h"

namespace winwire::proxy {

// A failure, or the fields of a result in the order of the structure; a NULL string is Missing.
struct Answer {
  std::optional<winhttp::Failure> failure;
  std::vector<winhttp::Value> values;
};

// WINHTTP_AUTOPROXY_OPTIONS, and the URL.
struct ScriptQuery {
  std::u16string url;
  std::uint32_t flags = 0;
  std::uint32_t auto_detect_flags = 0;
  std::optional<std::u16string> auto_config_url;
  bool auto_logon_if_challenged = false;
};

// HRESULT_FROM_WIN32 of a code.
Answer FailedCall(const char* syscall, std::uint32_t error);

// fAutoDetect, lpszAutoConfigUrl, lpszProxy, lpszProxyBypass.
Answer GetIEProxyConfigForCurrentUser();
// dwAccessType, lpszProxy, lpszProxyBypass.
Answer GetDefaultProxyConfiguration();
// The same three.
Answer GetProxyForUrl(const ScriptQuery& query);
// The URL of the script.
Answer DetectAutoProxyConfigUrl(std::uint32_t flags);
// Whether each user has proxy settings; false if the policy ProxySettingsPerUser is 0.
Answer GetSettingsPerUser();

}  // namespace winwire::proxy
