// How a COM request learns of its completion: by events, or by polling the object.
#include <utility>

#include "winhttp/com_request.h"
#include "winhttp/failure.h"
#include "winhttp/variant.h"
#include "winhttp/wine_8_workarounds.h"

namespace winwire::winhttp {
namespace {

constexpr const char* kWait = "IWinHttpRequest::WaitForResponse";

// Interval of polling an object that answers at once.
constexpr std::chrono::milliseconds kPollInterval{10};

// E_PENDING, or the code that Wine returns instead: Send was called.
bool IsNotThere(const Failure& failure) {
  return failure.hr == abi::hresult::kPending || failure.hr == abi::hresult::kWinHttpCannotCallBeforeSend;
}

Failure Incomplete() {
  return {abi::hresult::kPending, kWait, u"it reported a response complete that it does not return"};
}

}  // namespace

void ComRequest::AwaitCompletion(bool is_listening) {
  if (opened_synchronous_ && Complete()) return;
  if (is_listening) return;
  // The apartment may have other objects.
  if (options_.has_events) return Poll();
  WaitForCompletion();
}

// If the class has no connection points. WaitForResponse dispatches messages, so that Abort works; the second is only a
// limit, after which it is called again.
void ComRequest::WaitForCompletion() {
  const std::uint64_t send = send_;
  while (IsCurrent(send)) {
    const Apartment::Clock::time_point began = Apartment::Clock::now();
    std::optional<CallResult> outcome = QueryCompletion(1);
    if (outcome && Settle(std::move(*outcome))) return;
    if (IsCurrent(send) && Apartment::Clock::now() - began < kPollInterval) apartment_->PumpFor(kPollInterval);
  }
}

// If only this object's sink could not be connected.
void ComRequest::Poll() {
  apartment_->After(kPollInterval, [weak = weak_from_this(), send = send_] {
    const std::shared_ptr<ComRequest> self = weak.lock();
    if (!self || !self->IsCurrent(send)) return;
    self->Safely([&] {
      std::optional<CallResult> outcome = self->QueryCompletion(0);
      if (self->IsCurrent(send) && !(outcome && self->Settle(std::move(*outcome)))) self->Poll();
    });
  });
}

// Uses an answer one second later, so that a late event comes first.
void ComRequest::Check() {
  if (phase_ != Phase::kPending || in_send_) return;
  if (std::exchange(wait_.heard_at_check, wait_.heard) != wait_.heard) return wait_.outcome.reset();
  Safely([this] {
    std::optional<CallResult> outcome = std::exchange(wait_.outcome, std::nullopt);
    if (!outcome) {
      wait_.outcome = QueryCompletion(0);
      return;
    }
    if (wait_.heard == 0) options_.class_state->has_events = false;
    if (!Settle(*outcome)) wait_.outcome = std::move(outcome);
  });
}

// Whether the pending request has ended, for which the object may wait this long: nothing if it has not.
std::optional<CallResult> ComRequest::QueryCompletion(std::int32_t seconds) {
  const std::uint64_t send = send_;
  const ComPtr<abi::IWinHttpRequest> object = object_;
  const Variant timeout(seconds);
  VARIANT_BOOL succeeded = wine8::kUnwritten;
  HRESULT hr = S_OK;
  {
    const Apartment::Bounded call(*apartment_, kWait);
    hr = object->WaitForResponse(timeout.Get(), &succeeded);
  }
  if (!IsCurrent(send)) return {};
  if (hr != S_OK) return ToResult(hr, FAILED(hr) ? "IWinHttpRequest::Send" : kWait);
  if (wine8::IsUnusableAfter(succeeded)) is_unusable_ = true;
  if (succeeded == VARIANT_FALSE) return {};
  return CallResult();
}

// Returns false if the object reported completion too early.
bool ComRequest::Settle(CallResult outcome) {
  if (outcome.failure) {
    if (outcome.failure->hr == abi::hresult::kUnexpected)
      Abandon(std::move(*outcome.failure));
    else
      Fail(std::move(*outcome.failure));
    return true;
  }
  if (Complete()) return true;
  const Apartment::Clock::time_point now = Apartment::Clock::now();
  if (!wait_.complete_since) wait_.complete_since = now;
  if (now - *wait_.complete_since < options_.class_state->limit.load()) return false;
  Abandon(Incomplete());
  return true;
}

// Completes the request with what the events lack. Returns false if the response is not available.
bool ComRequest::Complete() {
  const std::uint64_t send = send_;
  std::optional<Failure> failure = CompleteStart();
  if (!failure) failure = CompleteData();
  if (!failure && IsCurrent(send)) failure = Finish();
  if (!failure || !IsCurrent(send)) return true;
  if (IsNotThere(*failure)) return false;
  Fail(std::move(*failure));
  return true;
}

std::optional<Failure> ComRequest::CompleteStart() {
  if (started_) return {};
  const CallResult status = Status();
  if (status.failure) return status.failure;
  const CallResult type = GetResponseHeader(u"Content-Type");
  Start(std::get<std::int32_t>(status.value), type.failure ? std::u16string() : std::get<std::u16string>(type.value));
  return {};
}

std::optional<Failure> ComRequest::CompleteData() {
  if (!wants_data_ || received_ != 0 || execution_) return {};
  Variant body;
  CallResult result = GetBody(&body);
  if (!result.failure) OnResponseData(body.ByteArray());
  return result.failure;
}

}  // namespace winwire::winhttp
