// What the addon keeps for one environment of WinHttpRequest objects. It is made when the first is asked for.
#pragma once

#include <napi.h>

#include <chrono>
#include <memory>
#include <unordered_set>
#include <utility>
#include <vector>

#include "binding/winhttp_outbox.h"
#include "winhttp/request.h"

namespace winwire::binding {

class WinHttpEnvironment;

// What the External of a request, or of a stream over a response, points to. It outlives its content, until the
// External is collected. A stream needs the session that made it, not the request.
struct WinHttpOwner {
  // Closes the stream, if it is one.
  void CloseStream();
  // See winhttp::Request::Check.
  const char* Check(std::chrono::milliseconds limit);

  double id = 0;
  std::unique_ptr<winhttp::Request> request;
  std::shared_ptr<winhttp::Session> stream_session;
  std::int32_t stream = 0;
  // Null once the environment is ending.
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

  // An External: collected, it closes the request.
  Napi::Value Wrap(Napi::Env env, std::unique_ptr<WinHttpOwner> owner);
  // Null for everything but the External of a request, or of a stream, of this environment. What is looked up is the
  // pointer; one from elsewhere is never followed.
  winhttp::Request* FindRequest(Napi::Value external) const;
  WinHttpOwner* FindStream(Napi::Value external) const;
  // See winhttp::Request::Check: for each blocked call the id of its object, 0 for that of Probe, and its name. Those
  // objects are gone on without.
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
