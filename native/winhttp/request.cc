#include "winhttp/request.h"

#include <utility>

#include "winhttp/wine_8_workarounds.h"

namespace winwire::winhttp {
namespace {

CallResult InvokeSafely(const Request::Call& call, ComRequest& com_request) {
  try {
    return call(com_request);
  } catch (...) {
    CallResult result;
    result.failure = Failure{abi::hresult::kOutOfMemory, "IWinHttpRequest", {}};
    return result;
  }
}

}  // namespace

Request::Request(std::shared_ptr<Host> host, bool native_sync, std::shared_ptr<ComRequestListener> listener)
    : host_(std::move(host)), native_sync_(native_sync), listener_(std::move(listener)) {}

std::shared_ptr<ComRequest> Request::CurrentComRequest() {
  if (!com_request_) com_request_ = MakeComRequest();
  return com_request_;
}

std::shared_ptr<ComRequest> Request::MakeComRequest() {
  std::shared_ptr<ComRequest> com_request = host_->MakeComRequest(native_sync_, listener_);
  com_request->WantData(wants_data_);
  for (const auto& [key, setting] : settings_) {
    com_request->Post([invoke = setting](ComRequest& each) { InvokeSafely(invoke, each); }, Apartment::Order::kInTurn);
  }
  return com_request;
}

// While a request is pending only nested commands reach a blocked apartment.
void Request::PostTo(ComRequest& com_request, Call call, Done done) {
  com_request.Post(
      [call = std::move(call), done = std::move(done)](ComRequest& each) { done(InvokeSafely(call, each)); },
      com_request.IsPending() ? Apartment::Order::kNested : Apartment::Order::kInTurn);
}

void Request::Invoke(Call call, Done done) { PostTo(*CurrentComRequest(), std::move(call), std::move(done)); }

void Request::Set(std::int64_t key, Call call, Done done) {
  settings_[key] = call;
  Invoke(std::move(call), std::move(done));
}

// A failed Open must not change anything, so the old COM request stays until the result is known.
void Request::Open(Call call, Done done) {
  const bool must_replace = com_request_ && (com_request_->IsUnusable() || com_request_->IsPending());
  if (!must_replace) return Invoke(std::move(call), std::move(done));
  opening_ = MakeComRequest();
  PostTo(*opening_, std::move(call), std::move(done));
}

void Request::SettleOpen(bool succeeded) {
  if (!opening_) return;
  std::shared_ptr<ComRequest> opening = std::move(opening_);
  if (succeeded) com_request_.swap(opening);
  Retire(std::move(opening));
}

void Request::Send(Value body, double generation) {
  const std::shared_ptr<ComRequest> com_request = CurrentComRequest();
  com_request->MarkPending();
  com_request->Post([body = std::move(body), generation](ComRequest& each) { each.Send(body, generation); },
                    Apartment::Order::kInTurn);
}

// Undocumented: which events follow a cancelled request, when, and whether Abort returns before the server sends (Wine
// 8.0: not during a body). So the next request uses another object.
void Request::Abort() {
  if (!com_request_) return;
  if (com_request_->IsPending() || (!com_request_->HasEvents() && wine8::IsUnusableAfterAbort())) return Discard();
  com_request_->PostAbort();
}

void Request::Retire(std::shared_ptr<ComRequest> com_request) {
  if (!com_request) return;
  if (com_request->IsPending()) com_request->Cancel();
  com_request->Post([](ComRequest& each) { each.Close(); }, Apartment::Order::kInTurn);
}

void Request::Discard() {
  closing_.reset();
  Retire(std::move(opening_));
  Retire(std::move(com_request_));
}

const char* Request::Check(std::chrono::milliseconds limit) {
  // An ordinary command would delay an Abort behind it.
  if (com_request_ && com_request_->IsPending() && com_request_->HasEvents()) {
    com_request_->Post([](ComRequest& each) { each.Check(); }, Apartment::Order::kNested);
  }
  for (const std::shared_ptr<ComRequest>& com_request : {com_request_, opening_, closing_.lock()}) {
    if (const char* call = com_request ? com_request->BlockedCall(limit) : nullptr) return call;
  }
  return nullptr;
}

void Request::Execute(RequestSpec spec) {
  const std::shared_ptr<ComRequest> com_request = CurrentComRequest();
  com_request->MarkPending();
  com_request->Post([spec = std::move(spec)](ComRequest& each) { each.Execute(spec); }, Apartment::Order::kInTurn);
}

void Request::WantData(bool wanted) {
  wants_data_ = wanted;
  if (com_request_) com_request_->WantData(wanted);
}

void Request::Close(std::function<void()> done) {
  SettleOpen(false);
  if (std::exchange(is_closed_, true) || !com_request_) {
    if (done) done();
    return;
  }
  const std::shared_ptr<ComRequest> com_request = std::move(com_request_);
  closing_ = com_request;
  const bool detached = com_request->IsPending();
  if (detached) com_request->Cancel();
  // The caller does not wait for an apartment that may be blocked.
  if (detached && done) done();
  com_request->Post(
      [done = detached ? nullptr : std::move(done)](ComRequest& each) {
        each.Close();
        if (done) done();
      },
      Apartment::Order::kInTurn);
}

}  // namespace winwire::winhttp
