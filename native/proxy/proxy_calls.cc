#include "proxy/proxy_calls.h"

#include "proxy/autoproxy_options.h"
#include "proxy/global_text.h"
#include "proxy/winhttp_api.h"

namespace winwire::proxy {
namespace {

Answer Unavailable(const char* syscall, const std::string& reason) {
  Answer answer;
  answer.failure = winhttp::Failure{abi::hresult::kNotImplemented, syscall, {reason.begin(), reason.end()}};
  return answer;
}

Answer ProxyInfoAnswer(const char* syscall, bool succeeded, const WINHTTP_PROXY_INFO& info) {
  const DWORD error = ::GetLastError();
  const GlobalText proxy(info.lpszProxy);
  const GlobalText bypass(info.lpszProxyBypass);
  if (!succeeded) return FailedCall(syscall, error);
  return {{}, {static_cast<std::int32_t>(info.dwAccessType), ToValue(proxy), ToValue(bypass)}};
}

}  // namespace

Answer FailedCall(const char* syscall, std::uint32_t error) {
  Answer answer;
  answer.failure = winhttp::Failure{abi::hresult::FromWin32(error), syscall, {}};
  return answer;
}

Answer GetIEProxyConfigForCurrentUser() {
  constexpr const char* kSyscall = "WinHttpGetIEProxyConfigForCurrentUser";
  const WinHttpApi& api = LoadWinHttp();
  if (!api.reason.empty()) return Unavailable(kSyscall, api.reason);
  WINHTTP_CURRENT_USER_IE_PROXY_CONFIG config = {};
  const bool succeeded = api.WinHttpGetIEProxyConfigForCurrentUser(&config) != 0;
  const DWORD error = ::GetLastError();
  const GlobalText config_url(config.lpszAutoConfigUrl);
  const GlobalText proxy(config.lpszProxy);
  const GlobalText bypass(config.lpszProxyBypass);
  if (!succeeded) return FailedCall(kSyscall, error);
  return {{}, {config.fAutoDetect != 0, ToValue(config_url), ToValue(proxy), ToValue(bypass)}};
}

Answer GetDefaultProxyConfiguration() {
  constexpr const char* kSyscall = "WinHttpGetDefaultProxyConfiguration";
  const WinHttpApi& api = LoadWinHttp();
  if (!api.reason.empty()) return Unavailable(kSyscall, api.reason);
  WINHTTP_PROXY_INFO info = {};
  const bool succeeded = api.WinHttpGetDefaultProxyConfiguration(&info) != 0;
  return ProxyInfoAnswer(kSyscall, succeeded, info);
}

Answer GetProxyForUrl(const ScriptQuery& query) {
  constexpr const char* kSyscall = "WinHttpGetProxyForUrl";
  const WinHttpApi& api = LoadWinHttp();
  if (!api.reason.empty()) return Unavailable(kSyscall, api.reason);
  HINTERNET session = OpenSession(api);
  if (session == nullptr) return FailedCall("WinHttpOpen", ::GetLastError());
  WINHTTP_AUTOPROXY_OPTIONS options = ToAutoproxyOptions(query);
  WINHTTP_PROXY_INFO info = {};
  const bool succeeded = api.WinHttpGetProxyForUrl(session, ToWide(query.url), &options, &info) != 0;
  return ProxyInfoAnswer(kSyscall, succeeded, info);
}

Answer DetectAutoProxyConfigUrl(std::uint32_t flags) {
  constexpr const char* kSyscall = "WinHttpDetectAutoProxyConfigUrl";
  const WinHttpApi& api = LoadWinHttp();
  if (!api.reason.empty()) return Unavailable(kSyscall, api.reason);
  LPWSTR found = nullptr;
  const bool succeeded = api.WinHttpDetectAutoProxyConfigUrl(flags, &found) != 0;
  const DWORD error = ::GetLastError();
  const GlobalText url(found);
  if (!succeeded) return FailedCall(kSyscall, error);
  return {{}, {ToValue(url)}};
}

Answer GetSettingsPerUser() {
  DWORD per_user = 1;
  DWORD size = sizeof(per_user);
  // Without the value each user has separate settings.
  ::RegGetValueW(HKEY_LOCAL_MACHINE, L"Software\\Policies\\Microsoft\\Windows\\CurrentVersion\\Internet Settings",
                 L"ProxySettingsPerUser", RRF_RT_REG_DWORD, nullptr, &per_user, &size);
  return {{}, {per_user != 0}};
}

}  // namespace winwire::proxy
