// A whole request in one command.
#include <algorithm>
#include <iterator>
#include <utility>

#include "winhttp/com_request.h"

namespace winwire::winhttp {
namespace {

// Options that Open reads (spec 8, "before Open to matter"); the others are set between Open and Send, since Wine's
// Open resets them.
constexpr abi::WinHttpRequestOption kBeforeOpen[] = {
    abi::WinHttpRequestOption_EscapePercentInURL,           abi::WinHttpRequestOption_UrlEscapeDisable,
    abi::WinHttpRequestOption_UrlEscapeDisableQuery,        abi::WinHttpRequestOption_RevertImpersonationOverSsl,
    abi::WinHttpRequestOption_EnablePassportAuthentication, abi::WinHttpRequestOption_RejectUserpwd,
};

bool IsBeforeOpen(std::int32_t option) {
  return std::find(std::begin(kBeforeOpen), std::end(kBeforeOpen), option) != std::end(kBeforeOpen);
}

}  // namespace

void ComRequest::Execute(const RequestSpec& spec) {
  execution_ = Execution{spec.body_limit, spec.wants_progress};
  std::optional<Failure> failure;
  try {
    failure = Configure(spec);
  } catch (...) {
    failure = Failure{abi::hresult::kOutOfMemory, "IWinHttpRequest::Open", {}};
  }
  if (failure) return Fail(std::move(*failure));
  Send(spec.body, 0);
}

std::optional<Failure> ComRequest::Configure(const RequestSpec& spec) {
  if (CallResult created = Create(); created.failure) return created.failure;
  if (std::optional<Failure> failure = ConfigureOptions(spec, true)) return failure;
  // COM decides by the third argument alone.
  if (CallResult opened = Open(spec.method, spec.url, true); opened.failure) return opened.failure;
  if (std::optional<Failure> failure = ConfigureOptions(spec, false)) return failure;
  if (std::optional<Failure> failure = ConfigureObject(spec)) return failure;
  for (const auto& [name, value] : spec.headers) {
    if (CallResult set = SetRequestHeader(name, value); set.failure) return set.failure;
  }
  return {};
}

std::optional<Failure> ComRequest::ConfigureOptions(const RequestSpec& spec, bool before_open) {
  for (const auto& [option, value] : spec.options) {
    if (IsBeforeOpen(option) != before_open) continue;
    if (CallResult put = PutOption(option, value); put.failure) return put.failure;
  }
  return {};
}

std::optional<Failure> ComRequest::ConfigureObject(const RequestSpec& spec) {
  if (spec.timeouts) {
    if (CallResult set = SetTimeouts(*spec.timeouts); set.failure) return set.failure;
  }
  if (spec.proxy) {
    if (CallResult set = SetProxy(*spec.proxy); set.failure) return set.failure;
  }
  if (spec.auto_logon_policy) {
    if (CallResult set = SetAutoLogonPolicy(*spec.auto_logon_policy); set.failure) return set.failure;
  }
  if (spec.client_certificate) {
    if (CallResult set = SetClientCertificate(spec.client_certificate); set.failure) return set.failure;
  }
  for (const Credentials& each : spec.credentials) {
    if (CallResult set = SetCredentials(each.user, each.password, each.target); set.failure) return set.failure;
  }
  return {};
}

std::optional<Failure> ComRequest::Respond(ResponseHead head) {
  const Execution execution = execution_.value_or(Execution{});
  CallResult body = ResponseBody(execution.body_limit);
  if (body.failure) return body.failure;
  Response response{std::move(head), std::move(std::get<Bytes>(body.value)), {}};
  if (received_ == 0 && execution.wants_progress && !response.body.empty()) {
    listener_->OnProgress(static_cast<double>(response.body.size()), total_);
  }
  CallResult url = GetOption(abi::WinHttpRequestOption_URL);
  if (auto* text = std::get_if<std::u16string>(&url.value); !url.failure && text != nullptr) {
    response.url = std::move(*text);
  }
  EndPending(Phase::kDone);
  listener_->OnResponse(std::move(response));
  // Not immediately: this may run inside the object's call of its sink.
  Post([](ComRequest& com_request) { com_request.Close(); }, Apartment::Order::kInTurn);
  return {};
}

}  // namespace winwire::winhttp
