// A request object of an environment: holds the current COM request, which may be replaced.
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
  using Call = std::function<CallResult(ComRequest&)>;
  // Called on the apartment.
  using Done = std::function<void(CallResult)>;

  Request(std::shared_ptr<Host> host, bool native_sync, std::shared_ptr<ComRequestListener> listener);
  ~Request() { Close(nullptr); }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  void Invoke(Call call, Done done);
  // A setting of the object, which outlives Open: stored for a replaced object. The key identifies the setting.
  void Set(std::int64_t key, Call call, Done done);
  // If it succeeds, cancels the pending request; call SettleOpen before the next call.
  void Open(Call call, Done done);
  void SettleOpen(bool succeeded);
  void Send(Value body, double generation);
  void Abort();
  void Execute(RequestSpec spec);
  void WantData(bool wanted);
  // Polls an object that sends no events, and returns its call that exceeds the limit. Call it each second.
  const char* Check(std::chrono::milliseconds limit);
  // Drops the object, even if it is busy.
  void Discard();
  // Idempotent; `done` may be empty.
  void Close(std::function<void()> done);

  // Creates one if there is none.
  std::shared_ptr<ComRequest> CurrentComRequest();

 private:
  static void Retire(std::shared_ptr<ComRequest> com_request);
  static void PostTo(ComRequest& com_request, Call call, Done done);
  std::shared_ptr<ComRequest> MakeComRequest();

  const std::shared_ptr<Host> host_;
  const bool native_sync_;
  const std::shared_ptr<ComRequestListener> listener_;
  std::shared_ptr<ComRequest> com_request_;
  // The target of an Open that cannot use com_request_.
  std::shared_ptr<ComRequest> opening_;
  std::weak_ptr<ComRequest> closing_;
  std::map<std::int64_t, Call> settings_;
  bool wants_data_ = false;
  bool is_closed_ = false;
};

}  // namespace winwire::winhttp
