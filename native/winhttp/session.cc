#include "winhttp/session.h"

#include <utility>

#include "winhttp/failure.h"
#include "winhttp/variant.h"
#include "winhttp/wine_8_workarounds.h"

namespace winwire::winhttp {

Session::Session(std::shared_ptr<Apartment> apartment, SessionOptions options,
                 std::shared_ptr<SessionListener> listener, std::function<void()> released)
    : apartment_(std::move(apartment)),
      options_(options),
      listener_(std::move(listener)),
      released_(std::move(released)) {}

void Session::Post(std::function<void(Session&)> command, Apartment::Order order) {
  apartment_->Post([self = shared_from_this(), command = std::move(command)] { command(*self); }, order);
}

// The flag serves a synchronous Send that dispatches no messages: the next event sees it (IWinHttpRequest::Abort: "the
// Send method can be aborted from an event").
void Session::PostAbort() {
  if (is_pending_) abort_requested_ = true;
  Post([](Session& session) { session.Abort(); }, Apartment::Order::kNested);
}

CallResult Session::Create() {
  if (object_) return {};
  HRESULT hr = ::CoCreateInstance(abi::CLSID_WinHttpRequest, nullptr, CLSCTX_INPROC_SERVER, abi::IID_IWinHttpRequest,
                                  object_.PutVoid());
  if (FAILED(hr)) return ToResult(hr, "CoCreateInstance");
  if (options_.has_events) hr = events_.Connect(object_.Get(), this);
  if (SUCCEEDED(hr)) return {};
  CallResult result = ToResult(hr, "IConnectionPoint::Advise");
  object_.Reset();
  return result;
}

void Session::Send(const Value& body, double generation) {
  generation_ = generation;
  abort_requested_ = false;
  is_pending_ = true;
  try {
    StartSend(body);
  } catch (...) {
    Fail({abi::hresult::kOutOfMemory, "IWinHttpRequest::Send", {}});
  }
}

void Session::StartSend(const Value& body) {
  if (CallResult created = Create(); created.failure) return Fail(std::move(*created.failure));
  const bool was_done = std::exchange(phase_, Phase::kPending) == Phase::kDone;
  started_ = was_done;
  received_ = 0;
  const ComPtr<abi::IWinHttpRequest> object = object_;
  in_synchronous_send_ = opened_synchronous_;
  const HRESULT hr = object->Send(Variant(body).Get());
  in_synchronous_send_ = false;
  if (phase_ != Phase::kPending) return;
  if (FAILED(hr)) return Fail(TakeFailure(hr, "IWinHttpRequest::Send"));
  // RQ-062, RQ-063: after a complete response another Send goes nowhere, and no event follows.
  if (was_done) return Finish();
  if (opened_synchronous_) return Complete();
  if (!options_.has_events) WaitForCompletion();
}

// Where the object has no connection points. WaitForResponse dispatches messages, so that Abort gets in here; the
// second is only a limit, after which it is entered again.
void Session::WaitForCompletion() {
  const ComPtr<abi::IWinHttpRequest> object = object_;
  const Variant one_second(std::int32_t{1});
  while (phase_ == Phase::kPending) {
    VARIANT_BOOL succeeded = wine8::kUnwritten;
    const HRESULT hr = object->WaitForResponse(one_second.Get(), &succeeded);
    if (phase_ != Phase::kPending) return;
    if (FAILED(hr)) return Fail(TakeFailure(hr, "IWinHttpRequest::Send"));
    if (wine8::IsSpoiltBy(succeeded)) is_spoilt_ = true;
    if (succeeded != VARIANT_FALSE) return Complete();
  }
}

// The response is there; tells what no event has told.
void Session::Complete() {
  if (!started_) {
    long status = 0;
    const HRESULT hr = object_->get_Status(&status);
    if (FAILED(hr)) return Fail(TakeFailure(hr, "IWinHttpRequest::Send"));
    const CallResult type = GetResponseHeader(u"Content-Type");
    Start(static_cast<std::int32_t>(status), type.failure ? std::u16string() : std::get<std::u16string>(type.value));
  }
  if (wants_data_ && received_ == 0 && !execution_) {
    Variant body;
    if (SUCCEEDED(object_->get_ResponseBody(body.Put()))) OnResponseData(body.ByteArray());
  }
  Finish();
}

// Whether an event concerns the pending request.
bool Session::IsListening() {
  if (phase_ != Phase::kPending || in_open_) return false;
  if (!abort_requested_) return true;
  Abort();
  return false;
}

void Session::OnResponseStart(std::int32_t status, std::u16string content_type) {
  if (!IsListening()) return;
  Start(status, std::move(content_type));
}

void Session::Start(std::int32_t status, std::u16string content_type) {
  started_ = true;
  total_ = ContentLength();
  if (!execution_) listener_->OnStart(generation_, {status, std::move(content_type), total_});
}

void Session::OnResponseData(SAFEARRAY* data) {
  if (data == nullptr || !IsListening()) return;
  const std::size_t size = ByteArraySize(data);
  if (size == 0) return;
  CountData(size);
  if (!wants_data_ || execution_ || phase_ != Phase::kPending) return;
  listener_->OnData(generation_, CopyByteArray(data));
}

void Session::CountData(std::size_t size) {
  received_ += static_cast<double>(size);
  if (!execution_) return;
  if (received_ > execution_->body_limit) {
    const ComPtr<abi::IWinHttpRequest> object = object_;
    Fail({abi::hresult::kFileTooLarge, "IWinHttpRequest::ResponseBody", {}});
    object->Abort();
    return;
  }
  if (execution_->wants_progress) listener_->OnProgress(received_, total_);
}

void Session::OnResponseFinished() {
  if (!IsListening()) return;
  Finish();
}

// Whether OnError follows an Abort, and when, is not documented (IWinHttpRequestEvents::OnError): once, it is taken for
// the request before.
void Session::OnError(Failure failure) {
  if (std::exchange(expects_late_cancel_, false) && failure.hr == abi::hresult::kWinHttpOperationCancelled) return;
  if (IsListening()) Fail(std::move(failure));
}

void Session::Finish() {
  ResponseHead head;
  if (std::optional<Failure> failure = ReadHead(&head)) return Fail(std::move(*failure));
  if (execution_) {
    if (std::optional<Failure> failure = Respond(std::move(head))) Fail(std::move(*failure));
    return;
  }
  EndPending(Phase::kDone);
  listener_->OnFinished(generation_, std::move(head));
}

std::optional<Failure> Session::ReadHead(ResponseHead* head) {
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

void Session::Fail(Failure failure) {
  EndPending(Phase::kIdle);
  listener_->OnError(generation_, std::move(failure));
  if (execution_) Post([](Session& session) { session.Close(); }, Apartment::Order::kInTurn);
}

void Session::EndPending(Phase phase) {
  phase_ = phase;
  is_pending_ = false;
}

void Session::Abort() {
  const bool was_pending = phase_ == Phase::kPending;
  const bool in_send = in_synchronous_send_ && was_pending;
  was_aborted_ = was_aborted_ || was_pending;
  expects_late_cancel_ = expects_late_cancel_ || was_pending;
  EndPending(Phase::kIdle);
  abort_requested_ = false;
  const ComPtr<abi::IWinHttpRequest> object = object_;
  if (!object) return;
  object->Abort();
  if (in_send) {
    wine8::RescueSynchronousSend(*apartment_, object,
                                 [self = shared_from_this()] { return self->in_synchronous_send_; });
  }
}

void Session::Close() {
  if (is_closed_) return;
  is_closed_ = true;
  if (phase_ == Phase::kPending) Abort();
  events_.Disconnect();
  if (was_aborted_ && !options_.has_events) wine8::ReleaseLater(std::move(object_));
  object_.Reset();
  ReleaseIfUnused();
}

void Session::ReleaseIfUnused() {
  if (!is_closed_ || !streams_.empty()) return;
  if (const auto released = std::exchange(released_, nullptr)) released();
}

}  // namespace winwire::winhttp
