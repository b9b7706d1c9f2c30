#include "winhttp/request.h"

#include <new>
#include <utility>

namespace winwire::winhttp {
namespace {

CallResult InvokeSafely(const Request::Call& call, Session& session) {
  try {
    return call(session);
  } catch (...) {
    CallResult result;
    result.failure = Failure{abi::hresult::kOutOfMemory, "IWinHttpRequest", {}};
    return result;
  }
}

}  // namespace

Request::Request(std::shared_ptr<Host> host, bool native_sync, std::shared_ptr<SessionListener> listener)
    : host_(std::move(host)), native_sync_(native_sync), listener_(std::move(listener)) {}

std::shared_ptr<Session> Request::CurrentSession() {
  if (session_) return session_;
  session_ = host_->MakeSession(native_sync_, listener_);
  session_->WantData(wants_data_);
  for (const auto& [key, setting] : settings_) {
    session_->Post([setting = setting](Session& session) { InvokeSafely(setting, session); },
                   Apartment::Order::kInTurn);
  }
  return session_;
}

void Request::Invoke(Call call, Done done) {
  // While a request is pending on a private apartment only nested commands get through to it.
  CurrentSession()->Post(
      [call = std::move(call), done = std::move(done)](Session& session) { done(InvokeSafely(call, session)); },
      CurrentSession()->IsPending() ? Apartment::Order::kNested : Apartment::Order::kInTurn);
}

void Request::Set(std::int64_t key, Call call, Done done) {
  settings_[key] = call;
  Invoke(std::move(call), std::move(done));
}

void Request::Open(bool may_succeed, Call call, Done done) {
  if (may_succeed && session_ && (session_->IsSpoilt() || (session_->IsPrivate() && session_->IsPending()))) Replace();
  Invoke(std::move(call), std::move(done));
}

void Request::Send(Value body, double generation) {
  const std::shared_ptr<Session> session = CurrentSession();
  session->MarkPending();
  session->Post([body = std::move(body), generation](Session& each) { each.Send(body, generation); },
                Apartment::Order::kInTurn);
}

// A private apartment may be blocked for as long as the server likes (Wine 8.0: Abort in mid-body; a synchronous Send
// that dispatches nothing), so the request goes on without it.
void Request::Abort() {
  if (!session_) return;
  if (session_->IsPrivate() && session_->IsPending()) return Replace();
  session_->PostAbort();
}

void Request::Replace() {
  session_->PostAbort();
  session_->Post([](Session& session) { session.Close(); }, Apartment::Order::kInTurn);
  session_.reset();
}

void Request::Execute(RequestSpec spec) {
  const std::shared_ptr<Session> session = CurrentSession();
  session->MarkPending();
  session->Post([spec = std::move(spec)](Session& each) { each.Execute(spec); }, Apartment::Order::kInTurn);
}

void Request::WantData(bool wanted) {
  wants_data_ = wanted;
  if (session_) session_->WantData(wanted);
}

void Request::Close(std::function<void()> done) {
  if (std::exchange(is_closed_, true) || !session_) {
    if (done) done();
    return;
  }
  const std::shared_ptr<Session> session = std::move(session_);
  const bool detached = session->IsPrivate() && session->IsPending();
  if (session->IsPending()) session->PostAbort();
  // Nobody waits for an apartment that may be blocked.
  if (detached && done) done();
  session->Post(
      [done = detached ? nullptr : std::move(done)](Session& each) {
        each.Close();
        if (done) done();
      },
      Apartment::Order::kInTurn);
}

}  // namespace winwire::winhttp
