#include "winhttp/com_request.h"

#include <utility>

#include "winhttp/activation.h"
#include "winhttp/failure.h"
#include "winhttp/variant.h"
#include "winhttp/wine_8_workarounds.h"

namespace winwire::winhttp {
namespace {

constexpr const char* kSend = "IWinHttpRequest::Send";
constexpr const char* kAbort = "IWinHttpRequest::Abort";

}  // namespace

ComRequest::ComRequest(std::shared_ptr<Apartment> apartment, ComRequestOptions options,
                       std::shared_ptr<ComRequestListener> listener, std::function<void()> released)
    : apartment_(std::move(apartment)),
      options_(std::move(options)),
      listener_(std::move(listener)),
      released_(std::move(released)) {}

void ComRequest::Post(std::function<void(ComRequest&)> command, Apartment::Order order) {
  apartment_->Post([self = shared_from_this(), command = std::move(command)] { command(*self); }, order);
}

void ComRequest::Defer(std::function<void()> event) { apartment_->Post(std::move(event), Apartment::Order::kNested); }

void ComRequest::PostAbort() {
  Post([](ComRequest& com_request) { com_request.Abort(); }, Apartment::Order::kNested);
}

// The flag is for a Send that has not begun, and a synchronous one that dispatches no messages: the next event checks
// it (IWinHttpRequest::Abort: "the Send method can be aborted from an event").
void ComRequest::Cancel() {
  is_cancelled_ = true;
  PostAbort();
}

CallResult ComRequest::Create() {
  if (object_) return {};
  return MakeObject(*apartment_, &object_);
}

void ComRequest::Safely(const std::function<void()>& run) {
  try {
    run();
  } catch (...) {
    Fail({abi::hresult::kOutOfMemory, kSend, {}});
  }
}

void ComRequest::Send(const Value& body, double generation) {
  generation_ = generation;
  is_pending_ = true;
  Safely([&] { StartSend(body); });
}

void ComRequest::StartSend(const Value& body) {
  if (CallResult created = Create(); created.failure) return Fail(std::move(*created.failure));
  if (is_cancelled_) return Fail({abi::hresult::kWinHttpOperationCancelled, kSend, {}});
  const bool was_done = std::exchange(phase_, Phase::kPending) == Phase::kDone;
  started_ = was_done;
  received_ = 0;
  wait_ = {};
  const std::uint64_t send = ++send_;
  const bool is_listening = Listen();
  // A dispatched message may have cancelled the request.
  if (!IsCurrent(send)) return;
  const HRESULT hr = CallSend(body);
  if (!IsCurrent(send)) return;
  if (hr != S_OK) {
    Failure failure = TakeFailure(hr, kSend);
    return FAILED(hr) ? Fail(std::move(failure)) : Abandon(std::move(failure));
  }
  // RQ-062, RQ-063: after a complete response another Send is not sent, and has no events.
  if (!was_done) return AwaitCompletion(is_listening);
  if (std::optional<Failure> failure = Finish()) Fail(std::move(*failure));
}

// A synchronous Send may take as long as the server does.
HRESULT ComRequest::CallSend(const Value& body) {
  const Variant argument(body);
  const ComPtr<abi::IWinHttpRequest> object = object_;
  std::optional<Apartment::Bounded> call;
  if (!opened_synchronous_) call.emplace(*apartment_, kSend);
  in_send_ = true;
  const HRESULT hr = object->Send(argument.Get());
  in_send_ = false;
  return hr;
}

bool ComRequest::Listen() {
  if (!options_.has_events) return false;
  const Apartment::Bounded call(*apartment_, kAdvise);
  return events_.Connect(object_.Get(), std::shared_ptr<EventTarget>(shared_from_this(), this)) == S_OK;
}

bool ComRequest::IsListening() {
  if (phase_ != Phase::kPending) return false;
  ++wait_.heard;
  if (!is_cancelled_) return true;
  Abort();
  return false;
}

void ComRequest::OnResponseStart(std::int32_t status, std::u16string content_type) {
  if (!IsListening()) return;
  Start(status, std::move(content_type));
}

void ComRequest::Start(std::int32_t status, std::u16string content_type) {
  started_ = true;
  total_ = ContentLength();
  if (!execution_) listener_->OnStart(generation_, {status, std::move(content_type), total_});
}

void ComRequest::OnResponseData(SAFEARRAY* data) {
  if (data == nullptr || !IsListening()) return;
  const std::size_t size = ByteArraySize(data);
  if (size == 0) return;
  CountData(size);
  if (!wants_data_ || execution_ || phase_ != Phase::kPending) return;
  listener_->OnData(generation_, CopyByteArray(data));
}

void ComRequest::CountData(std::size_t size) {
  received_ += static_cast<double>(size);
  if (!execution_) return;
  if (received_ > execution_->body_limit) {
    return Abandon({abi::hresult::kFileTooLarge, "IWinHttpRequest::ResponseBody", {}});
  }
  if (execution_->wants_progress) listener_->OnProgress(received_, total_);
}

// If the object does not return the response in spite of the event, Check polls it.
void ComRequest::OnResponseFinished() {
  if (IsListening()) Complete();
}

void ComRequest::OnError(Failure failure) {
  if (IsListening()) Fail(std::move(failure));
}

std::optional<Failure> ComRequest::Finish() {
  ResponseHead head;
  if (std::optional<Failure> failure = ReadHead(&head)) return failure;
  if (execution_) return Respond(std::move(head));
  EndPending(Phase::kDone);
  listener_->OnFinished(generation_, std::move(head));
  return {};
}

std::optional<Failure> ComRequest::ReadHead(ResponseHead* head) {
  CallResult status = Status();
  if (status.failure) return status.failure;
  CallResult text = StatusText();
  if (text.failure) return text.failure;
  CallResult headers = GetAllResponseHeaders();
  if (headers.failure) return headers.failure;
  head->status = std::get<std::int32_t>(status.value);
  head->status_text = std::move(std::get<std::u16string>(text.value));
  head->headers = std::move(std::get<std::u16string>(headers.value));
  return {};
}

void ComRequest::Fail(Failure failure) {
  EndPending(Phase::kIdle);
  listener_->OnError(generation_, std::move(failure));
  if (execution_) Post([](ComRequest& com_request) { com_request.Close(); }, Apartment::Order::kInTurn);
}

// Ends a request that the object continues, so that the object cannot be reused.
void ComRequest::Abandon(Failure failure) {
  const ComPtr<abi::IWinHttpRequest> object = object_;
  is_unusable_ = true;
  was_aborted_ = true;
  Fail(std::move(failure));
  const Apartment::Bounded call(*apartment_, kAbort);
  object->Abort();
}

void ComRequest::EndPending(Phase phase) {
  phase_ = phase;
  is_pending_ = false;
  events_.Detach();
}

void ComRequest::Abort() {
  const bool was_pending = phase_ == Phase::kPending;
  const bool in_synchronous_send = in_send_ && opened_synchronous_ && was_pending;
  was_aborted_ = was_aborted_ || was_pending;
  EndPending(Phase::kIdle);
  const ComPtr<abi::IWinHttpRequest> object = object_;
  if (!object) return;
  {
    const Apartment::Bounded call(*apartment_, kAbort);
    object->Abort();
  }
  if (in_synchronous_send) {
    wine8::RescueSynchronousSend(*apartment_, object, [self = shared_from_this()] { return self->in_send_; });
  }
}

void ComRequest::Close() {
  if (is_closed_) return;
  is_closed_ = true;
  if (phase_ == Phase::kPending) Abort();
  const Apartment::Bounded call(*apartment_, "IWinHttpRequest::Release");
  events_.Disconnect();
  if (was_aborted_ && !options_.has_events) wine8::ReleaseLater(std::move(object_));
  object_.Reset();
  ReleaseIfUnused();
}

void ComRequest::ReleaseIfUnused() {
  if (!is_closed_ || !streams_.empty()) return;
  if (const auto released = std::exchange(released_, nullptr)) released();
}

}  // namespace winwire::winhttp
