// A request object as its environment has it: the session that serves it now, which may have to be replaced.
//
// Threads: the environment's.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>

#include "winhttp/host.h"

namespace winwire::winhttp {

class Request {
 public:
  using Call = std::function<CallResult(Session&)>;
  // Called on the apartment.
  using Done = std::function<void(CallResult)>;

  Request(std::shared_ptr<Host> host, bool native_sync, std::shared_ptr<SessionListener> listener);
  ~Request() { Close(nullptr); }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  void Invoke(Call call, Done done);
  // A setting of the object, which outlives Open: kept, in case the object is replaced. The key tells settings apart.
  void Set(std::int64_t key, Call call, Done done);
  // Cancels what is pending if it succeeds, which SettleOpen has to be told before the next call.
  void Open(Call call, Done done);
  void SettleOpen(bool succeeded);
  void Send(Value body, double generation);
  void Abort();
  void Execute(RequestSpec spec);
  void WantData(bool wanted);
  // Polls an object that sends no events, and returns the call in which it has been for longer than the limit. To be
  // called each second.
  const char* Check(std::chrono::milliseconds limit);
  // Drops the object, whatever it is busy with.
  void Discard();
  // Idempotent; `done` may be empty.
  void Close(std::function<void()> done);

  // Makes one if there is none.
  std::shared_ptr<Session> CurrentSession();

 private:
  static void Retire(std::shared_ptr<Session> session);
  static void PostTo(Session& session, Call call, Done done);
  std::shared_ptr<Session> MakeSession();

  const std::shared_ptr<Host> host_;
  const bool native_sync_;
  const std::shared_ptr<SessionListener> listener_;
  std::shared_ptr<Session> session_;
  // Where an Open is under way that cannot happen in session_.
  std::shared_ptr<Session> opening_;
  std::weak_ptr<Session> closing_;
  std::map<std::int64_t, Call> settings_;
  bool wants_data_ = false;
  bool is_closed_ = false;
};

}  // namespace winwire::winhttp
