#include "proxy/lookups.h"

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "proxy/autoproxy_options.h"
#include "proxy/global_text.h"

namespace winwire::proxy {
namespace {

constexpr const char* kSyscall = "WinHttpGetProxyForUrlEx";

void CALLBACK OnStatusOfProcess(HINTERNET, DWORD_PTR id, DWORD status, void* information, DWORD) {
  try {
    Lookups::Get().OnStatus(id, status, information);
  } catch (const std::exception&) {
    // Without memory the caller's time limit ends the look-up.
  }
}

const char16_t* SchemeOf(INTERNET_SCHEME scheme) {
  if (scheme == INTERNET_SCHEME_SOCKS) return u"SOCKS ";
  return scheme == INTERNET_SCHEME_HTTPS ? u"HTTPS " : u"PROXY ";
}

std::u16string RouteOf(const WINHTTP_PROXY_RESULT_ENTRY& entry) {
  if (!entry.fProxy || entry.fBypass || entry.pwszProxy == nullptr) return u"DIRECT";
  std::u16string host = ToText(entry.pwszProxy);
  if (host.find(u':') != std::u16string::npos && host.front() != u'[') host = u"[" + host + u"]";
  const std::string port = std::to_string(entry.ProxyPort);
  return SchemeOf(entry.ProxyScheme) + host + u":" + std::u16string(port.begin(), port.end());
}

}  // namespace

Lookups& Lookups::Get() {
  // Never destroyed: a thread of WinHTTP may outlive the statics of the module.
  static Lookups& lookups = *new Lookups(LoadWinHttp());
  return lookups;
}

bool Lookups::Start(HINTERNET session, CallKey key, const ScriptQuery& query, Done done) {
  if (!api_.has_resolver) return false;
  constexpr DWORD kNotifications = WINHTTP_CALLBACK_FLAG_GETPROXYFORURL_COMPLETE | WINHTTP_CALLBACK_FLAG_REQUEST_ERROR;
  if (api_.WinHttpSetStatusCallback(session, OnStatusOfProcess, kNotifications, 0) == WINHTTP_INVALID_STATUS_CALLBACK) {
    return false;
  }
  HINTERNET handle = nullptr;
  if (api_.WinHttpCreateProxyResolver(session, &handle) != ERROR_SUCCESS) return false;
  // A cancellation during the call closes the resolver after it.
  const Resolver resolver(handle, [close = api_.WinHttpCloseHandle](void* each) { close(each); });
  const DWORD_PTR id = Add({key, resolver, std::move(done)});
  WINHTTP_AUTOPROXY_OPTIONS options = ToAutoproxyOptions(query);
  const DWORD error = api_.WinHttpGetProxyForUrlEx(handle, ToWide(query.url), &options, id);
  if (error != ERROR_IO_PENDING && error != ERROR_SUCCESS) {
    End(id, [error](HINTERNET) { return FailedCall(kSyscall, error); });
  }
  return true;
}

void Lookups::OnStatus(DWORD_PTR id, DWORD status, const void* information) {
  if (status == WINHTTP_CALLBACK_STATUS_GETPROXYFORURL_COMPLETE) {
    End(id, [this](HINTERNET resolver) { return ReadResult(resolver); });
  } else if (status == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR) {
    const DWORD error = static_cast<const WINHTTP_ASYNC_RESULT*>(information)->dwError;
    End(id, [error](HINTERNET) { return FailedCall(kSyscall, error); });
  }
}

void Lookups::Cancel(CallKey key) {
  CancelWhere([&](const CallKey& each) { return each == key; });
}

void Lookups::CancelAll(const void* owner) {
  CancelWhere([&](const CallKey& each) { return each.owner == owner; });
}

DWORD_PTR Lookups::Add(Lookup lookup) {
  const std::lock_guard lock(mutex_);
  const DWORD_PTR id = ++last_id_;
  lookups_.emplace(id, std::move(lookup));
  return id;
}

void Lookups::End(DWORD_PTR id, const std::function<Answer(HINTERNET)>& answer) {
  std::unique_lock lock(mutex_);
  const auto entry = lookups_.extract(id);
  lock.unlock();
  if (entry) entry.mapped().done(answer(entry.mapped().resolver.get()));
}

// Closing may call back, so it happens outside the lock.
template <class Predicate>
void Lookups::CancelWhere(Predicate predicate) {
  std::vector<Lookup> cancelled;
  const std::lock_guard lock(mutex_);
  for (auto entry = lookups_.begin(); entry != lookups_.end();) {
    const auto next = std::next(entry);
    if (predicate(entry->second.key)) cancelled.push_back(std::move(lookups_.extract(entry).mapped()));
    entry = next;
  }
}

Answer Lookups::ReadResult(HINTERNET resolver) const {
  WINHTTP_PROXY_RESULT result = {};
  const DWORD error = api_.WinHttpGetProxyResult(resolver, &result);
  if (error != ERROR_SUCCESS) return FailedCall("WinHttpGetProxyResult", error);
  const std::unique_ptr<WINHTTP_PROXY_RESULT, decltype(api_.WinHttpFreeProxyResult)> owned(&result,
                                                                                           api_.WinHttpFreeProxyResult);
  std::u16string routes;
  for (DWORD index = 0; index < result.cEntries; ++index) routes += RouteOf(result.pEntries[index]) + u";";
  return {{}, {std::move(routes)}};
}

}  // namespace winwire::proxy
