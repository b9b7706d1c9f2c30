// A request object as its environment has it: the session that serves it now, which may have to be replaced.
//
// Threads: the environment's.
#pragma once

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
  // Cancels what is pending, unless the call is known to fail.
  void Open(bool may_succeed, Call call, Done done);
  void Send(Value body, double generation);
  void Abort();
  void Execute(RequestSpec spec);
  void WantData(bool wanted);
  // Idempotent; `done` may be empty.
  void Close(std::function<void()> done);

  // The session that made a stream serves it as long as it lives, whatever becomes of the request.
  std::shared_ptr<Session> CurrentSession();

 private:
  void Replace();

  const std::shared_ptr<Host> host_;
  const bool native_sync_;
  const std::shared_ptr<SessionListener> listener_;
  std::shared_ptr<Session> session_;
  std::map<std::int64_t, Call> settings_;
  bool wants_data_ = false;
  bool is_closed_ = false;
};

}  // namespace winwire::winhttp
