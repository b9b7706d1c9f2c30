#include "winhttp/request.h"

#include <utility>

#include "winhttp/wine_8_workarounds.h"

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
  if (!session_) session_ = MakeSession();
  return session_;
}

std::shared_ptr<Session> Request::MakeSession() {
  std::shared_ptr<Session> session = host_->MakeSession(native_sync_, listener_);
  session->WantData(wants_data_);
  for (const auto& [key, setting] : settings_) {
    session->Post([invoke = setting](Session& each) { InvokeSafely(invoke, each); }, Apartment::Order::kInTurn);
  }
  return session;
}

// While a request is pending only nested commands get through to an apartment that is blocked.
void Request::PostTo(Session& session, Call call, Done done) {
  session.Post([call = std::move(call), done = std::move(done)](Session& each) { done(InvokeSafely(call, each)); },
               session.IsPending() ? Apartment::Order::kNested : Apartment::Order::kInTurn);
}

void Request::Invoke(Call call, Done done) { PostTo(*CurrentSession(), std::move(call), std::move(done)); }

void Request::Set(std::int64_t key, Call call, Done done) {
  settings_[key] = call;
  Invoke(std::move(call), std::move(done));
}

// A failed Open leaves everything as it was, so the session that has to be replaced stays until it is known.
void Request::Open(Call call, Done done) {
  const bool must_replace = session_ && (session_->IsSpoilt() || session_->IsPending());
  if (!must_replace) return Invoke(std::move(call), std::move(done));
  opening_ = MakeSession();
  PostTo(*opening_, std::move(call), std::move(done));
}

void Request::SettleOpen(bool succeeded) {
  if (!opening_) return;
  std::shared_ptr<Session> opening = std::move(opening_);
  if (succeeded) session_.swap(opening);
  Retire(std::move(opening));
}

void Request::Send(Value body, double generation) {
  const std::shared_ptr<Session> session = CurrentSession();
  session->MarkPending();
  session->Post([body = std::move(body), generation](Session& each) { each.Send(body, generation); },
                Apartment::Order::kInTurn);
}

// Undocumented: which events follow a cancelled request, when, and whether Abort returns before the server sends
// (Wine 8.0: not in mid-body). So the next request uses another object.
void Request::Abort() {
  if (!session_) return;
  if (session_->IsPending() || (!session_->HasEvents() && wine8::IsSpoiltByAbort())) return Discard();
  session_->PostAbort();
}

void Request::Retire(std::shared_ptr<Session> session) {
  if (!session) return;
  if (session->IsPending()) session->Cancel();
  session->Post([](Session& each) { each.Close(); }, Apartment::Order::kInTurn);
}

void Request::Discard() {
  closing_.reset();
  Retire(std::move(opening_));
  Retire(std::move(session_));
}

const char* Request::Check(std::chrono::milliseconds limit) {
  // A command in turn would keep an Abort behind it from a call that blocks.
  if (session_ && session_->IsPending() && session_->HasEvents()) {
    session_->Post([](Session& each) { each.Check(); }, Apartment::Order::kNested);
  }
  for (const std::shared_ptr<Session>& session : {session_, opening_, closing_.lock()}) {
    if (const char* call = session ? session->BlockedCall(limit) : nullptr) return call;
  }
  return nullptr;
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
  SettleOpen(false);
  if (std::exchange(is_closed_, true) || !session_) {
    if (done) done();
    return;
  }
  const std::shared_ptr<Session> session = std::move(session_);
  closing_ = session;
  const bool detached = session->IsPending();
  if (detached) session->Cancel();
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
