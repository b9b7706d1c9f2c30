// The addon's state for one environment with WinHttpRequest objects, created for the first one.
#pragma once

#include <napi.h>

#include <chrono>
#include <memory>
#include <unordered_set>
#include <utility>
#include <vector>

#include "binding/outbox.h"
#include "winhttp/request.h"

namespace winwire::binding {

class WinHttpEnvironment;

// The target of the External of a request, or of a stream over a response. It outlives its content, until the External
// is collected. A stream needs the COM request that created it, not the request.
struct WinHttpOwner {
  // Closes the stream, if there is one.
  void CloseStream();
  // See winhttp::Request::Check.
  const char* Check(std::chrono::milliseconds limit);

  double id = 0;
  std::unique_ptr<winhttp::Request> request;
  std::shared_ptr<winhttp::ComRequest> stream_com_request;
  std::int32_t stream = 0;
  // Null while the environment ends.
  WinHttpEnvironment* environment = nullptr;
};

class WinHttpEnvironment {
 public:
  // Lives until the environment's cleanup hook, in which all its threads end or are left behind.
  static WinHttpEnvironment& Start(Napi::Env env, Napi::Function dispatch);
  WinHttpEnvironment(const WinHttpEnvironment&) = delete;
  WinHttpEnvironment& operator=(const WinHttpEnvironment&) = delete;

  const std::shared_ptr<winhttp::Host>& host() const { return host_; }
  const std::shared_ptr<Outbox>& outbox() const { return outbox_; }

  // Returns an External that closes the request when garbage-collected.
  Napi::Value Wrap(Napi::Env env, std::unique_ptr<WinHttpOwner> owner);
  // Returns null unless the value is the External of a request or stream of this environment. The pointer is only
  // looked up; a foreign one is never dereferenced.
  winhttp::Request* FindRequest(Napi::Value external) const;
  WinHttpOwner* FindStream(Napi::Value external) const;
  // See winhttp::Request::Check: returns the id of the object of each blocked call (0 for that of Probe), and the
  // call's name. These objects are replaced.
  std::vector<std::pair<double, const char*>> Check(std::chrono::milliseconds limit);
  std::int32_t NextStream() { return ++last_stream_; }

 private:
  explicit WinHttpEnvironment(std::shared_ptr<Outbox> outbox);
  ~WinHttpEnvironment();
  WinHttpOwner* Find(Napi::Value external) const;
  static void Collect(napi_env env, void* data, void*);

  const std::shared_ptr<winhttp::Host> host_;
  const std::shared_ptr<Outbox> outbox_;
  std::unordered_set<WinHttpOwner*> owners_;
  std::int32_t last_stream_ = 0;
};

}  // namespace winwire::binding
